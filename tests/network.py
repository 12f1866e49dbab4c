"""The three nodes as the tests run them: as everywhere, but city and province talk over a line that can break."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

from gongheng.node import demo_nodes
from tests.faults.proxy import Line, bad_line
from tests.faults.publishing import Publisher, publishing_on
from tests.nodes import Nodes, await_ready, end, launch, temporary_state


@dataclass
class Network:
    """Three running nodes and the line between city and province."""

    nodes: Nodes
    line: Line
    _until_the_end: ExitStack

    @cached_property
    def publisher(self) -> Publisher:
        """Somebody who publishes on the city's node; comes when first asked for."""
        log = self.nodes.state / "publisher.log"
        return self._until_the_end.enter_context(publishing_on(self.nodes.city, log))


@contextmanager
def running_network() -> Iterator[Network]:
    """Three nodes in a folder of their own, on free ports, ready; stopped and gone afterwards."""
    province = demo_nodes.NODES[1].port
    with temporary_state() as state, bad_line() as line:
        file = demo_nodes.write(state)[0]
        text = file.read_text()
        right = f'url = "http://127.0.0.1:{province}"'
        assert text.count(right) == 1
        file.write_text(text.replace(right, f'url = "http://127.0.0.1:{line.port}"'))
        process = launch(state)
        try:
            await_ready(process, state)
            nodes = Nodes(state, process)
            line.target, line.is_cut = nodes.province.config.web.port, False
            with ExitStack() as until_the_end:
                yield Network(nodes, line, until_the_end)
        finally:
            end(process, state)

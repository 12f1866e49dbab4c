"""The three nodes of this folder: as everywhere, but the city reaches the province by a bad line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongheng.node import demo_nodes
from tests.faults.proxy import Line, bad_line
from tests.faults.publishing import Publisher, publishing_on
from tests.nodes import Nodes, await_ready, end, launch, temporary_state


@dataclass
class Network:
    """Three running nodes, the line between city and province, and somebody who publishes."""

    nodes: Nodes
    line: Line
    publisher: Publisher


@pytest.fixture(scope="package")
def network() -> Iterator[Network]:
    province = demo_nodes.NODES[1].port
    with temporary_state() as state, bad_line(province) as line:
        file = demo_nodes.write(state)[0]
        text = file.read_text()
        right = f'url = "http://127.0.0.1:{province}"'
        assert text.count(right) == 1
        file.write_text(text.replace(right, f'url = "http://127.0.0.1:{line.port}"'))
        process = launch(state)
        try:
            await_ready(process, state)
            nodes = Nodes(state, process)
            line.target = nodes.province.config.web.port
            with publishing_on(nodes.city, state / "publisher.log") as publisher:
                yield Network(nodes, line, publisher)
        finally:
            end(process, state)


@pytest.fixture(autouse=True)
def _mended(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did to the line ends with it."""
    yield
    if "network" in request.fixturenames:
        request.getfixturevalue("network").line.mend()


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "exports"

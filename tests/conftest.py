"""What every test of the house may use."""

from collections.abc import Iterator

import pytest

from tests.nodes import Nodes, running_nodes


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the journeys, and the faults, each on one worker: each folder has its own three nodes."""
    if config.getoption(
        "loadgroup", default=None
    ):  # so a worker knows it: its own ``dist`` is "no"
        for item in items:
            item.add_marker(pytest.mark.xdist_group(item.path.parent.name))


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[Nodes]:
    """The city's, the province's and the nation's node with demonstration data, really running."""
    with running_nodes() as nodes:
        yield nodes

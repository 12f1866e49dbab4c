"""What every test of the house may use."""

from collections.abc import Iterator

import pytest

from tests.nodes import Nodes, running_nodes


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[Nodes]:
    """The city's, the province's and the nation's node with demonstration data, really running."""
    with running_nodes() as nodes:
        yield nodes

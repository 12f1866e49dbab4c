"""What every test of the house may use."""

from collections.abc import Iterator

import pytest

from tests.network import Network, running_network
from tests.nodes import Nodes


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """Three running nodes, the line between two of them, and somebody who publishes."""
    with running_network() as network:
        yield network


@pytest.fixture(scope="session")
def three_nodes(network: Network) -> Nodes:
    """The city's, the province's and the nation's node with demonstration data, really running."""
    return network.nodes

"""What holds for every test of faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _mended(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did to the line ends with it."""
    yield
    if "network" in request.fixturenames:
        request.getfixturevalue("network").line.mend()


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "exports"

"""The page that describes the interface, in a real browser at both widths."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM, visitor as window


@pytest.mark.slow
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_the_description_is_read_without_fault(live_server: Any) -> None:
    with window() as look:
        look.at(f"{live_server.url}/api/v1/", name="api")

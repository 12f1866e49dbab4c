"""The platform's time in a real browser: no fault at both widths."""

from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.clock import machine_now
from gongheng.registers.timekeeping import actions
from gongheng.registers.timekeeping.tests.test_timekeeping import said
from tests.browser import CHROMIUM, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_the_page_is_without_fault(live_server: Any) -> None:
    actions.keep(said(2.5, 2.4, None), now=machine_now())
    with visitor() as look:
        look.at(f"{live_server.url}/time/", name="time")

"""The page on which a contract is concluded, in a real browser: with its bond asked for, and there."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from gongheng.trading.award.tests.test_pages import HandClock
from gongheng.trading.contracts.tests.support import signing
from gongheng.trading.projects.tests.support import browser, person
from gongheng.web.files import Paper
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_the_contract_is_without_fault_before_its_bond_and_after(
    live_server: Any, settings: Any
) -> None:
    desk = signing()
    settings.GONGHENG_CLOCK = HandClock(desk.course)
    session = session_of(browser(person("desk")), live_server.url)
    place = live_server.url + reverse("case-sign_contract", args=[desk.case.pk])
    desk.draft(bond="960000.00")
    with visitor(session) as look:
        look.at(place, name="contract-bond-asked")
    desk.bond(paper=Paper(name="保函.pdf", pieces=[b"%PDF-1.7"]))
    with visitor(session) as look:
        look.at(place, name="contract-bond-there")
        look.at(f"{live_server.url}/cases/{desk.case.pk}/?tab=contract", name="contract-tab")

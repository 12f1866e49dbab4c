"""The page on which a contract is concluded, in a real browser: with its bond asked for, and there."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from gongheng.trading.award.tests.test_pages import HandClock
from gongheng.trading.contracts import actions
from gongheng.trading.contracts.tests.support import signing
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.web.files import Paper
from tests.browser import CHROMIUM, judged_at, session_of, visitor

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


def test_the_archive_is_without_fault_with_all_its_papers_and_unexplained(
    live_server: Any, settings: Any
) -> None:
    desk = signing()
    desk.draft(bond="960000.00")
    desk.bond(paper=Paper(name="保函.pdf", pieces=[b"%PDF-1.7"]))
    desk.sign_as_winner()
    desk.sign_as_tenderer()
    desk.course.agree(actions.propose_publication(**desk.by))
    desk.finish()
    settings.GONGHENG_CLOCK = HandClock(desk.course)
    officer = session_of(browser(person("desk-officer", role=Role.OFFICER)), live_server.url)
    place = live_server.url + reverse("case-archive", args=[desk.case.pk])
    with visitor(officer) as look:
        look.at(place, name="archive")
        with look.opened(place, width=390, status=200) as (page, _told):
            page.locator("main").get_by_role("button", name="归档").click()
            found = judged_at(page, name="archive-unexplained")

    assert found == []

"""The pages from the publicity to the report, in a real browser: of the clerk, the winner, the loser."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from gongheng.trading.award import actions
from gongheng.trading.award.tests.support import SECTIONS, received
from gongheng.trading.award.tests.test_pages import HandClock
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from tests.browser import CHROMIUM, Look, judged_at, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_the_pages_of_the_award_are_without_fault(live_server: Any, settings: Any) -> None:
    course = received()
    settings.GONGHENG_CLOCK = HandClock(course)
    session = session_of(browser(person("desk")), live_server.url)

    def place(name: str, *more: str) -> str:
        return live_server.url + reverse(name, args=[course.case.pk, *more])

    with visitor(session) as look:
        look.at(place("case-publish_candidates"), name="award-candidates")
        assert refused(look, place("case-publish_candidates"), "award-candidates-wrong") == []
        course.viewed()
        look.at(place("case-award"), name="award-decision")
        look.at(place("award-loss", course.ranked[0]), name="award-loss")
        course.lose(course.ranked[0])
        look.at(place("case-award"), name="award-decision-loss")
        look.at(place("case-recheck_candidates"), name="award-recheck")
        course.awarded(course.ranked[1])
        look.at(place("case-notify_award"), name="award-notify")
    course.notified_all()
    for code, name in ((course.ranked[1], "won"), (course.ranked[2], "lost")):
        firm = person(name, role=Role.BIDDER, organisation_code=code)
        with visitor(session_of(browser(firm), live_server.url)) as look:
            look.at(place("bidding-result"), name=f"award-letter-{name}")
    with visitor(session) as look:
        look.at(place("case-publish_result"), name="award-result")
        course.told()
        look.at(place("case-report_to_supervisor"), name="award-report")
        look.at(f"{live_server.url}/cases/{course.case.pk}/?tab=award", name="award-tab")
    supervisor = session_of(browser(person("supervisor", role=Role.SUPERVISOR)), live_server.url)
    actions.report_to_supervisor(sections=SECTIONS, **course.by)
    with visitor(supervisor) as look:
        look.at(f"{live_server.url}/desk/", name="award-supervisor")
        look.at(place("award-report"), name="award-report-received")


def refused(look: Look, address: str, name: str) -> list[str]:
    """Return the faults of a form that comes back with its mistakes, at a phone's width."""
    with look.opened(address, width=390) as (page, _told):
        page.get_by_role("button", name="提交复核").click()
        return judged_at(page, name=name)

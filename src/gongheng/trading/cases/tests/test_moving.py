"""Which open deadlines a notice of days off moved: written down, shown, told to the parties (T-16)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.clock import BEIJING
from gongheng.registers.messages.models import Delivery, Message
from gongheng.registers.workdays import actions as workdays, counting
from gongheng.registers.workdays.models import CalendarNotice, MovedDeadline
from gongheng.registers.workdays.tests.test_workdays import ASKED, account
from gongheng.trading.cases import jobs
from gongheng.trading.cases.tests.support import SetClock, browser, join
from gongheng.trust.identity.actors import acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry
from tests.browser import CHROMIUM, session_of, visitor
from tests.engine import BIDDER, CLERK, OFFICER, SUPERVISOR, Walk, at, begun, person

pytestmark = pytest.mark.django_db
LETTER_AT = datetime(2027, 1, 12, 9, 0, tzinfo=BEIJING)
"""Thirty days later is a Thursday, which the notice makes a day off."""
LOADED_AT = datetime(2027, 1, 20, 9, 0, tzinfo=BEIJING)
BEFORE = datetime(2027, 2, 12, tzinfo=BEIJING)
AFTER = datetime(2027, 2, 13, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def own_calendar(settings: Any) -> Iterator[None]:
    """Keep the calendar here, and forget after each test what was loaded in it."""
    settings.NODE = replace(settings.NODE, peers=())
    yield
    CalendarNotice.objects.all().delete()
    counting.refresh()


@pytest.fixture
def signing(clock: SetClock) -> Walk:
    """Return a case whose contract is due thirty days after the letter (W-33)."""
    walk = at("notify_award", now=datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING))
    walk.now = clock.at = LETTER_AT
    walk.do("notify_award")
    walk.do("publish_result")
    clock.at = LOADED_AT
    return walk


def loaded() -> CalendarNotice:
    """Load a notice, let a second officer confirm it, and the process count by it."""
    first = acting(account("operator", Role.OPERATOR), now=LOADED_AT)
    second = acting(account("administrator", Role.ADMINISTRATOR), now=LOADED_AT)
    notice = workdays.load(**ASKED, actor=first, now=LOADED_AT)
    found = workdays.confirm(notice_id=notice.pk, actor=second, now=LOADED_AT)
    counting.refresh()
    return found


def moved() -> list[tuple[str, str, datetime, datetime]]:
    return [
        (row.step, row.rule, row.before_at, row.after_at)
        for row in MovedDeadline.objects.order_by("after_at")
    ]


@pytest.mark.usefixtures("signing")
def test_an_open_deadline_that_a_notice_lengthens_is_written_down_once() -> None:
    loaded()

    assert jobs.note_moved()
    assert not jobs.note_moved()

    assert ("sign_contract", "W-33", BEFORE, AFTER) in moved()
    assert all(after > before for _, _, before, after in moved())
    entry = AuditEntry.objects.get(deed="calendar.deadlines_moved")
    written = {what for what, *_ in entry.changes}
    assert written == {"workdays.calendarnotice", "workdays.moveddeadline"}


@pytest.mark.usefixtures("signing")
def test_the_parties_are_told_what_moved_from_when_to_when_and_by_which_notice() -> None:
    notice = loaded()
    jobs.note_moved()

    (message,) = Message.objects.filter(kind="case.deadlines_moved")
    assert notice.title in message.body
    assert "截止时间由 2027-02-11 24:00 延至 2027-02-12 24:00（W-33）" in message.body
    told = Delivery.objects.filter(message=message).values_list("organisation_code", flat=True)
    assert CLERK.organisation_code in told


def test_a_deadline_that_was_over_or_does_not_move_is_left_alone(clock: SetClock) -> None:
    over = at("notify_award", now=datetime(2026, 11, 2, 9, 0, tzinfo=BEIJING))
    over.do("notify_award")
    over.do("publish_result")
    begun(code="E5301000001000001009001", now=LOADED_AT - timedelta(days=1))
    clock.at = LOADED_AT

    loaded()
    jobs.note_moved()

    assert moved() == []
    assert not Message.objects.filter(kind="case.deadlines_moved").exists()
    assert CalendarNotice.objects.get().looked_at == LOADED_AT


@pytest.mark.usefixtures("signing")
def test_a_notice_that_its_signature_does_not_bear_out_moves_nothing() -> None:
    notice = loaded()
    CalendarNotice.objects.filter(pk=notice.pk).update(text="改过")

    assert not jobs.note_moved()
    assert moved() == []


def test_the_page_of_the_case_says_it(signing: Walk) -> None:
    notice = loaded()
    address = f"/cases/{signing.case.pk}/"
    assert "期限因节假日安排延长" not in browser(CLERK).get(address).content.decode()
    jobs.note_moved()

    for who in (CLERK, OFFICER, SUPERVISOR, BIDDER):
        page = browser(who).get(address).content.decode()
        assert "期限因节假日安排延长" in page
        assert "2027-02-11 24:00" in page
        assert "2027-02-12 24:00" in page
        assert notice.title in page


def test_the_calendar_shows_them_to_who_may_see_the_cases_of_the_area(signing: Walk) -> None:
    loaded()
    jobs.note_moved()
    far = join(person("far", "officer", region="530300"))
    address = "/calendar/?year=2027"
    title = signing.case.title

    for who in (OFFICER, SUPERVISOR):
        page = browser(who).get(address).content.decode()
        assert title in page
        assert "2027-02-12 24:00" in page
    for client in (Client(), browser(far), browser(CLERK), browser(BIDDER)):
        page = client.get(address).content.decode()
        assert title not in page
        assert f"延长了本平台 {MovedDeadline.objects.count()} 项未届满的期限" in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_both_pages_are_without_fault(live_server: Any, signing: Walk) -> None:
    loaded()
    jobs.note_moved()
    client = browser(OFFICER)

    with visitor(session_of(client, live_server.url)) as look:
        look.at(f"{live_server.url}/cases/{signing.case.pk}/", name="case-moved")
        look.at(f"{live_server.url}/calendar/?year=2027", name="calendar-moved")

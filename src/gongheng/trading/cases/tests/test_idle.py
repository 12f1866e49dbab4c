"""A case in which nothing goes on is reminded, and may then be closed by two people (U-05)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gongheng.data.records.models import Act
from gongheng.kernel import terms
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Term
from gongheng.registers.messages.models import Delivery, Message
from gongheng.trading.cases import (
    actions,
    directives,
    idle,
    jobs,
    queries,
    reasons,
    standing as standings,
    tasks,
)
from gongheng.trading.cases.tests.support import SetClock, browser
from tests.engine import CLERK, NOW, OFFICER, SUPERVISOR, Walk, at, begun, confirmed, person

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
FIRST = terms.in_force("U-05", NOW.date())
SECOND = terms.in_force("U-05", NOW.date(), "close")


@pytest.fixture(autouse=True)
def _real_guard(provide: Any) -> None:
    provide("cases.idle", idle.still_idle)


def over(term: Term, start: datetime) -> datetime:
    """Return the end of a term after an event: 24:00 of the last day, or of the next working day."""
    return term.deadline(term.name, start).ends_at


def reminded(clock: SetClock, walk: Walk) -> datetime:
    """Let the first term pass, and the worker look; return from when the case may be closed."""
    clock.at = over(FIRST, walk.now)
    assert jobs.remind()
    return over(SECOND, clock.at)


def titles(who: Any, now: datetime) -> list[str]:
    return [task.title for task in tasks.idle_cases(actor=who, now=now)]


def test_the_reminder_comes_with_the_end_of_the_last_day_and_once(clock: SetClock) -> None:
    walk = begun()
    walk.do("register")
    ends = over(FIRST, walk.now)

    clock.at = ends - MICROSECOND
    assert not jobs.remind()
    assert titles(CLERK, clock.at) == []
    clock.at = ends
    assert jobs.remind()
    assert not jobs.remind()

    message = Message.objects.get(kind="case.idle")
    told = Delivery.objects.filter(message=message).values_list("organisation_code", flat=True)
    assert CLERK.organisation_code in told
    assert "自 2026-10-12 09:00 起没有进展" in message.body
    assert Act.objects.filter(kind="case.idle_reminded").count() == 1
    assert titles(CLERK, clock.at) == ["项目长期没有进展，请继续办理或结束"]
    assert titles(OFFICER, clock.at) == []
    assert titles(SUPERVISOR, clock.at) == []


def test_two_officers_close_it_after_the_second_term_and_its_people_are_told(
    clock: SetClock,
) -> None:
    walk = begun()
    walk.do("register")
    close_from = reminded(clock, walk)
    deed = {"case_id": walk.case.pk, "step": "close_idle", "facts": {"statement": "资金未落实"}}

    with pytest.raises(Refusal) as early:
        actions.propose(**deed, actor=OFFICER, now=close_from - MICROSECOND)
    assert early.value.reason is reasons.TOO_EARLY
    assert titles(OFFICER, close_from) == ["关闭闲置项目"]
    with pytest.raises(Refusal) as clerk:
        actions.propose(**deed, actor=CLERK, now=close_from)
    assert clerk.value.reason is reasons.NOT_YOURS
    far = person("far", "officer", region="530300")
    with pytest.raises(Refusal):
        actions.propose(**deed, actor=far, now=close_from)
    proposal = actions.propose(**deed, actor=OFFICER, now=close_from)
    with pytest.raises(Refusal) as same:
        confirmed(proposal, OFFICER, close_from)
    assert same.value.reason is reasons.SAME_PERSON
    assert titles(OFFICER, close_from) == []
    actions.take_back(case_id=walk.case.pk, step="close_idle", actor=OFFICER, now=close_from)

    walk.now = close_from
    walk.do("close_idle", statement="资金未落实")

    assert (walk.case.awaits, walk.case.is_over) == ("closed_idle", True)
    assert not set(walk.case.facts) & set(idle.FACTS)
    assert Message.objects.filter(kind="case.idle_closed").count() == 1
    assert titles(CLERK, close_from) == []


def test_progress_takes_the_reminder_back_and_begins_the_time_anew(clock: SetClock) -> None:
    walk = begun()
    walk.do("register")
    close_from = reminded(clock, walk)
    walk.now = clock.at

    walk.do("accept", "accepted")

    assert titles(CLERK, clock.at) == []
    with pytest.raises(Refusal) as refusal:
        actions.propose(
            case_id=walk.case.pk,
            step="close_idle",
            facts={"statement": "x"},
            actor=OFFICER,
            now=close_from,
        )
    assert refusal.value.reason is reasons.NOT_IDLE
    clock.at = close_from
    assert not jobs.remind()
    clock.at = over(FIRST, walk.now)
    assert jobs.remind()


def test_a_held_case_is_not_idle_and_the_end_of_the_hold_begins_the_time_anew(
    clock: SetClock,
) -> None:
    walk = begun()
    walk.do("register")
    close_from = reminded(clock, walk)
    order = {"case_id": walk.case.pk, "document": "停1", "actor": SUPERVISOR, "now": clock.at}
    directives.place(cause="核查", **order)

    clock.at = close_from
    assert titles(OFFICER, clock.at) == []
    assert not jobs.remind()
    assert not set(walk.fresh().facts) & set(idle.FACTS)
    directives.lift(by_document="复1", **{**order, "now": clock.at})
    assert not jobs.remind()
    walk.now = clock.at
    assert reminded(clock, walk) > close_from


def test_a_hold_that_came_and_went_closes_what_the_reminder_had_opened(clock: SetClock) -> None:
    walk = begun()
    walk.do("register")
    close_from = reminded(clock, walk)
    order = {"case_id": walk.case.pk, "document": "停1", "actor": SUPERVISOR, "now": clock.at}
    directives.place(cause="核查", **order)
    directives.lift(by_document="复1", **order)

    with pytest.raises(Refusal) as refusal:
        actions.propose(
            case_id=walk.case.pk,
            step="close_idle",
            facts={"statement": "x"},
            actor=OFFICER,
            now=close_from,
        )

    assert refusal.value.reason is reasons.NOT_IDLE
    assert titles(OFFICER, close_from) == []


def test_while_an_hour_is_waited_for_nobody_is_idle(clock: SetClock) -> None:
    walk = at("publish_notice")
    far = walk.now + timedelta(days=FIRST.periods + 60)
    walk.do("publish_notice", bids_due_at=far, opening_at=far)
    begun_at = walk.now

    clock.at = over(FIRST, begun_at)
    assert not jobs.remind()
    clock.at = over(FIRST, far)
    assert jobs.remind()


def test_after_the_notice_the_end_is_announced_and_refunds_follow(clock: SetClock) -> None:
    walk = at("evaluate")
    walk.now = reminded(clock, walk)

    walk.do("terminate_idle")

    assert (walk.case.awaits, walk.case.is_over) == ("refund_terminated", False)
    walk.do("refund_terminated")
    assert walk.case.awaits == "terminated"
    assert queries.declaration_of(walk.case).step("terminate_idle").notice == "B-08"


def test_what_cannot_be_closed_is_not_idle(clock: SetClock) -> None:
    walk = at("archive")
    clock.at = walk.now + timedelta(days=3 * FIRST.periods)

    assert not jobs.remind()
    assert idle.since(standings.of(walk.case), now=clock.at) is None


def test_nobody_states_that_a_case_is_idle(clock: SetClock) -> None:
    walk = begun()
    walk.do("register")

    with pytest.raises(ValueError, match="nobody states"):
        actions.propose(
            case_id=walk.case.pk,
            step="close_idle",
            facts={"statement": "x", "idle_close_from": NOW},
            actor=OFFICER,
            now=clock.at,
        )


def test_the_page_of_the_case_offers_it_to_the_centre_only_when_it_may_be_done(
    clock: SetClock,
) -> None:
    walk = begun()
    walk.do("register")
    address = f"/cases/{walk.case.pk}/"

    assert "关闭闲置项目" not in browser(OFFICER).get(address).context["course"].__repr__()
    clock.at = reminded(clock, walk)
    page = browser(OFFICER).get("/desk/").content.decode()

    assert "关闭闲置项目" in page

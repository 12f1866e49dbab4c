"""Who does not let its bid stand longer has its deposit back when the bid lapses (W-34)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongheng.kernel.clock import midnight
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.models import Message
from gongheng.trading.award.tests.support import Course, viewed
from gongheng.trading.award.tests.test_validity import asked, expired, firm, last_day
from gongheng.trading.cases import actions as case_actions, reasons as case_reasons
from gongheng.trading.deposits import actions, queries, rules
from gongheng.trading.deposits.actions import NOT_ALLOWED
from gongheng.trading.deposits.facts import Form
from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.projects.tests.support import actor as acting
from gongheng.trading.validity import actions as validity, rules as validity_rules
from gongheng.trading.validity.models import Extension
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.work import Task, tasks_of
from tests.cases import CLERK, OFFICER, SUPERVISOR

pytestmark = pytest.mark.django_db

TEN_DAYS = timedelta(days=10)


def deposited(course: Course, code: str) -> Deposit:
    """Return the deposit that a bidder gave before the deadline."""
    due = queries.bids_due_at(course.case)
    assert due is not None
    return Deposit.objects.create(
        region_code=course.case.region_code,
        case=course.case,
        bidder_code=code,
        bidder_name=code,
        form=Form.TRANSFER,
        amount=Decimal("200000.00"),
        payer_name=code,
        bank="中国某银行昆明分行",
        number=f"HD{code}",
        received_at=due - timedelta(days=1),
        recorded_at=due - timedelta(hours=20),
        recorded_by=OFFICER.person_id,
        recorded_by_name=OFFICER.name,
    )


def held(course: Course) -> tuple[Deposit, Deposit]:
    """Return the deposits of the first and the second of the candidates."""
    first, second = course.ranked[:2]
    return deposited(course, first), deposited(course, second)


def of(deposit: Deposit) -> Actor:
    """Return the person who acts for the bidder."""
    known = Account.objects.filter(organisation_code=deposit.bidder_code, grants__role=Role.BIDDER)
    one = known.first()
    return acting(one) if one else firm(deposit.bidder_code)


def says(extension: Extension, deposit: Deposit, *, yes: bool, now: datetime) -> None:
    validity.reply(extension_id=extension.pk, consents=yes, actor=of(deposit), now=now)


def end_of(course: Course) -> datetime:
    return midnight(last_day(course) + timedelta(days=1))


def refunds(now: datetime, actor: Actor = OFFICER) -> list[Task]:
    return [task for task in tasks_of(actor, now=now) if task.title.startswith("退还")]


def give_back(deposit: Deposit, now: datetime, actor: Actor = OFFICER) -> Deposit:
    return actions.give_back(
        deposit_id=deposit.pk,
        refund_number="TK1",
        rate_percent=Decimal("0.35"),
        actor=actor,
        now=now,
    )


def refused(deed: Any, *arguments: Any, **facts: Any) -> Reason:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **facts)
    return refusal.value.reason


def test_who_refuses_has_the_deposit_back_with_interest_when_the_old_validity_ends() -> None:
    course = viewed()
    refusing, consenting = held(course)
    extension, lapses_at = asked(course), end_of(course)

    says(extension, refusing, yes=False, now=course.now)
    says(extension, consenting, yes=True, now=course.now)

    before = lapses_at - timedelta(microseconds=1)
    assert refunds(before) == []
    assert refused(give_back, refusing, before) is rules.NOT_DUE
    [task] = refunds(lapses_at)
    assert (task.due_at, task.rule) == (lapses_at, "W-34")
    assert str(refusing.pk) in task.address
    assert "不同意延长投标有效期" in task.title
    assert refused(give_back, consenting, lapses_at) is rules.NOT_DUE
    returned = give_back(refusing, lapses_at)
    assert returned.state == State.RETURNED
    assert returned.interest > 0
    assert refunds(lapses_at) == []
    assert Message.objects.filter(kind="deposit.returned").count() == 1


def test_who_refuses_is_told_from_when_alone() -> None:
    course = viewed()
    refusing, consenting = held(course)
    extension = asked(course)

    says(extension, refusing, yes=False, now=course.now)
    says(extension, consenting, yes=True, now=course.now)

    told = Message.objects.get(kind="validity.refused")
    assert told.deliveries.get().organisation_code == refusing.bidder_code
    assert f"{end_of(course):%Y-%m-%d}" in told.body


def test_silence_is_a_refusal_when_the_time_to_reply_is_over() -> None:
    course = viewed()
    silent, _ = held(course)
    extension = asked(course)

    assert refunds(extension.reply_by) == []
    tasks = refunds(end_of(course))

    # Neither of the two replied.
    assert {task.due_at for task in tasks} == {end_of(course)}
    assert all("没有答复" in task.title for task in tasks)
    assert len(tasks) == 2
    assert give_back(silent, end_of(course)).state == State.RETURNED


@pytest.mark.parametrize("is_silent", [False, True], ids=["refused", "silent"])
def test_a_bidder_asked_after_the_old_validity_is_free_with_its_answer(is_silent: bool) -> None:  # noqa: FBT001
    course = expired(viewed())
    deposit, _ = held(course)
    extension = asked(course)
    due = extension.reply_by if is_silent else course.now

    if not is_silent:
        says(extension, deposit, yes=False, now=course.now)

    duty = queries.duty_of(deposit)
    assert duty is not None
    assert (duty.due_from, duty.ends_at) == (due, due)


def test_who_consented_and_refuses_the_next_time_stands_as_long_as_it_promised() -> None:
    course = viewed()
    deposit, _ = held(course)
    first = asked(course)
    says(first, deposit, yes=True, now=course.now)
    assert queries.duty_of(deposit) is None
    course.now = first.reply_by

    second = asked(course, until=first.until + TEN_DAYS)
    says(second, deposit, yes=False, now=course.now)

    duty = queries.duty_of(deposit)
    assert duty is not None
    assert duty.due_from == midnight(first.until + timedelta(days=1))


def test_who_refused_may_consent_when_asked_again_before_its_bid_lapses() -> None:
    course = viewed()
    deposit, _ = held(course)
    first = asked(course)
    says(first, deposit, yes=False, now=course.now)
    course.now = first.reply_by

    second = asked(course, until=first.until + TEN_DAYS)
    says(second, deposit, yes=True, now=course.now)

    assert queries.duty_of(deposit) is None


def test_a_lapsed_bid_is_not_asked_again() -> None:
    course = viewed()
    refusing, consenting = held(course)
    first = asked(course)
    says(first, refusing, yes=False, now=course.now)
    says(first, consenting, yes=True, now=course.now)
    expired(course)

    second = asked(course, until=first.until + TEN_DAYS)

    assert [each["code"] for each in second.bidders] == [consenting.bidder_code]
    course.now = midnight(first.until + timedelta(days=1))
    facts = {"until": second.until + TEN_DAYS, "reply_by": course.now + timedelta(days=1)}
    assert refused(asked, course, **facts) is validity_rules.ALL_LAPSED


def test_a_refusal_is_not_repeated_and_no_bid_is_taken_back_after_the_opening() -> None:
    course = viewed()
    deposit, _ = held(course)
    extension = asked(course)
    says(extension, deposit, yes=False, now=course.now)
    due = queries.duty_of(deposit)
    one = of(deposit)

    again = {"extension_id": extension.pk, "consents": True, "actor": one, "now": course.now}
    assert refused(validity.reply, **again) is validity_rules.REPLIED
    step = {"case_id": course.case.pk, "step": "submit_bid", "actor": one, "now": course.now}
    assert refused(case_actions.require, **step) is case_reasons.NOT_NOW

    deposit.refresh_from_db()
    assert deposit.released_at is None
    assert queries.duty_of(deposit) == due


def test_nobody_else_frees_a_deposit() -> None:
    course = viewed()
    victim, other = held(course)
    extension = asked(course)

    reply = {"extension_id": extension.pk, "consents": False, "now": course.now}
    for stranger in (OFFICER, CLERK, firm("91530300MA6KABCE08")):
        assert refused(validity.reply, **reply, actor=stranger) is validity_rules.NOT_ASKED
    says(extension, victim, yes=True, now=course.now)
    says(extension, other, yes=False, now=course.now)

    late = end_of(course)
    assert queries.duty_of(victim) is None
    assert refused(give_back, victim, late) is rules.NOT_DUE
    for stranger in (CLERK, SUPERVISOR, of(other)):
        assert refused(give_back, other, late, actor=stranger) is NOT_ALLOWED


def test_a_winner_that_had_refused_secures_the_contract() -> None:
    course = viewed()
    winning, losing = held(course)
    extension = asked(course)
    says(extension, winning, yes=False, now=course.now)
    says(extension, losing, yes=False, now=course.now)
    course.awarded(winning.bidder_code).notified_all()

    late = end_of(course)

    assert queries.duty_of(winning) is None
    [task] = refunds(late)
    assert str(losing.pk) in task.address

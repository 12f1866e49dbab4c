"""Deposits are taken, given back with interest, kept by law only, and told to nobody early."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds, reasons as hold_reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.messages.models import Message
from gongheng.registers.subjects import reasons as subjects
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.deposits import actions, panels, queries, rules, tasks
from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.tests.support import (
    FIRM,
    NAMES,
    OTHER_FIRM,
    bidding,
    facts,
    recorded,
)
from gongheng.trading.projects.tests.support import credit_code
from gongheng.trust.identity.models import AuditEntry
from tests.cases import BIDDER, CLERK, NOW, OFFICER, SUPERVISOR, Walk, person, walk_to

pytestmark = pytest.mark.django_db


def refused(deed: Any, *arguments: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **given)
    return refusal.value


def give_back(deposit: Deposit, walk: Walk, **changes: Any) -> Deposit:
    given = {
        "deposit_id": deposit.pk,
        "refund_number": "TK001",
        "rate_percent": Decimal("0.35"),
        "actor": OFFICER,
        "now": walk.now,
    }
    return actions.give_back(**(given | changes))


def all_returned(walk: Walk) -> None:
    case = walk.fresh()
    guards.ask(
        ["deposits.all_returned"],
        Question(
            case_id=case.pk,
            case_code=case.code,
            region_code=case.region_code,
            round_number=case.round_number,
            terms_on=NOW.date(),
            step="refund_deposits",
            outcome="done",
            actor=CLERK,
            now=walk.now,
            facts={},
        ),
    )


def test_a_deposit_is_taken_once() -> None:
    walk = bidding()

    deposit = recorded(walk)

    assert deposit.is_held
    assert deposit.bidder_name == NAMES[FIRM]
    assert refused(recorded, walk).reason is rules.ALREADY_HELD
    assert refused(recorded, walk, OTHER_FIRM, number=deposit.number).reason is rules.ALREADY_HELD
    recorded(walk, OTHER_FIRM)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"payer_name": "代付有限公司"}, rules.NOT_OWN_NAME),
        ({"payer_account": "999"}, rules.NOT_BASE_ACCOUNT),
        ({"amount": Decimal("199999.99")}, rules.WRONG_AMOUNT),
    ],
)
def test_a_deposit_from_elsewhere_is_refused(changes: dict[str, Any], reason: object) -> None:
    walk = bidding()

    assert refused(recorded, walk, **changes).reason is reason
    assert not Deposit.objects.exists()


def test_an_unknown_firm_and_a_tender_without_deposits_are_refused() -> None:
    walk = bidding(bond=None)
    unknown = facts(bidder_code=credit_code("91530100MA6K0030C"))

    refusal = refused(
        actions.record, case_id=walk.case.pk, facts=unknown, actor=OFFICER, now=walk.now
    )

    assert refusal.reason is subjects.UNKNOWN
    assert refused(recorded, walk).reason is rules.NOT_ASKED


def test_while_bids_come_in_not_even_the_desk_sees_or_counts_deposits() -> None:
    walk = bidding()
    deposit = recorded(walk)

    panel = panels.deposits(case=walk.case, actor=OFFICER, now=walk.now)

    assert not queries.deposits_for(OFFICER, walk.fresh()).exists()
    assert queries.by_slip(OFFICER, walk.case, deposit.number) == deposit
    assert panel is not None
    assert panel.context["rows"] == []
    assert panel.reads == ""
    assert not list(tasks.refunds_due(actor=OFFICER, now=walk.now))
    walk_to(walk, "open_bids")
    assert queries.deposits_for(OFFICER, walk.fresh()).get() == deposit


@pytest.mark.parametrize("number", ["", "HD", "HD000", "hd"])
def test_no_part_of_a_slips_number_finds_a_payment(number: str) -> None:
    walk = bidding()
    recorded(walk)

    assert queries.by_slip(OFFICER, walk.case, number) is None


@pytest.mark.parametrize(
    "actor", [CLERK, BIDDER, SUPERVISOR, person("stranger", "officer", region="530300")]
)
def test_the_number_of_a_slip_helps_nobody_but_the_desk(actor: Any) -> None:
    walk = bidding()
    deposit = recorded(walk)

    assert queries.by_slip(actor, walk.case, deposit.number) is None


def test_a_hold_stops_what_comes_in_and_not_what_goes_back() -> None:
    walk = bidding()
    deposit = recorded(walk)
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)
    holds.place(
        code=walk.case.code,
        document="昆监〔2026〕1号",
        kind=HoldKind.DIRECTIVE,
        cause="调查",
        placed_by_code=SUPERVISOR.organisation_code,
        now=walk.now,
    )

    refusal = refused(recorded, walk, OTHER_FIRM)

    assert refusal.reason is hold_reasons.HELD
    assert give_back(deposit, walk).state == State.RETURNED


@pytest.mark.parametrize("actor", [CLERK, BIDDER, SUPERVISOR])
def test_nobody_but_the_desk_takes_or_sees_deposits_before_the_award(actor: Any) -> None:
    walk = bidding()
    recorded(walk)

    refusal = refused(
        actions.record, case_id=walk.case.pk, facts=facts(OTHER_FIRM), actor=actor, now=walk.now
    )

    assert refusal.reason is actions.NOT_ALLOWED
    assert not queries.deposits_for(actor, walk.fresh()).exists()
    assert panels.deposits(case=walk.case, actor=actor, now=walk.now) is None


def test_an_officer_of_another_region_sees_nothing() -> None:
    walk = bidding()
    recorded(walk)
    stranger = person("stranger", "officer", region="530300")

    assert not queries.deposits_for(stranger, walk.fresh()).exists()
    assert panels.deposits(case=walk.case, actor=stranger, now=walk.now) is None
    assert not list(tasks.refunds_due(actor=stranger, now=walk.now))


def test_neither_acts_nor_audit_tell_how_many_deposits_a_lot_has() -> None:
    walk = bidding()
    acts, entries = Act.objects.count(), AuditEntry.objects.filter(object_id=str(walk.case.pk))
    before = entries.count()

    recorded(walk)
    recorded(walk, OTHER_FIRM)

    assert Act.objects.count() == acts
    assert entries.count() == before


def test_no_deposit_goes_back_while_it_secures_a_bid() -> None:
    walk = bidding()
    deposit = recorded(walk)

    assert refused(give_back, deposit, walk).reason is rules.NOT_DUE


def test_a_withdrawn_bids_deposit_goes_back_within_five_days() -> None:
    walk = bidding()
    deposit = recorded(walk)

    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)
    deposit.refresh_from_db()
    duty = queries.duty_of(deposit)
    [task] = tasks.refunds_due(actor=OFFICER, now=walk.now)
    give_back(deposit, walk)

    assert duty is not None
    assert duty.deadline is not None
    assert duty.deadline.rule == task.rule == "W-17"
    assert task.due_at == duty.ends_at
    assert "200" not in task.title
    assert Message.objects.get(kind="deposit.returned").is_secret
    assert not list(tasks.refunds_due(actor=OFFICER, now=walk.now))


def test_a_refund_that_can_wait_for_the_deadline_is_no_task_before_it() -> None:
    walk = bidding()
    due = queries.bids_due_at(walk.case)
    assert due is not None
    recorded(walk)
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=due - timedelta(days=4))

    early = list(tasks.refunds_due(actor=OFFICER, now=due - timedelta(days=4)))
    walk_to(walk, "open_bids")
    [task] = tasks.refunds_due(actor=OFFICER, now=walk.now)

    assert early == []
    assert "200,000" in task.title


def test_a_bidder_who_hands_in_again_is_secured_again() -> None:
    walk = bidding()
    deposit = recorded(walk)
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)

    actions.secure_again(case_id=walk.case.pk, bidder_code=FIRM)

    deposit.refresh_from_db()
    assert queries.duty_of(deposit) is None


def test_after_the_contract_everything_goes_back_with_interest() -> None:
    walk = bidding()
    deposit = recorded(walk)
    walk_to(walk, "publish_contract")

    [task] = tasks.refunds_due(actor=OFFICER, now=walk.now)
    assert task.rule == "F-03"
    assert refused(all_returned, walk).reason is rules.NOT_RETURNED
    assert refused(give_back, deposit, walk, rate_percent=None).reason is rules.NO_RATE
    walk.later(days=3)
    returned = give_back(deposit, walk)
    all_returned(walk)

    days = (walk.now.date() - NOW.date()).days
    expected = rules.interest(
        deposit.amount,
        rate_percent=Decimal("0.35"),
        since=NOW.date(),
        until=NOW.date() + timedelta(days=days),
    )
    assert returned.state == State.RETURNED
    assert returned.interest == expected > 0
    assert refused(give_back, deposit, walk).reason is rules.SETTLED


def test_the_refund_step_waits_for_the_last_deposit() -> None:
    walk = bidding()
    deposit = recorded(walk)
    walk_to(walk, "publish_contract")
    asked = {"case_id": walk.case.pk, "step": "refund_deposits", "actor": CLERK, "now": walk.now}

    refusal = refused(actions.confirm, **asked)
    give_back(deposit, walk)
    actions.confirm(**asked)

    assert refusal.reason is rules.NOT_RETURNED
    assert walk.fresh().steps.filter(step="refund_deposits").exists()


def test_a_terminated_tender_gives_back_at_once() -> None:
    walk = bidding()
    deposit = recorded(walk)
    walk.do("terminate", cause="资金未落实")

    duty = queries.duty_of(deposit)
    assert duty is not None
    assert duty.ends_at == walk.now
    give_back(deposit, walk)
    actions.confirm(case_id=walk.case.pk, step="refund_terminated", actor=CLERK, now=walk.now)
    assert not Message.objects.get(kind="deposit.returned").is_secret

    assert walk.fresh().awaits == "terminated"


def test_where_nothing_came_in_there_is_nothing_to_return() -> None:
    all_returned(bidding())


def test_what_became_of_a_deposit_after_the_deadline_changes_nothing() -> None:
    walk = bidding()
    later, asked = NOW + timedelta(days=1), Decimal(200000)
    deposit = recorded(walk)
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)
    give_back(deposit, walk, now=later)

    assert queries.secured(walk.case, asked=asked, by=later) == {FIRM}
    assert not queries.secured(walk.case, asked=asked, by=later + timedelta(hours=1))
    assert not queries.secured(walk.case, asked=asked, by=NOW)
    assert not queries.secured(walk.case, asked=asked + 1, by=later)


def test_the_tenderer_sees_the_deposits_when_refunds_are_due() -> None:
    walk = bidding()
    recorded(walk)
    walk_to(walk, "publish_contract")

    assert queries.deposits_for(CLERK, walk.fresh()).count() == 1
    assert panels.deposits(case=walk.case, actor=CLERK, now=walk.now) is not None
    stranger = person("stranger", "clerk", organisation="91530100MA6K000013")
    assert not queries.deposits_for(stranger, walk.case).exists()

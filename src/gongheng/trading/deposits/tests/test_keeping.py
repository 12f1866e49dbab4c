"""A deposit is kept by two officers only, for a cause whose stage has come, never by one (U-07)."""

from typing import Any

import pytest

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.holds import actions as holds, reasons as hold_reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.messages.models import Message
from gongheng.trading.cases import (
    actions as case_actions,
    gate,
    queries as cases,
    reasons,
    standing,
)
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Proposal
from gongheng.trading.deposits import actions, rules
from gongheng.trading.deposits.kinds import KeptCause, State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.tests.support import FIRM, bidding, recorded
from tests.cases import CLERK, OFFICER, SECOND_OFFICER, SUPERVISOR, Walk, confirmed, walk_to

pytestmark = pytest.mark.django_db


def held(step: str) -> tuple[Walk, Deposit]:
    """Return a case at a step, and a deposit that came in before the deadline."""
    walk = bidding()
    deposit = recorded(walk)
    walk_to(walk, step)
    return walk, deposit


def propose(walk: Walk, deposit: Deposit, **changes: Any) -> Proposal:
    given: dict[str, Any] = {
        "deposit_id": deposit.pk,
        "cause": KeptCause.REVOKED,
        "reason": "投标截止后来函撤销投标文件",
        "evidence": "撤销函",
        "actor": OFFICER,
        "now": walk.now,
    }
    return actions.propose_keeping(**given | changes)


def refused(deed: Any, *arguments: Any, **given: Any) -> Reason:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **given)
    return refusal.value.reason


def test_two_officers_keep_a_deposit_and_its_bidder_is_told() -> None:
    walk, deposit = held("open_bids")

    proposal = propose(walk, deposit)
    deposit.refresh_from_db()
    assert deposit.is_held
    passage = gate.deed_of(proposal.step).preview(proposal, walk.now)
    confirmed(proposal, SECOND_OFFICER, walk.now)

    deposit.refresh_from_db()
    assert deposit.state == State.KEPT
    assert deposit.kept_cause == KeptCause.REVOKED
    assert ("法定事由", KeptCause.REVOKED.label) in passage.facts
    step = walk.fresh().steps.get(step="keep_deposit")
    assert (step.proposed_by, step.done_by) == (OFFICER.person_id, SECOND_OFFICER.person_id)
    assert walk.case.awaits == "open_bids"
    told = Message.objects.get(kind="deposit.kept")
    assert told.deliveries.get().organisation_code == FIRM
    assert KeptCause.REVOKED.label in told.body
    assert FIRM not in str(Act.objects.latest("id").facts)


@pytest.mark.parametrize(
    ("second", "reason"), [(OFFICER, reasons.SAME_PERSON), (CLERK, reasons.NOT_YOURS)]
)
def test_one_officer_alone_keeps_nothing(second: Any, reason: Reason) -> None:
    walk, deposit = held("open_bids")
    proposal = propose(walk, deposit)

    assert refused(confirmed, proposal, second, walk.now) is reason
    deposit.refresh_from_db()
    assert deposit.is_held


def test_what_the_second_returns_is_not_kept() -> None:
    walk, deposit = held("open_bids")

    confirmed(propose(walk, deposit), SECOND_OFFICER, walk.now, Verdict.RETURN)

    deposit.refresh_from_db()
    assert deposit.is_held
    confirmed(propose(walk, deposit, evidence="撤销函原件"), SECOND_OFFICER, walk.now)
    deposit.refresh_from_db()
    assert deposit.kept_evidence == "撤销函原件"


@pytest.mark.parametrize(
    ("step", "cause", "reason"),
    [
        ("close_bids", KeptCause.REVOKED, rules.BIDDING_RUNS),
        ("close_bids", KeptCause.NO_CONTRACT, rules.BIDDING_RUNS),
        ("evaluate", KeptCause.NO_CONTRACT, rules.NO_LETTER_YET),
        ("notify_award", KeptCause.NO_BOND, rules.NO_LETTER_YET),
    ],
)
def test_a_cause_before_its_stage_is_refused(step: str, cause: KeptCause, reason: Reason) -> None:
    walk, deposit = held(step)

    assert refused(propose, walk, deposit, cause=cause) is reason
    assert not Proposal.objects.filter(step="keep_deposit").exists()


@pytest.mark.parametrize("missing", ["reason", "evidence"])
def test_nothing_is_kept_without_the_story_and_its_paper(missing: str) -> None:
    walk, deposit = held("open_bids")

    assert refused(propose, walk, deposit, **{missing: " "}) is rules.NO_GROUND


def test_a_proposal_freezes_nothing_and_what_went_back_cannot_be_kept() -> None:
    walk, deposit = held("open_bids")
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)
    proposal = propose(walk, deposit)

    actions.give_back(
        deposit_id=deposit.pk, refund_number="TK1", rate_percent=0, actor=OFFICER, now=walk.now
    )

    assert refused(confirmed, proposal, SECOND_OFFICER, walk.now) is rules.SETTLED
    deposit.refresh_from_db()
    assert deposit.state == State.RETURNED


def test_a_hold_stops_the_keeping_of_a_deposit() -> None:
    walk, deposit = held("open_bids")
    holds.place(
        code=walk.case.code,
        document="昆监〔2026〕1号",
        kind=HoldKind.DIRECTIVE,
        cause="调查",
        placed_by_code=SUPERVISOR.organisation_code,
        now=walk.now,
    )

    assert refused(propose, walk, deposit) is hold_reasons.HELD


def test_a_case_of_an_older_declaration_says_that_it_has_no_such_step() -> None:
    walk, deposit = held("open_bids")
    version = walk.case.version
    version.declaration["steps"] = [
        step for step in version.declaration["steps"] if step["code"] != "keep_deposit"
    ]
    version.save()
    standing.declaration.cache_clear()

    assert refused(propose, walk, deposit) is rules.NOT_KEPT_HERE
    assert "keep_deposit" not in cases.declaration_of(walk.case).by_code()
    standing.declaration.cache_clear()


def test_the_step_is_not_advanced_past_the_gate() -> None:
    walk, deposit = held("open_bids")
    proposal = propose(walk, deposit)

    reason = refused(
        case_actions.advance,
        case_id=walk.case.pk,
        step="keep_deposit",
        actor=SECOND_OFFICER,
        now=walk.now,
        facts=proposal.facts,
    )

    assert reason is reasons.NOT_REVIEWED

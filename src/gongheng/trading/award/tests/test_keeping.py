"""Only who was sent the award letter loses the deposit for refusing contract or bond (F-07)."""

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import rules
from gongheng.trading.award.kinds import LetterKind
from gongheng.trading.award.models import Decision, Letter
from gongheng.trading.cases.models import Proposal
from gongheng.trading.deposits import actions
from gongheng.trading.deposits.kinds import KeptCause, State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.tests.support import FIRM, OTHER_FIRM, bidding, recorded
from tests.cases import CLERK, OFFICER, SECOND_OFFICER, Walk, confirmed, walk_to

pytestmark = pytest.mark.django_db


def letter_to(walk: Walk, code: str, kind: LetterKind) -> None:
    decision = Decision.objects.create(
        region_code=walk.case.region_code,
        case=walk.case,
        proposed_by_name=CLERK.name,
        proposed_at=walk.now,
        lost_at=walk.now,
    )
    Letter.objects.create(
        region_code=walk.case.region_code,
        decision=decision,
        kind=kind,
        number=f"ZT{code}",
        bidder_code=code,
        bidder_name=code,
        sent_at=walk.now,
    )


def held() -> tuple[Walk, Deposit]:
    """Return a case that awaits its contract, and a deposit still held."""
    walk = bidding()
    deposit = recorded(walk)
    walk_to(walk, "sign_contract")
    return walk, deposit


def propose(walk: Walk, deposit: Deposit, cause: KeptCause) -> Proposal:
    return actions.propose_keeping(
        deposit_id=deposit.pk,
        cause=cause,
        reason="中标人来函拒绝",
        evidence="拒签函",
        actor=OFFICER,
        now=walk.now,
    )


@pytest.mark.parametrize("cause", [KeptCause.NO_CONTRACT, KeptCause.NO_BOND])
def test_a_firm_that_did_not_win_cannot_refuse_the_contract(cause: KeptCause) -> None:
    walk, deposit = held()
    letter_to(walk, OTHER_FIRM, LetterKind.AWARD)
    letter_to(walk, FIRM, LetterKind.RESULT)

    with pytest.raises(Refusal) as refusal:
        propose(walk, deposit, cause)

    assert refusal.value.reason is rules.NOT_THE_WINNER


@pytest.mark.parametrize("cause", [KeptCause.NO_CONTRACT, KeptCause.NO_BOND])
def test_a_winner_who_does_not_sign_loses_the_deposit(cause: KeptCause) -> None:
    walk, deposit = held()
    letter_to(walk, FIRM, LetterKind.AWARD)

    confirmed(propose(walk, deposit, cause), SECOND_OFFICER, walk.now)

    deposit.refresh_from_db()
    assert deposit.state == State.KEPT

"""A bid that is withdrawn in time sets its deposit free; one handed in again is secured by it (W-17)."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import actions, queries
from gongheng.trading.bids.models import BidReceipt
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trading.cases import reasons as case_reasons
from gongheng.trading.deposits import queries as deposit_queries
from gongheng.trading.deposits.facts import Form
from gongheng.trading.deposits.models import Deposit

pytestmark = pytest.mark.django_db
SUM = Decimal("200000.00")


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def deposit_of(who: Firm, lot: Tender) -> Deposit:
    return Deposit.objects.create(
        region_code=lot.case.region_code,
        case=lot.case,
        bidder_code=who.code,
        bidder_name=who.code,
        form=Form.TRANSFER,
        amount=SUM,
        payer_name=who.code,
        bank="中国某银行昆明分行",
        number=f"HD{who.code}",
        received_at=NOW,
        recorded_at=NOW,
        recorded_by=who.actor.person_id,
        recorded_by_name="交易中心",
    )


def withdraw(lot: Tender, who: Firm, **changes: object) -> BidReceipt:
    bid = queries.standing_bid(lot.case, who.code)
    assert bid is not None
    given = {"bid_id": bid.pk, "actor": who.actor, "now": NOW + timedelta(hours=1)} | changes
    return actions.withdraw(**given)  # type: ignore[arg-type]


def test_withdrawing_in_time_makes_the_deposit_due_within_five_days(lot: Tender) -> None:
    bidder, other = firm(1), firm(2)
    for who in (bidder, other):
        deposit_of(who, lot)
        lot.submit(who)
    assert deposit_queries.duty_to(bidder.code, lot.case) is None

    receipt = withdraw(lot, bidder)

    duty = queries.refund_after(receipt)
    assert duty is not None
    assert duty.deadline is not None
    assert (duty.deadline.rule, duty.due_from) == ("W-17", NOW + timedelta(hours=1))
    assert deposit_queries.duty_to(other.code, lot.case) is None


def test_handing_in_again_secures_the_bid_again(lot: Tender) -> None:
    bidder = firm(1)
    deposit_of(bidder, lot)
    lot.submit(bidder)
    receipt = withdraw(lot, bidder)

    lot.submit(bidder, at=NOW + timedelta(hours=2))

    assert queries.refund_after(receipt) is None
    assert deposit_queries.duty_to(bidder.code, lot.case) is None


def test_a_withdrawal_that_is_too_late_leaves_the_deposit_held(lot: Tender) -> None:
    bidder = firm(1)
    deposit_of(bidder, lot)
    lot.submit(bidder)

    with pytest.raises(Refusal) as refusal:
        withdraw(lot, bidder, now=lot.deadline)

    assert refusal.value.reason is case_reasons.TOO_LATE
    assert deposit_queries.duty_to(bidder.code, lot.case) is None

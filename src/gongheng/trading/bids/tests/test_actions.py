"""Bids are taken strictly before the deadline, replaced, withdrawn, closed: each with a receipt."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import actions, queries, rules, storage
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import Bid, BidReceipt
from gongheng.trading.bids.tests.support import NOW, Tender, firm, key, tender
from gongheng.trading.cases import reasons as case_reasons
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.receipts import Deed, Receipt
from tests.cases import SYSTEM

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def refused(reason: Any, deed: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        deed()
    assert refusal.value.reason is reason


def test_a_bid_gets_a_receipt_that_proves_itself(lot: Tender) -> None:
    """E-02: of the file, its size, the time and its number."""
    bidder = firm(1)

    row = lot.submit(bidder)

    receipt = Receipt.of_json(row.body)
    receipt.require_signed(PublicKey.from_hex(settings.NODE.public_key))
    assert receipt.facts.completed_at == NOW
    assert receipt.facts.size == row.bid.size == queries.path_of(row.bid).stat().st_size
    assert receipt.facts.envelope.hex() == row.bid.envelope_digest
    assert (receipt.facts.deed, receipt.facts.number) == (Deed.SUBMITTED, 1)
    assert not list(storage.home().glob("arriving/*"))


@pytest.mark.parametrize(
    ("moment", "is_taken"), [(-INSTANT, True), (timedelta(0), False), (INSTANT, False)]
)
def test_the_deadline_itself_is_too_late(lot: Tender, moment: timedelta, *, is_taken: bool) -> None:
    """T-10, W-16."""
    bidder = firm(1)

    def deed() -> BidReceipt:
        return lot.submit(bidder, at=lot.deadline + moment)

    if is_taken:
        assert deed().bid.completed_at == lot.deadline - INSTANT
    else:
        refused(case_reasons.TOO_LATE, deed)
        assert not list(storage.home().glob("*/*"))


def test_a_bid_begun_in_time_and_complete_too_late_is_refused(lot: Tender) -> None:
    """E-03, W-16."""
    times = iter([lot.deadline - INSTANT, lot.deadline])

    refused(case_reasons.TOO_LATE, lambda: lot.submit(firm(1), at=lambda: next(times)))

    assert not Bid.objects.exists()


def test_the_latest_bid_stands_and_every_earlier_one_is_kept(lot: Tender) -> None:
    """E-03, W-17."""
    bidder = firm(1)

    first = lot.submit(bidder)
    second = lot.submit(bidder, at=NOW + timedelta(hours=1))

    first.bid.refresh_from_db()
    assert first.bid.state == BidState.REPLACED
    assert second.bid.state == BidState.STANDING
    assert queries.path_of(first.bid).exists()
    assert [first.number, second.number] == [1, 2]


def test_of_two_files_at_once_the_later_last_byte_stands(lot: Tender) -> None:
    bidder = firm(1)

    later = lot.submit(bidder, at=NOW + timedelta(seconds=1))
    earlier = lot.submit(bidder, at=NOW)

    assert (later.bid.state, earlier.bid.state) == (BidState.STANDING, BidState.REPLACED)
    assert queries.standing_bid(lot.case, bidder.code) == later.bid


def test_the_same_bid_again_gives_its_receipt_again(lot: Tender) -> None:
    bidder = firm(1)
    data = lot.envelope(bidder)

    receipts = {lot.submit(bidder, data).pk for _ in range(2)}

    assert len(receipts) == 1
    assert not list(storage.home().glob("arriving/*"))


def test_a_withdrawn_bid_is_kept_and_another_may_follow(lot: Tender) -> None:
    bidder = firm(1)
    bid = lot.submit(bidder).bid

    receipt = Receipt.of_json(
        actions.withdraw(bid_id=bid.pk, actor=bidder.actor, now=lot.deadline - INSTANT).body
    )

    assert receipt.facts.deed is Deed.WITHDRAWN
    assert queries.path_of(bid).exists()
    assert lot.submit(bidder, lot.envelope(bidder)).bid.state == BidState.STANDING


def test_nothing_is_withdrawn_at_the_deadline_nor_twice(lot: Tender) -> None:
    bidder = firm(1)
    bid = lot.submit(bidder).bid
    refused(
        case_reasons.TOO_LATE,
        lambda: actions.withdraw(bid_id=bid.pk, actor=bidder.actor, now=lot.deadline),
    )
    actions.withdraw(bid_id=bid.pk, actor=bidder.actor, now=NOW)

    refused(
        rules.NOTHING_STANDS,
        lambda: actions.withdraw(bid_id=bid.pk, actor=bidder.actor, now=NOW),
    )


def test_a_firm_cannot_withdraw_anothers_bid(lot: Tender) -> None:
    bid = lot.submit(firm(1)).bid

    with pytest.raises(Bid.DoesNotExist):
        actions.withdraw(bid_id=bid.pk, actor=firm(2).actor, now=NOW)


def test_an_envelope_of_another_firm_is_refused(lot: Tender) -> None:
    one, other = firm(1), firm(2)

    refused(rules.OTHERS_KEY, lambda: lot.submit(one, lot.envelope(other)))
    refused(rules.OTHERS_KEY, lambda: lot.submit(one, lot.envelope(one, signer=key("stolen"))))

    assert not list(storage.home().glob("*/*"))


def test_a_firm_without_a_registered_key_is_told_before_it_sends(lot: Tender) -> None:
    bidder = firm(1, has_key=False)

    refused(rules.NO_KEY, lambda: actions.require_ready(case_id=lot.case.pk, actor=bidder.actor))


@pytest.mark.parametrize("place", ["magic", "header", "chunk", "tag", "trailer", "end"])
def test_an_envelope_tampered_with_anywhere_is_refused(lot: Tender, place: str) -> None:
    """E-01."""
    bidder = firm(1)
    data = bytearray(lot.envelope(bidder))
    length = int.from_bytes(data[8:12]) + 12
    where = {
        "magic": 3,
        "header": length // 2,
        "chunk": length + 1000,
        "tag": length + (1 << 20) + 3,
        "trailer": len(data) - 300,
        "end": len(data) - 1,
    }[place]
    data[where] ^= 1

    with pytest.raises(Refusal) as refusal:
        lot.submit(bidder, bytes(data))

    assert refusal.value.reason in {reasons.DAMAGED, reasons.NOT_AN_ENVELOPE, reasons.OTHER_TENDER}
    assert not list(storage.home().glob("*/*"))


def test_a_file_cut_short_or_grown_is_refused(lot: Tender) -> None:
    bidder = firm(1)
    data = lot.envelope(bidder)

    for changed in (data[:-1], data + b" ", data[: len(data) // 2]):
        refused(reasons.DAMAGED, lambda changed=changed: lot.submit(bidder, changed))


def test_nobody_reads_the_bids_of_a_lot_before_it_is_closed(lot: Tender) -> None:
    """A-06, A-01."""
    lot.submit(firm(1))

    refused(rules.NOT_CLOSED, lambda: queries.standing(lot.case.code))
    refused(rules.NOT_CLOSED, lambda: queries.withdrawn(lot.case.code))
    refused(rules.NOT_CLOSED, lambda: queries.opening_key(lot.case.code))
    assert queries.closing(lot.case.code) is None


def test_the_closing_names_every_standing_envelope_and_is_done_once(lot: Tender) -> None:
    firms = [firm(number) for number in range(1, 5)]
    bids = {each.code: lot.submit(each).bid for each in firms}
    actions.withdraw(bid_id=bids[firms[3].code].pk, actor=firms[3].actor, now=NOW)
    assert actions.close_due(now=lot.deadline - INSTANT, actor=SYSTEM) == 0

    closed = [actions.close_due(now=lot.deadline, actor=SYSTEM) for _ in range(2)]

    closing = queries.closing(lot.case.code)
    assert closed == [1, 0]
    assert lot.case.awaits == "open_bids"
    assert closing is not None
    closing.require_valid(lot.signed.policy, now=lot.deadline)
    standing = queries.standing(lot.case.code)
    assert [bid.bidder_code for bid in standing if bid.bidder_code == firms[3].code] == []
    assert {bytes.fromhex(bid.envelope_digest) for bid in standing} == set(closing.envelopes)
    assert len(standing) == 3
    assert [bid.bidder_code for bid in queries.withdrawn(lot.case.code)] == [firms[3].code]
    assert queries.opening_key(lot.case.code).public.to_hex() == closing.opening_key


def test_with_two_bidders_the_lot_fails_and_is_not_opened(lot: Tender) -> None:
    """Q-01, W-19."""
    for number in (1, 2):
        lot.submit(firm(number))

    actions.close_due(now=lot.deadline, actor=SYSTEM)

    assert lot.case.awaits == "announce_failure"
    assert lot.case.steps.get(step="close_bids").facts["bidders"] == 2


def test_nothing_is_taken_after_the_closing(lot: Tender) -> None:
    actions.close_due(now=lot.deadline, actor=SYSTEM)

    refused(case_reasons.NOT_NOW, lambda: lot.submit(firm(1)))

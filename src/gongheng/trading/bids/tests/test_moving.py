"""What moves while a bid is on its way: the deadline, a hold.

A bid is judged by the instant of its last byte and by what holds at that instant (T-10): a moved
deadline counts for a bid that is still coming, and during a hold nothing is taken. A bid that is
just being written down goes first, and whoever moves the deadline or places a hold waits for it.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds, reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.bids import actions, storage
from gongheng.trading.bids.models import Bid, BidReceipt
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trading.cases import reasons as cases
from tests.cases import everything_agreed

MINUTE = timedelta(minutes=1)
DOCUMENT = "昆建招投监〔2026〕1号"
AUTHORITY = "11530100015100000J"


@pytest.fixture
def lot(db: None, tmp_path: Path) -> Tender:  # noqa: ARG001  the database of the test
    return tender(tmp_path)


def half_sent(lot: Tender, who: Firm, *, at: datetime) -> Callable[..., BidReceipt | int]:
    """Begin an upload and send its first half; return what sends the rest at an instant."""
    data = lot.envelope(who)
    upload = actions.begin_upload(case_id=lot.case.pk, size=len(data), actor=who.actor, now=at)
    middle = len(data) // 2

    def send(start: int, end: int, *, at: datetime) -> BidReceipt | int:
        pieces = iter((data[start:end], b""))
        return actions.add_part(
            upload_id=upload.pk,
            offset=start,
            pieces=lambda: next(pieces),
            actor=who.actor,
            clock=lambda: at,
        )

    assert send(0, middle, at=at) == middle
    return lambda *, at: send(middle, len(data), at=at)


def move_deadline(lot: Tender, *, at: datetime) -> None:
    lot.walk.now = at
    with everything_agreed():
        lot.walk.do("clarify")


def hold(lot: Tender, *, at: datetime = NOW) -> None:
    holds.place(
        code=lot.case.code,
        document=DOCUMENT,
        kind=HoldKind.COMPLAINT,
        cause="投诉处理",
        placed_by_code=AUTHORITY,
        now=at,
    )


def test_a_deadline_moved_while_a_bid_uploads_counts_for_it(lot: Tender) -> None:
    first = lot.deadline
    send_rest = half_sent(lot, firm(1), at=first - 60 * MINUTE)

    move_deadline(lot, at=first - 30 * MINUTE)
    receipt = send_rest(at=first + MINUTE)

    assert lot.deadline > first
    assert isinstance(receipt, BidReceipt)
    assert receipt.bid.completed_at == first + MINUTE


def test_without_the_move_the_same_bid_is_too_late_and_leaves_nothing(lot: Tender) -> None:
    send_rest = half_sent(lot, firm(1), at=lot.deadline - 60 * MINUTE)

    with pytest.raises(Refusal) as refusal:
        send_rest(at=lot.deadline + MINUTE)

    assert refusal.value.reason is cases.TOO_LATE
    assert not Bid.objects.exists()
    assert not [path for path in storage.home().glob("*/*") if path.is_file()]


def test_a_hold_placed_while_a_bid_uploads_refuses_it_and_the_earlier_one_stands(
    lot: Tender,
) -> None:
    who = firm(1)
    earlier = lot.submit(who).bid
    send_rest = half_sent(lot, who, at=NOW)
    hold(lot)

    with pytest.raises(Refusal) as refusal:
        send_rest(at=NOW)

    assert refusal.value.reason is reasons.HELD
    assert Bid.objects.get() == earlier
    assert len([path for path in storage.home().glob("*/*") if path.is_file()]) == 1
    holds.lift(
        code=lot.case.code,
        document=DOCUMENT,
        by_document="昆建招投监〔2026〕2号",
        lifted_by_code=AUTHORITY,
        now=NOW,
    )
    assert lot.submit(who).bid.completed_at == NOW


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("move", [move_deadline, hold])
def test_who_moves_something_waits_for_the_bid_that_is_being_written_down(
    tmp_path: Path, move: Callable[..., None]
) -> None:
    lot = tender(tmp_path)
    moved = threading.Event()

    def in_between() -> None:
        move(lot, at=NOW)
        moved.set()
        connections.close_all()

    mover, asked = threading.Thread(target=in_between), iter((False, True))

    def clock() -> datetime:
        """Start the mover when the last byte lies on the disk, and see that it has to wait."""
        if next(asked):
            mover.start()
            assert not moved.wait(0.3)
        return NOW

    receipt = lot.submit(firm(1), at=clock)
    mover.join(30)

    assert moved.is_set()
    assert Bid.objects.get() == receipt.bid
    with pytest.raises(Refusal) if move is hold else everything_agreed():
        lot.submit(firm(2))

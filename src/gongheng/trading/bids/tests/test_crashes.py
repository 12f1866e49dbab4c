"""Killed at each write of upload, receipt and closing: no acknowledged bid is lost, none is doubled."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

import pytest

from gongheng.kernel import faults
from gongheng.trading.bids import actions, queries, storage
from gongheng.trading.bids.kinds import BidState, UsualPart
from gongheng.trading.bids.models import Bid, BidReceipt, ClosingStatement
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trust.envelope.intake import judge_file
from gongheng.trust.envelope.receipts import Receipt
from tests.cases import SYSTEM
from tests.forking import fork, was_killed
from tests.scope import IS_FULL

pytestmark = pytest.mark.slow

SUBMISSION = (
    "bids.arriving",
    "bids.before_sync",
    "bids.after_sync",
    "bids.after_move",
    "bids.after_row",
    "bids.after_receipt",
    "bids.before_commit",
    "bids.after_commit",
)
PARTS = ("bids.part_arriving", "bids.parts_whole", *SUBMISSION[1:])
CLOSING = (
    "bids.before_closing",
    "bids.after_closing_step",
    "bids.after_closing_key",
    "bids.before_closing_commit",
)
KILLS = 200 if IS_FULL else 20
"""Of each of five sorts: upload, receipt, closing, decryption, opening record."""


def often(points: Sequence[str]) -> Iterator[str]:
    """Yield the points again and again, as often as this run kills."""
    return islice(cycle(points), KILLS)


@pytest.fixture
def lot(transactional_db: None, tmp_path: Path) -> Tender:  # noqa: ARG001  a killed process commits for good
    return tender(tmp_path, parts=(UsualPart("bid", "投标文件"),))


def killed_at(point: str, deed: Callable[[], object]) -> bool:
    """Do the deed in a process of its own that is killed at a point; tell whether it came there."""

    def armed() -> None:
        os.environ |= {faults.SWITCH: "1", faults.POINT: point}
        deed()

    return was_killed(fork(armed))


def require_sound(lot: Tender, **whose: str) -> None:
    """Every bid has its receipt and its file, whole and at its place."""
    for bid in Bid.objects.filter(case=lot.case, **whose):
        receipt = Receipt.of_json(bid.receipts.get().body)
        cover = judge_file(queries.path_of(bid), policy_digest=lot.signed.policy.digest)
        assert receipt.facts.envelope == cover.digest
        assert receipt.facts.completed_at == bid.completed_at


def after_a_kill(lot: Tender, who: Firm, data: bytes, point: str) -> None:
    """What a bidder finds after a kill, and that handing in again leads to one standing bid."""
    require_sound(lot, bidder_code=who.code)
    acknowledged = set(BidReceipt.objects.filter(bid__bidder_code=who.code))
    assert bool(acknowledged) == (point == "bids.after_commit")
    actions.sweep(older_than=0)
    assert len(list(storage.home().glob("*/*"))) == Bid.objects.count()

    receipt = lot.submit(who, data)

    require_sound(lot, bidder_code=who.code)
    assert acknowledged <= {receipt}
    assert Bid.objects.get(bidder_code=who.code, state=BidState.STANDING) == receipt.bid


def test_killed_at_each_write_of_a_submission(lot: Tender) -> None:
    for number, point in enumerate(often(SUBMISSION), 1):
        who = firm(number)
        data = lot.envelope(who)

        assert killed_at(point, lambda who=who, data=data: lot.submit(who, data)), point

        after_a_kill(lot, who, data, point)
    require_sound(lot)


def send_rest(upload_id: UUID, who: Firm, data: bytes) -> BidReceipt | int:
    """Send what of an upload is not there yet."""
    offset = storage.part_path(upload_id).stat().st_size
    pieces = iter([data[offset : offset + 400_000], data[offset + 400_000 :], b""])
    return actions.add_part(
        upload_id=upload_id,
        offset=offset,
        pieces=lambda: next(pieces),
        actor=who.actor,
        clock=lambda: NOW,
    )


def test_killed_at_each_write_of_an_upload_in_parts(lot: Tender) -> None:
    for number, point in enumerate(often(PARTS), 1):
        who = firm(number)
        data = lot.envelope(who)
        upload = actions.begin_upload(case_id=lot.case.pk, size=len(data), actor=who.actor, now=NOW)

        send = partial(send_rest, upload.pk, who, data)

        assert killed_at(point, send), point

        require_sound(lot, bidder_code=who.code)
        if storage.part_path(upload.pk).exists():
            assert isinstance(send(), BidReceipt), point
        else:
            after_a_kill(lot, who, data, point)
        assert Bid.objects.filter(bidder_code=who.code, state=BidState.STANDING).count() == 1
    require_sound(lot)


def test_killed_at_each_write_of_a_closing(lot: Tender) -> None:
    standing = {lot.submit(firm(number)).bid.envelope_digest for number in range(1, 4)}

    for point in often(CLOSING):
        assert killed_at(point, lambda: actions.close_due(now=lot.deadline, actor=SYSTEM)), point
        assert not ClosingStatement.objects.exists()
        assert lot.case.awaits == "close_bids"

    assert actions.close_due(now=lot.deadline, actor=SYSTEM) == 1
    closing = queries.closing(lot.case.code)
    assert closing is not None
    closing.require_valid(lot.signed.policy, now=lot.deadline)
    assert {digest.hex() for digest in closing.envelopes} == standing
    assert queries.opening_key(lot.case.code).public.to_hex() == closing.opening_key

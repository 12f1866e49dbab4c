"""Uploads in parts are judged while they come, whoever takes the parts in (E-02)."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import actions, rules, storage
from gongheng.trading.bids.models import BidReceipt, Upload
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trust.envelope import intake, reasons

pytestmark = pytest.mark.django_db
PART = 300_000


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


@pytest.fixture
def who() -> Firm:
    return firm(1)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Return the lengths of all pieces that are judged."""
    lengths: list[int] = []
    feed = intake.Intake.feed

    def counted(self: intake.Intake, data: bytes) -> None:
        lengths.append(len(data))
        feed(self, data)

    monkeypatch.setattr(intake.Intake, "feed", counted)
    return lengths


def begun(lot: Tender, who: Firm, data: bytes) -> Upload:
    return actions.begin_upload(case_id=lot.case.pk, size=len(data), actor=who.actor, now=NOW)


def send(upload_id: UUID, who: Firm, data: bytes, start: int, size: int) -> BidReceipt | int:
    pieces = iter([data[start : start + size], b""])
    return actions.add_part(
        upload_id=upload_id,
        offset=start,
        pieces=lambda: next(pieces),
        actor=who.actor,
        clock=lambda: NOW,
    )


def as_another_process(upload_id: UUID) -> None:
    """Forget what was judged, as a process has it that took in none of the parts."""
    storage._KNOWN.pop(upload_id, None)


def test_after_the_last_byte_nothing_is_read_again(
    lot: Tender, who: Firm, judged: list[int]
) -> None:
    data = lot.envelope(who)
    upload, place = begun(lot, who, data), 0
    judged.clear()

    while place < len(data):
        done = send(upload.pk, who, data, place, PART)
        place += PART

    assert isinstance(done, BidReceipt)
    assert done.bid.size == sum(judged) == len(data)
    assert upload.pk not in storage._KNOWN


def test_parts_may_come_to_several_processes(lot: Tender, who: Firm) -> None:
    data = lot.envelope(who)
    upload, place = begun(lot, who, data), 0

    while place < len(data):
        as_another_process(upload.pk)
        done = send(upload.pk, who, data, place, PART)
        place += PART

    assert isinstance(done, BidReceipt)
    assert done.bid.envelope_digest == lot.submit(who, data).bid.envelope_digest


def test_what_was_judged_and_never_came_to_the_disk_is_judged_anew(lot: Tender, who: Firm) -> None:
    data = lot.envelope(who)
    upload = begun(lot, who, data)
    send(upload.pk, who, data, 0, PART)
    with storage.part_path(upload.pk).open("rb+") as file:
        file.truncate(PART // 2)

    assert isinstance(send(upload.pk, who, data, PART // 2, len(data)), BidReceipt)


def test_a_part_out_of_place_is_refused_and_changes_nothing(lot: Tender, who: Firm) -> None:
    data = lot.envelope(who)
    upload = begun(lot, who, data)
    send(upload.pk, who, data, 0, PART)

    with pytest.raises(Refusal):
        send(upload.pk, who, data, PART + 1, PART)

    assert isinstance(send(upload.pk, who, data, PART, len(data)), BidReceipt)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_damaged_part_is_refused_when_the_file_is_whole(
    lot: Tender, who: Firm, *, is_known: bool
) -> None:
    data = bytearray(lot.envelope(who))
    data[len(data) // 2] ^= 1
    upload = begun(lot, who, data)
    send(upload.pk, who, bytes(data), 0, PART)
    if not is_known:
        as_another_process(upload.pk)

    with pytest.raises(Refusal) as refusal:
        send(upload.pk, who, bytes(data), PART, len(data))

    assert refusal.value.reason is reasons.DAMAGED
    assert not BidReceipt.objects.exists()


def test_a_process_remembers_only_so_many_uploads(
    lot: Tender, who: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_MOST_KNOWN", 1)
    data = lot.envelope(who)
    first, second = begun(lot, who, data), begun(lot, who, data)
    for upload in (first, second):
        send(upload.pk, who, data, 0, PART)

    assert set(storage._KNOWN) == {second.pk}
    assert isinstance(send(first.pk, who, data, PART, len(data)), BidReceipt)


def test_beginnings_do_not_fill_the_disk(lot: Tender, who: Firm) -> None:
    data = lot.envelope(who)
    other = firm(2)
    kept = begun(lot, other, lot.envelope(other))
    first, second, third = (begun(lot, who, data) for _ in range(3))

    assert not storage.part_path(first.pk).exists()
    assert all(storage.part_path(each.pk).exists() for each in (kept, second, third))
    with pytest.raises(Refusal) as refusal:
        send(first.pk, who, data, 0, PART)
    assert refusal.value.reason is rules.NO_UPLOAD
    assert isinstance(send(second.pk, who, data, 0, len(data)), BidReceipt)


def test_a_part_that_is_coming_is_not_taken_away(lot: Tender, who: Firm) -> None:
    data = lot.envelope(who)
    upload = begun(lot, who, data)
    begun(lot, who, data)

    def pieces() -> Iterator[bytes]:
        yield data[:PART]
        begun(lot, who, data)
        yield data[PART:]
        yield b""

    coming = pieces()
    done = actions.add_part(
        upload_id=upload.pk,
        offset=0,
        pieces=lambda: next(coming),
        actor=who.actor,
        clock=lambda: NOW,
    )
    assert isinstance(done, BidReceipt)

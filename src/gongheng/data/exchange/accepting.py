"""From below: a batch is proven, stored and receipted at once; judging follows."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.models import Batch, Channel, Direction
from gongheng.data.exchange.reasons import FORGED, PROOF_NEEDED, REPLAYED, ROLLED_BACK
from gongheng.data.exchange.stations import Peer
from gongheng.data.records import envelopes, receiving
from gongheng.data.records.envelopes import Envelope
from gongheng.kernel import faults
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.tlog import checkpoint as notes, growth

_log = logging.getLogger("gongheng.exchange")

READ_AHEAD = 500
"""Records of a batch whose surroundings are read together."""

FAULT = Reason(
    code="exchange.fault",
    message="接收平台处理本记录时发生内部错误，已记录并通知运维人员。",
    remedy="无需修改数据；接收平台修复后请重新报送。",
)


def take(body: bytes, *, now: datetime) -> protocol.Signed:
    """Store a batch and return the signed receipt; the same batch again gets the same receipt.

    Raises ``Refusal``: ``UNREADABLE``, ``UNKNOWN_PEER``, ``FORGED``, ``NOT_FOR_US``, ``STALE``,
    ``REPLAYED``, ``ROLLED_BACK``.
    """
    signed, lines = protocol.split(body)
    peer = stations.child(signed.unverified().get("sender"))
    head = protocol.head_of(signed.read(protocol.BATCH, stations.key_of(peer)), lines)
    protocol.require_for_us(head.receiver, own=stations.own_code())
    known = _known(peer, head)
    if known is not None:
        return known
    protocol.require_fresh(head.made_at, now=machine_now())
    _watch_log(peer, head)
    receipt = _receipt(head, now)
    try:
        with transaction.atomic():
            Batch.objects.create(
                batch_id=head.batch_id,
                peer=peer.code,
                direction=Direction.IN,
                digest=head.digest,
                count=head.count,
                lines=lines,
                statement=signed.as_text(),
                receipt=receipt.as_text(),
                passed_at=now,
            )
            faults.reached("exchange.before_batch_is_kept")
    except IntegrityError:
        # The same batch came twice at the same moment: the other request stored it.
        return _known(peer, head) or receipt
    faults.reached("exchange.after_batch_is_kept")
    return receipt


def judge(peer: Peer, *, now: datetime) -> bool:
    """Judge the oldest batch of a child that is not judged; tell whether there was one."""
    with transaction.atomic():
        oldest = (
            Batch.objects.filter(peer=peer.code, direction=Direction.IN, judged_at=None)
            .order_by("number")
            .first()
        )
        # Only the oldest batch may be judged: whoever finds it locked leaves the line alone.
        batch = oldest and (
            Batch.objects.select_for_update(skip_locked=True)
            .filter(pk=oldest.pk, judged_at=None)
            .first()
        )
        if batch is None:
            return False
        lines = bytes(batch.lines or b"").splitlines()
        for start in range(0, len(lines), READ_AHEAD):
            _judge_lines(lines[start : start + READ_AHEAD], peer, now=now)
        faults.reached("exchange.before_judged_is_kept")
        batch.judged_at = now
        batch.save(update_fields=["judged_at"])
    faults.reached("exchange.after_judged_is_kept")
    return True


def _judge_lines(lines: Sequence[bytes], peer: Peer, *, now: datetime) -> None:
    read = [_read(line, peer) for line in lines]
    around = receiving.read_ahead(what for _, what in read if isinstance(what, Envelope))
    judge = partial(receiving.receive, sender=peer.code, now=now, around=around)
    for raw, what in read:
        refusal = _judge_one(what, judge) if isinstance(what, Envelope) else what
        if refusal is not None:
            receiving.refuse_malformed(raw, refusal, sender=peer.code, now=now)


def _read(line: bytes, peer: Peer) -> tuple[object, Envelope | Refusal]:
    """Return what a line holds, and the envelope in it or why there is none."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raw = line.decode("utf-8", "replace")
    try:
        return raw, envelopes.read(raw, origin=peer.code)
    except Refusal as refusal:
        return raw, refusal


def _judge_one(envelope: Envelope, judge: Callable[..., object]) -> Refusal | None:
    """Judge one record; return what stopped the judge, if anything did."""
    try:
        judge(envelope, machine_now=machine_now())
    except Refusal as refusal:
        return refusal
    except Exception:  # noqa: BLE001  one record must not stop the line
        # Our fault, never the sender's: the batch goes on, the record is fed back, somebody mends.
        _log.exception("record %s could not be judged", envelope.digest)
        return Refusal(FAULT)
    return None


def _known(peer: Peer, head: protocol.Head) -> protocol.Signed | None:
    batch = Batch.objects.filter(
        peer=peer.code, direction=Direction.IN, batch_id=head.batch_id
    ).first()
    if batch is None:
        return None
    if batch.digest != head.digest:
        raise Refusal(REPLAYED, batch_id=head.batch_id)
    return protocol.Signed.from_text(batch.receipt)


def _receipt(head: protocol.Head, now: datetime) -> protocol.Signed:
    return protocol.Signed.of(
        protocol.RECEIPT,
        {
            "sender": head.sender,
            "receiver": head.receiver,
            "batch_id": str(head.batch_id),
            "sm3": head.digest,
            "count": head.count,
            "received_at": now.isoformat(),
        },
        stations.own_key(),
    )


def _watch_log(peer: Peer, head: protocol.Head) -> None:
    """Keep the largest checkpoint a child has shown; a smaller or other log raises the alarm.

    A batch that was made before the one with the largest checkpoint came late, by a slow line: its
    records are taken, its checkpoint says nothing new.
    """
    channel, _ = Channel.objects.get_or_create(peer=peer.code)
    Channel.objects.filter(peer=channel.peer).update(last_contact_at=machine_now())
    if not head.checkpoint:
        return
    try:
        shown = notes.open_note(head.checkpoint, stations.key_of(peer))
    except notes.ForgedCheckpoint:
        raise Refusal(FORGED, what="checkpoint") from None
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(peer=peer.code)
        if channel.checkpoint_shown_at is None or head.made_at > channel.checkpoint_shown_at:
            channel.alarm = channel.alarm or _log_fault(peer, channel, shown, head)
            if not channel.alarm:
                channel.checkpoint_size = shown.size
                channel.checkpoint_note = head.checkpoint
                channel.checkpoint_shown_at = head.made_at
        channel.save(
            update_fields=["alarm", "checkpoint_size", "checkpoint_note", "checkpoint_shown_at"]
        )
    if channel.alarm:
        raise Refusal(ROLLED_BACK, fault=channel.alarm)


def _log_fault(peer: Peer, channel: Channel, shown: notes.Checkpoint, head: protocol.Head) -> str:
    """Return what is wrong with a child's log, or nothing. Raises ``Refusal`` (``PROOF_NEEDED``)."""
    if not channel.checkpoint_note:
        return ""
    largest = notes.open_note(channel.checkpoint_note, stations.key_of(peer))
    if shown.size < largest.size:
        return f"日志由 {largest.size} 条退回到 {shown.size} 条。"
    if shown.size > largest.size > 0 and head.grown_from != largest.size:
        raise Refusal(PROOF_NEEDED, size=largest.size)
    if not growth.is_grown(largest, shown, head.consistency or {}):
        return f"长度 {largest.size} 与 {shown.size} 的两份检查点不一致，日志曾被改写。"
    return ""

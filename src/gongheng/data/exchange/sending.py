"""Upwards: what the log holds is queued for each parent, sent in signed batches, and followed up.

Everything is safe to repeat: the receiver knows a version by dataset, key, number and digest, so a
crash between sending and writing down the receipt costs one more batch and nothing else.
"""

import json
import logging
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import QuerySet

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.models import Batch, Channel, Delivery, Direction, Progress
from gongheng.data.exchange.reasons import BAD_RECEIPT, PROOF_NEEDED, UNREACHABLE
from gongheng.data.exchange.stations import Peer
from gongheng.data.records import queries as records
from gongheng.kernel import faults
from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.ledger import actions as ledger, queries as log

_log = logging.getLogger("gongheng.exchange")

MOST_RECORDS = 200
MOST_BYTES = 8 * 1024 * 1024
MOST_LEAVES = 1000
LONGEST_BACK_OFF = timedelta(seconds=60)
TIMEOUT = httpx.Timeout(20, connect=5)


def collect(peer: Peer) -> bool:
    """Queue for a parent what the log has gained since the last look; tell whether there was any."""
    name = f"exchange:{peer.code}"
    if log.cursor_position(name) >= log.size():
        return False
    with transaction.atomic(), ledger.cursor(name) as cursor:
        leaves = cursor.read(MOST_LEAVES)
        positions = {
            leaf.subject_id: leaf.position
            for leaf in leaves
            if leaf.kind == "record" and leaf.position is not None
        }
        Delivery.objects.bulk_create(
            [
                Delivery(
                    peer=peer.code,
                    version=version,
                    position=positions[version.pk],
                    not_before=version.not_before,
                    queued_at=machine_now(),
                )
                for version in records.exportable_versions(list(positions))
                if version.sender != peer.code
            ],
            ignore_conflicts=True,
        )
        faults.reached("exchange.collected")
        return bool(leaves)


def send(peer: Peer, client: httpx.Client, *, now: datetime) -> bool:
    """Send the next batch of the queue to a parent; tell whether one was delivered.

    A log that has grown since the parent saw it last is shown by an empty batch when the queue is
    empty: otherwise the last records sent could be rolled back without anybody noticing.
    """
    if not (_queue(peer, now).exists() or _has_more_to_show(peer)):
        return False
    with transaction.atomic():
        channel = stations.locked_channel(peer)
        if channel is None or (channel.next_try_at and channel.next_try_at > machine_now()):
            return False
        deliveries = list(_queue(peer, now).select_related("version")[:MOST_RECORDS])
        try:
            _deliver(peer, channel, deliveries, client, now=now)
        except (httpx.HTTPError, Refusal) as error:
            if not _shows_proof_next(channel, error):
                _back_off(channel, error)
            return False
    return True


def _queue(peer: Peer, now: datetime) -> QuerySet[Delivery]:
    """Return what may go to a parent now, in the order of the log."""
    return (
        Delivery.objects.filter(peer=peer.code, progress=Progress.QUEUED)
        .exclude(not_before__gt=now)
        .order_by("position")
    )


def _has_more_to_show(peer: Peer) -> bool:
    checkpoint = log.latest_checkpoint()
    channel = Channel.objects.filter(peer=peer.code).first()
    return checkpoint is not None and checkpoint.size > (channel.shown_size if channel else 0)


def _deliver(
    peer: Peer,
    channel: Channel,
    deliveries: Sequence[Delivery],
    client: httpx.Client,
    *,
    now: datetime,
) -> None:
    records_sent: list[Delivery] = []
    lines = b""
    for delivery in deliveries:
        line = protocol.lines_of([records.envelope_of(delivery.version).as_json()])
        if records_sent and len(lines) + len(line) > MOST_BYTES:
            break
        records_sent.append(delivery)
        lines += line
    head = _head(peer, channel, count=len(records_sent), lines=lines)
    signed, body = protocol.compose(head, lines, stations.own_key())
    faults.reached("exchange.before_send")
    answer = client.post(
        f"{peer.url.rstrip('/')}/exchange/v1/batches",
        content=body,
        headers={"Content-Type": "application/x-ndjson"},
    )
    receipt = _receipt(peer, answer, head)
    faults.reached("exchange.before_receipt_is_kept")
    Batch.objects.create(
        batch_id=head.batch_id,
        peer=peer.code,
        direction=Direction.OUT,
        digest=head.digest,
        count=head.count,
        statement=signed.as_text(),
        receipt=receipt.as_text(),
        passed_at=now,
    )
    # A verdict may already have come for a version that was sent before a crash.
    Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in records_sent], progress=Progress.QUEUED
    ).update(progress=Progress.DELIVERED, delivered_at=machine_now())
    channel.attempts = 0
    channel.next_try_at = None
    channel.last_error = ""
    channel.last_contact_at = machine_now()
    channel.shown_size = _size_of(head)
    channel.save(
        update_fields=["attempts", "next_try_at", "last_error", "last_contact_at", "shown_size"]
    )


def _head(peer: Peer, channel: Channel, *, count: int, lines: bytes) -> protocol.Head:
    checkpoint = log.latest_checkpoint()
    proof = None
    if checkpoint is not None and 0 < channel.shown_size < checkpoint.size:
        proof = {
            algorithm: [b64encode(step).decode() for step in path]
            for algorithm, path in log.consistency(channel.shown_size, checkpoint.size).items()
        }
    return protocol.Head(
        sender=stations.own_code(),
        receiver=peer.code,
        batch_id=uuid7(),
        made_at=machine_now(),
        count=count,
        digest=sm3(lines).hex(),
        checkpoint=checkpoint.note if checkpoint else "",
        grown_from=channel.shown_size,
        consistency=proof,
    )


def _size_of(head: protocol.Head) -> int:
    lines = head.checkpoint.splitlines()
    return int(lines[1]) if lines else 0


def _receipt(peer: Peer, answer: httpx.Response, head: protocol.Head) -> protocol.Signed:
    """Return the parent's signed receipt. Raises ``Refusal`` with the parent's own words."""
    if answer.status_code == httpx.codes.CONFLICT:
        raise Refusal(PROOF_NEEDED, answer=answer.text[:500], size=_size_in(answer))
    if answer.status_code not in {200, 202}:
        raise Refusal(BAD_RECEIPT, status=answer.status_code, answer=answer.text[:500])
    try:
        signed = protocol.Signed.from_json(answer.json())
    except ValueError:
        raise Refusal(BAD_RECEIPT, answer=answer.text[:200]) from None
    receipt = signed.read(protocol.RECEIPT, stations.key_of(peer))
    promised = (receipt.get("batch_id"), receipt.get("sm3"), receipt.get("count"))
    if promised != (str(head.batch_id), head.digest, head.count):
        raise Refusal(BAD_RECEIPT, receipt=receipt)
    return signed


def _size_in(answer: httpx.Response) -> int:
    try:
        size = answer.json().get("size")
    except (ValueError, AttributeError):
        return 0
    return size if isinstance(size, int) else 0


def _shows_proof_next(channel: Channel, error: Exception) -> bool:
    """Take up the size that the parent has seen, which a crash of ours had lost; once."""
    if not isinstance(error, Refusal) or error.reason is not PROOF_NEEDED:
        return False
    size = error.facts.get("size")
    if not isinstance(size, int) or size in {0, channel.shown_size}:
        return False
    channel.shown_size = size
    channel.save(update_fields=["shown_size"])
    return True


def _back_off(channel: Channel, error: Exception) -> None:
    channel.attempts += 1
    pause = min(timedelta(seconds=0.5 * 2 ** min(channel.attempts, 10)), LONGEST_BACK_OFF)
    channel.next_try_at = machine_now() + pause
    channel.last_error = _words(error)
    channel.save(update_fields=["attempts", "next_try_at", "last_error"])
    _log.warning("batch to %s not delivered: %r %s", channel.peer, error, channel.last_error)


def _words(error: Exception) -> str:
    """Say for the operator what went wrong; a parent's refusal in the parent's own words."""
    if not isinstance(error, Refusal):
        return str(UNREACHABLE)
    return (_said(str(error.facts.get("answer", ""))) or str(error))[:1000]


def _said(answer: str) -> str:
    try:
        told = json.loads(answer)
        return f"上级平台答复：{told['message']}{told['remedy']}"
    except (ValueError, TypeError, KeyError):
        return ""

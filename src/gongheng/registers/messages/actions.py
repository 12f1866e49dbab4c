"""Sends messages, one delivery for each recipient and channel, and notes that they were read."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404

from gongheng.kernel.clock import machine_now
from gongheng.registers.messages import queries, rules
from gongheng.registers.messages.kinds import Channel, Recipient, State
from gongheng.registers.messages.models import Delivery, Message
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

LONGEST_SUBJECT = 200


@transaction.atomic
def send(
    *,
    recipients: Iterable[Recipient],
    subject: str,
    body: str,
    kind: str,
    now: datetime,
    case_code: str = "",
    is_secret: bool = False,
) -> Message:
    """Put a message into the inbox of each recipient, and let e-mail and short message follow.

    It is received with the transaction of the caller (T-12); the other channels are tried by a
    loop. They lead to the addresses that a person confirmed, of an organisation to those of each
    who has a role for it. Nobody is told who else receives it. ``kind`` decides how much leaves the
    house (``kinds.outside``). ``is_secret``: nothing but the inbox carries it, for whoever carries
    could count (A-01). Raises ``Refusal`` (NOBODY_TO_TELL, EMPTY).
    """
    known = list(dict.fromkeys(recipients))
    rules.require_sendable(known, subject=subject, body=body)
    message = Message.objects.create(
        region_code=settings.NODE.region_code,
        kind=kind,
        subject=rules.one_line(subject)[:LONGEST_SUBJECT],
        body=body,
        case_code=case_code,
        is_secret=is_secret,
        written_at=now,
    )
    rows = {_key(row): row for one in known for row in _deliveries(message, one, now=now)}
    if not is_secret:
        rows = {_key(row): row for row in _own_ways(message, known, now=now)} | rows
    Delivery.objects.bulk_create(rows.values())
    return message


def _own_ways(message: Message, to: list[Recipient], *, now: datetime) -> Iterator[Delivery]:
    """Yield the ways to the addresses that people confirmed; two who share one are told once."""
    told = set()
    for contact in queries.reached_by(to, now=now):
        way = (contact.channel, contact.address)
        if way not in told:
            told.add(way)
            row = _delivery(message, Recipient(account_id=contact.account_id), contact.channel)
            row.contact = contact
            row.state, row.next_attempt_at = State.WAITING, machine_now()
            yield row


def _key(row: Delivery) -> tuple[object, ...]:
    if row.account_id:
        return (row.channel, row.account_id)
    return (row.channel, row.organisation_code, row.address)


def _deliveries(message: Message, to: Recipient, *, now: datetime) -> Iterator[Delivery]:
    if to.account_id or to.organisation_code:
        row = _delivery(message, to, Channel.INBOX)
        row.state, row.received_at = State.DELIVERED, now
        yield row
    if message.is_secret:
        return
    if to.email:
        yield _outward(message, to, Channel.EMAIL, to.email, is_good=rules.is_address(to.email))
    if to.phone:
        yield _outward(message, to, Channel.SMS, to.phone, is_good=rules.is_mobile(to.phone))


def _delivery(message: Message, to: Recipient, channel: str) -> Delivery:
    return Delivery(
        region_code=message.region_code,
        message=message,
        channel=channel,
        account_id=to.account_id,
        organisation_code=to.organisation_code,
    )


def _outward(
    message: Message, to: Recipient, channel: Channel, address: str, *, is_good: bool
) -> Delivery:
    row = _delivery(message, to, channel)
    row.address = address[:254]
    row.state = State.WAITING if is_good else State.FAILED
    row.failure = "" if is_good else "地址格式不正确"
    row.next_attempt_at = machine_now() if is_good else None
    return row


@transaction.atomic
def read(*, delivery_id: UUID, actor: Actor, now: datetime) -> Delivery:
    """Return a message of the person's inbox, and note the first reading with its reader.

    Raises ``Http404`` for another's.
    """
    own = queries.inbox_of(actor).select_for_update(of=("self",)).select_related("message")
    delivery = own.filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404
    if delivery.read_at is None:
        delivery.read_at, delivery.read_by_id = now, actor.person_id
        delivery.save(update_fields=["read_at", "read_by"])
        if not delivery.message.is_secret:
            audit.record(actor=actor, deed="message.read", object_id=delivery.pk, now=now)
    return delivery

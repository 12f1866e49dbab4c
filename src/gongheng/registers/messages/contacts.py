"""The addresses of people besides the inbox: confirmed by a code, changed, refused, removed (E-16).

A code goes out at once and not by the loop of deliveries: nothing of it is kept but a digest.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.masking import masked
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages import actions as messages, channels, queries, rules
from gongheng.registers.messages.kinds import Channel, Recipient
from gongheng.registers.messages.models import Contact, Delivery
from gongheng.trust.identity import actions as identity, audit, counting, queries as people
from gongheng.trust.identity.actors import Actor

OUTWARD = (Channel.EMAIL, Channel.SMS)
"""The channels that need an address."""


def ask(*, channel: Channel, text: str, actor: Actor, now: datetime) -> None:
    """Send a code to an address that a person wants to use; the one in use stays meanwhile.

    Raises ``Refusal`` (rules.NOT_AN_ADDRESS, ALREADY_CONFIRMED, TOO_MANY_CODES, CODE_NOT_SENT).
    """
    address = rules.address_for(channel, text)
    known = queries.contacts_of(actor.person_id).filter(channel=channel).first()
    if known is not None:
        is_refused = known.refused_at is not None
        rules.require_new(text=address, address=known.address, is_refused=is_refused)
    with audit.refusals(actor=actor, deed="contact.asked", now=now, object_id=channel):
        _count(actor, address)
        code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
        try:
            _send_code(channel, address, code, now=now)
        except channels.NotSent as error:
            raise Refusal(rules.CODE_NOT_SENT, said=str(error)) from error
    _wait(channel, address, code, actor=actor, now=now)


def _count(actor: Actor, address: str) -> None:
    now = machine_now()
    for key in (("contact", str(actor.person_id)), ("contact-address", address)):
        counting.count(
            counting.key(*key), limit=rules.MOST_CODES, now=now, reason=rules.TOO_MANY_CODES
        )


def _send_code(channel: Channel, address: str, code: str, *, now: datetime) -> None:
    reference, minutes = str(uuid7()), rules.CODE_LASTS.seconds // 60
    text = f"验证码 {code}，{minutes} 分钟内有效，用于确认联系方式。如非本人操作，请忽略。"
    if channel is Channel.EMAIL:
        channels.mail_out(
            address=address, subject="确认联系方式", text=text, reference=reference, now=now
        )
    else:
        channels.text_out(number=address, text=text, reference=reference)


@transaction.atomic
def _wait(channel: Channel, address: str, code: str, *, actor: Actor, now: datetime) -> None:
    row = _locked(channel, actor) or _new(channel, actor)
    row.waiting_address, row.guesses = address, 0
    row.code_digest, row.code_until = _digest(row, code), machine_now() + rules.CODE_LASTS
    row.save()
    audit.record(actor=actor, deed="contact.asked", object_id=channel, now=now)


def confirm(*, channel: Channel, code: str, actor: Actor, now: datetime) -> None:
    """Put an address in use by the code that was sent to it; a guess counts before it is judged.

    Raises ``Refusal`` (rules.NO_CODE_WAITS, WRONG_CONTACT_CODE).
    """
    with audit.refusals(actor=actor, deed="contact.confirmed", now=now, object_id=channel):
        _guess(channel, actor)
        _confirm(channel, code, actor=actor, now=now)


@transaction.atomic
def _guess(channel: Channel, actor: Actor) -> None:
    row = _locked(channel, actor)
    if row is None:
        raise Refusal(rules.NO_CODE_WAITS)
    rules.require_code_waits(until=row.code_until, guesses=row.guesses, now=machine_now())
    row.guesses = F("guesses") + 1
    row.save(update_fields=["guesses"])


@transaction.atomic
def _confirm(channel: Channel, code: str, *, actor: Actor, now: datetime) -> None:
    row = _locked(channel, actor)
    if row is None or not row.code_digest:
        raise Refusal(rules.NO_CODE_WAITS)
    if not constant_time_compare(row.code_digest, _digest(row, code)):
        raise Refusal(rules.WRONG_CONTACT_CODE)
    is_change = bool(row.address)
    row.address, row.confirmed_at = row.waiting_address, now
    row.refused_at, row.refusal, row.is_wanted = None, "", True
    _forget_code(row)
    row.save()
    audit.record(actor=actor, deed="contact.confirmed", object_id=channel, now=now)
    if is_change:
        _tell_changed(row, "更换", now=now)


@transaction.atomic
def remove(*, channel: Channel, actor: Actor, now: datetime) -> None:
    """Forget an address, and one that waits; what was not sent yet is not sent there."""
    row = _locked(channel, actor)
    if row is None:
        return
    row.delete()
    if row.address:
        _tell_changed(row, "删除", now=now)
    audit.record(actor=actor, deed="contact.removed", object_id=channel, now=now)


@transaction.atomic
def choose(*, wanted: Iterable[Channel], actor: Actor, now: datetime) -> None:
    """Note by which channels a person wants to hear besides the inbox, which always counts."""
    chosen = set(wanted)
    for row in queries.contacts_of(actor.person_id).select_for_update(of=("self",)):
        is_wanted = row.channel in chosen
        if row.is_wanted != is_wanted:
            row.is_wanted = is_wanted
            row.save(update_fields=["is_wanted"])
            deed = "contact.wanted" if is_wanted else "contact.unwanted"
            audit.record(actor=actor, deed=deed, object_id=row.channel, now=now)


def address_of(delivery: Delivery) -> str:
    """Return where a delivery goes now. Raises ``NotSent`` when its owner wants that no longer."""
    if delivery.address:
        return delivery.address
    if delivery.contact is None or not delivery.contact.is_used:
        raise channels.NotSent("收件人已停用或删除这个地址", is_final=True)
    return delivery.contact.address


@transaction.atomic
def refused(delivery: Delivery, *, said: str, now: datetime) -> None:
    """Use an address that was refused no longer, and tell its owner in the inbox, once."""
    if delivery.contact_id is None:
        return
    known = Contact.objects.select_for_update(of=("self",)).filter(pk=delivery.contact_id)
    row = known.filter(queries.IN_USE).first()
    if row is not None:
        row.refused_at, row.refusal = now, said[:80]
        row.save(update_fields=["refused_at", "refusal"])
        channel, shown = Channel(row.channel), masked(row.address)
        _tell(
            row,
            subject=f"{channel.label}没有送达，您的{channel.address_label}已停用",
            body=f"发往 {shown} 的{channel.label}没有送达（{row.refusal}）。今后的消息不再发往这个地址；"
            "站内消息照常送达。请在“我的账号”中重新验证或更换。",
            kind="contact.refused",
            now=now,
        )


def _tell_changed(row: Contact, deed: str, *, now: datetime) -> None:
    label = Channel(row.channel).address_label
    _tell(
        row,
        subject=f"您的{label}已{deed}",
        body=f"您账号中的{label}已{deed}。如非本人操作，请立即修改密码，并联系系统管理员。",
        kind="contact.changed",
        now=now,
    )


def _tell(row: Contact, *, subject: str, body: str, kind: str, now: datetime) -> None:
    to = Recipient(account_id=row.account_id)
    messages.send(recipients=[to], subject=subject, body=body, kind=kind, now=now)


@transaction.atomic
def enter_for_demo(*, account_id: UUID, channel: Channel, address: str, now: datetime) -> None:
    """Give an account of a demonstration an address without a code. Raises ``Refusal``."""
    account = people.account_with(account_id)
    if account is None or not (settings.NODE.is_demo and account.is_demo):
        raise Refusal(identity.NOT_A_DEMO)
    Contact.objects.get_or_create(
        account=account,
        channel=channel,
        region_code=account.region_code,
        defaults={"address": rules.address_for(channel, address), "confirmed_at": now},
    )


def _locked(channel: Channel, actor: Actor) -> Contact | None:
    own = queries.contacts_of(actor.person_id).filter(channel=channel)
    return own.select_for_update(of=("self",)).first()


def _new(channel: Channel, actor: Actor) -> Contact:
    return Contact(region_code=actor.region_code, account_id=actor.person_id, channel=channel.value)


def _forget_code(row: Contact) -> None:
    row.waiting_address, row.code_digest, row.code_until, row.guesses = "", "", None, 0


def _digest(row: Contact, code: str) -> str:
    """Return what is kept of a code: it fits this account and this address alone."""
    words = f"{row.account_id}\n{row.channel}\n{row.waiting_address}\n{code}"
    return salted_hmac("gongheng.messages.contact", words, algorithm="sha256").hexdigest()

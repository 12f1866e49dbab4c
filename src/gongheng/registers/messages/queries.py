"""Reads a person's inbox and addresses, and the proof that somebody was told."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.registers.messages.kinds import Channel, Recipient
from gongheng.registers.messages.models import Contact, Delivery
from gongheng.trust.identity import queries as people
from gongheng.trust.identity.actors import Actor

MOST_COUNTED = 99
"""Unread messages are counted no further."""

IN_USE = ~Q(address="") & Q(is_wanted=True, refused_at__isnull=True)
"""Which addresses messages go to."""


def inbox_of(actor: Actor) -> QuerySet[Delivery]:
    """Return what lies in the inboxes of a person: the own one and that of the organisation.

    Without a role nobody acts for an organisation: whoever signs up merely claims to be of it.
    """
    if actor.account_id is None:
        return Delivery.objects.none()
    own = Q(account_id=actor.account_id)
    if actor.organisation_code and actor.roles:
        own |= Q(account__isnull=True, organisation_code=actor.organisation_code)
    return Delivery.objects.filter(own, channel=Channel.INBOX)


def unread(actor: Actor) -> int:
    """Return how many messages of a person nobody has read, counted to ``MOST_COUNTED`` + 1."""
    return len(inbox_of(actor).filter(read_at__isnull=True).values_list("pk")[: MOST_COUNTED + 1])


def proof(message_id: UUID) -> QuerySet[Delivery]:
    """Return every delivery of a message, for the room that sent it: it holds who was told.

    A room shows it to those alone who may know the recipients at that time (A-01).
    """
    return Delivery.objects.filter(message_id=message_id).order_by("id")


def ways_of(delivery: Delivery, actor: Actor) -> QuerySet[Delivery]:
    """Return how a message went to this person besides the inbox."""
    own = Delivery.objects.filter(message_id=delivery.message_id, account_id=actor.person_id)
    return own.exclude(channel=Channel.INBOX).order_by("channel")


def contacts_of(account_id: UUID) -> QuerySet[Contact]:
    """Return a person's addresses."""
    return Contact.objects.filter(account_id=account_id).order_by("channel")


def reached_by(recipients: Iterable[Recipient], *, now: datetime) -> list[Contact]:
    """Return the addresses in use of the people whom a message is for.

    Those of an organisation are its active accounts that have a role now. A recipient with an
    address for this message alone is reached there and nowhere else.
    """
    own = [one for one in recipients if not (one.email or one.phone)]
    accounts = {one.account_id for one in own if one.account_id}
    codes = {one.organisation_code for one in own if one.organisation_code and not one.account_id}
    whose = Q(account_id__in=accounts) | Q(
        account__organisation_code__in=codes, account__in=people.with_a_role(now=now)
    )
    found = Contact.objects.filter(IN_USE, whose, account__is_active=True)
    return list(found.order_by("account_id", "channel"))

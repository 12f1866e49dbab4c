"""Reads a person's inbox, and the proof that somebody was told."""

from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.registers.messages.kinds import Channel
from gongheng.registers.messages.models import Delivery
from gongheng.trust.identity.actors import Actor

MOST_COUNTED = 99
"""Unread messages are counted no further."""


def inbox_of(actor: Actor) -> QuerySet[Delivery]:
    """Return what lies in the inboxes of a person: the own one and that of the organisation."""
    if actor.account_id is None:
        return Delivery.objects.none()
    own = Q(account_id=actor.account_id)
    if actor.organisation_code:
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

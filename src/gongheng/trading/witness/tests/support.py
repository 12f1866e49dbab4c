"""Witnesses of a centre, and what they see."""

from typing import Any

from django.test import Client

from gongheng.trading.witness.kinds import EntryKind
from gongheng.trading.witness.rules import Seen
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, Grant
from tests.cases import NOW, person

CENTRE = "12530000MB1X000010"


def witness(name: str = "gao", **changes: Any) -> Actor:
    """Return a witness with an account, who may also come by the door."""
    return joined(person(name, "witness", **({"organisation": CENTRE} | changes)))


def joined(actor: Actor) -> Actor:
    account, _ = Account.objects.get_or_create(
        pk=actor.account_id,
        defaults={
            "region_code": actor.region_code,
            "username": actor.username,
            "display_name": actor.name,
            "organisation_code": actor.organisation_code,
            "organisation_name": actor.organisation_name,
        },
    )
    for role in actor.roles:
        Grant.objects.get_or_create(
            region_code=actor.region_code,
            account=account,
            role=role,
            defaults={"starts_at": NOW.replace(month=1)},
        )
    return actor


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def arrival(at: Any, name: str = "郑培元", role: str = "评标专家") -> Seen:
    return Seen(kind=EntryKind.ARRIVAL, happened_at=at, person_name=name, person_role=role)


def departure(at: Any, name: str = "郑培元", role: str = "评标专家") -> Seen:
    return Seen(kind=EntryKind.DEPARTURE, happened_at=at, person_name=name, person_role=role)

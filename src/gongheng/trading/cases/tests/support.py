"""People with their roles, browsers, and a clock that a test sets."""

from datetime import datetime

from django.test import Client

from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, Grant
from tests.engine import BY_ROLE, NOW, SYSTEM


class SetClock:
    """A legal clock that stands where it was put."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def grant_roles() -> None:
    """Give the people of the tests their roles, so that they may also come by the door."""
    for actor in {actor for pair in BY_ROLE.values() for actor in pair} - {SYSTEM}:
        for role in actor.roles:
            Grant.objects.create(
                region_code=actor.region_code,
                account_id=actor.account_id,
                role=role,
                starts_at=NOW.replace(year=2026, month=1, day=1),
            )


def join(actor: Actor) -> Actor:
    """Let another person have an account with roles."""
    Account.objects.create(
        pk=actor.account_id,
        region_code=actor.region_code,
        username=actor.username,
        display_name=actor.name,
        organisation_code=actor.organisation_code,
        organisation_name=actor.organisation_name,
    )
    for role in actor.roles:
        Grant.objects.create(
            region_code=actor.region_code,
            account_id=actor.account_id,
            role=role,
            starts_at=NOW.replace(year=2026, month=1, day=1),
        )
    return actor


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client

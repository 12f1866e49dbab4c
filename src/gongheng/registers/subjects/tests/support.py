"""Verified subjects for the tests of any room."""

from datetime import datetime, timedelta
from typing import Any

from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING
from gongheng.registers.subjects import actions
from gongheng.registers.subjects.actions import Applicant
from gongheng.registers.subjects.kinds import SubjectKind
from gongheng.registers.subjects.models import Application, SubjectVersion
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

CITY = "530100"
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
PASSWORD = "一句足够长的口令2026"


class StandingClock:
    """A legal clock that stands still."""

    def now(self) -> datetime:
        return NOW


def person(username: str, *, organisation_code: str, role: Role = Role.CLERK) -> Account:
    """Return a new account of somebody of an organisation of the city."""
    return _account(username, organisation_code, role, CITY)


def officer(region_code: str = CITY) -> Actor:
    """Return an officer of a region's centre."""
    name = f"officer-{region_code}"
    return actor_of(_account(name, samples.PLATFORM, Role.OFFICER, region_code))


def _account(username: str, organisation_code: str, role: Role, region_code: str) -> Account:
    return identity.create_account(
        username=username,
        password="demo",
        display_name="受理员",
        organisation_code=organisation_code,
        organisation_name="交易中心",
        region_code=region_code,
        roles=[role],
        now=NOW,
        is_demo=True,
    )


def actor_of(account: Account) -> Actor:
    """Return the account as who acts with the roles that it has a day later."""
    return acting(account, now=NOW + timedelta(days=1), address="192.0.2.1")


def sign_up(row: dict[str, str], username: str = "firm", **changes: Any) -> Application:
    """Apply for the registration of an organisation, with its first account."""
    facts: dict[str, Any] = {
        "kind": SubjectKind.LEGAL_PERSON,
        "body": row,
        "username": username,
        "password": PASSWORD,
        "applicant": Applicant("李工", "0871-60000031", address="192.0.2.1"),
        "now": NOW,
    }
    return actions.sign_up(**(facts | changes))


def body(code: str, name: str, *, roles: str = "03", **changes: str) -> dict[str, str]:
    """Return an organisation as a row of the standard."""
    row = samples.valid("LEGAL_PERSON_BASE")
    sender = ("PLATFORM_CODE", "PUB_SERVICE_PLAT_CODE", "DATA_TIMESTAMP")
    facts = {
        "LEGAL_CODE": code,
        "LEGAL_NAME": name,
        "LEGAL_ROLE": roles,
        "LICENSE_NO": code,
        "LICENSE_END_DATE": "20991231",
        "LEGAL_REPRESENT": "杨立新",
        "REG_CAPITAL": "50000",
        "REG_UNIT": "1",
        "LEGAL_CONTACT": "李工",
        "LEGAL_CONTACT_PHONE": "0871-60000033",
    }
    kept = {field: value for field, value in row.items() if field not in sender}
    return kept | facts | changes


def verified(
    code: str, name: str, *, now: datetime = NOW, roles: str = "03", **changes: str
) -> SubjectVersion:
    """Return the first version of a verified organisation."""
    return actions.enter_verified(
        kind=SubjectKind.LEGAL_PERSON,
        body=body(code, name, roles=roles, **changes),
        verified_by="受理员",
        now=now,
        region_code=CITY,
    )


def with_key(actor: Actor, *, now: datetime = NOW) -> PrivateKey:
    """Register a fresh key of the actor's verified organisation, and return it."""
    key = PrivateKey.generate()
    actions.register_key(
        code=actor.organisation_code,
        public_key_hex=key.public.to_hex(),
        proof=actions.prove(actor.organisation_code, key),
        actor=actor,
        now=now,
    )
    return key

"""Who is asking: the signed-in person with the roles in force, or nobody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import devices, queries, rules
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.clock import legal_now
from gongheng.web.routes import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the moment of a request; readers and actions take it instead of an account.

    ``region_code`` is where the person's roles reach: that region and what lies within it.
    ``address`` is the network address the request came from, ``device`` the mark of its browser.
    """

    account_id: UUID | None
    username: str
    name: str
    organisation_code: str
    organisation_name: str
    region_code: str
    roles: frozenset[str] = field(default_factory=frozenset)
    address: str | None = None
    device: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Tell whether this is a person we know."""
        return self.account_id is not None

    @property
    def person_id(self) -> UUID:
        """Return whose deed it is. Raises ``Refusal`` (SIGN_IN_FIRST) for nobody."""
        if self.account_id is None:
            raise Refusal(rules.SIGN_IN_FIRST)
        return self.account_id

    @property
    def role_labels(self) -> tuple[str, ...]:
        """Return the Chinese names of the roles in force."""
        return tuple(role.label for role in Role if role in self.roles)

    @property
    def reach(self) -> str:
        """Return the beginning that the region codes within the person's reach share."""
        return reach_of(self.region_code)

    def reaches(self, region_code: str) -> bool:
        """Tell whether a region lies within the person's reach."""
        return region_code.startswith(self.reach)

    def is_of(self, *organisations: str) -> bool:
        """Tell whether the person's organisation is one of these; an empty code is none."""
        return bool(self.organisation_code) and self.organisation_code in organisations

    def may(self, permission: Permission) -> bool:
        """Tell whether one of the roles in force allows the deed."""
        return bool(self.roles & permission.roles)


def reach_of(region_code: str) -> str:
    """Return the shared beginning of all regions within: 530000 -> 53, 530100 -> 5301."""
    province, city, county = region_code[:2], region_code[2:4], region_code[4:6]
    if county != "00":
        return province + city + county
    if city != "00":
        return province + city
    return "" if province == "00" else province


SYSTEM_ROLE = "system"
"""The role of what the platform does by itself when its hour has come; no account carries it."""


def system_of(region_code: str) -> Actor:
    """Return the platform itself as the one who acts."""
    return Actor(
        account_id=None,
        username="",
        name="系统",
        organisation_code="",
        organisation_name="",
        region_code=region_code,
        roles=frozenset({SYSTEM_ROLE}),
    )


NOBODY = Actor(
    account_id=None,
    username="",
    name="",
    organisation_code="",
    organisation_name="",
    region_code="",
)


def actor_of(request: HttpRequest) -> Actor:
    """Return who is asking; the answer is worked out once for a request."""
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    account = getattr(request, "user", None)
    actor = NOBODY
    if isinstance(account, Account):
        actor = acting(
            account,
            now=legal_now(),
            address=address_of(request),
            device=devices.mark_of(request, account.pk),
        )
    request.actor = actor  # type: ignore[attr-defined]  # kept for the rest of this request
    return actor


def is_same_person(actor: Actor, account_id: UUID | None) -> bool:
    """Tell whether an account is the actor's own, or of the same name in the same organisation.

    Where a second person is asked for (U-07), one who was given two accounts is still one.
    """
    if account_id is None or account_id == actor.account_id:
        return account_id is not None
    account = queries.account_with(account_id)
    return (
        account is not None
        and account.organisation_code == actor.organisation_code
        and _folded(account.display_name) == _folded(actor.name)
    )


def _folded(name: str) -> str:
    return "".join(normalize("NFKC", name).split()).casefold()


def acting(
    account: Account, *, now: datetime, address: str | None = None, device: str = ""
) -> Actor:
    """Return an account as who acts, with the roles that it has at that instant."""
    return Actor(
        account_id=account.pk,
        username=account.username,
        name=account.display_name,
        organisation_code=account.organisation_code,
        organisation_name=account.organisation_name,
        region_code=account.region_code,
        roles=queries.roles_of(account, now=now),
        address=address,
        device=device,
    )


def address_of(request: HttpRequest) -> str | None:
    """Return where a request came from; headers that anybody can write are not believed."""
    return address_in(request.META) or None


def address_in(environ: Mapping[str, Any]) -> str:
    """Return where the request with this environment came from.

    A node with an https address stands behind a proxy, which says who asked as it says that TLS was
    used: the last entry of X-Forwarded-For is its own. Else all visitors would have one address.
    """
    if settings.SECURE_PROXY_SSL_HEADER:
        said = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        with suppress(ValueError):
            return str(ip_address(said.partition("%")[0]))
    return str(environ.get("REMOTE_ADDR") or "")

"""Reads accounts, their roles in force, and the audit trail."""

from collections.abc import Iterable
from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.trust.identity.models import Account, AuditEntry


def spelled(username: str) -> str:
    """Return the one spelling of a name: full-width letters, case and outer spaces do not count."""
    return normalize("NFKC", username).strip().casefold()


def account_named(username: str) -> Account | None:
    """Return the account that signs in by this name, if there is one."""
    return Account.objects.filter(username=spelled(username)).first()


def account_with(account_id: UUID | None) -> Account | None:
    """Return the account of this key, if there is one."""
    return Account.objects.filter(pk=account_id).first() if account_id else None


def organisations_acting(roles: Iterable[str]) -> list[str]:
    """Return the codes of the organisations whose accounts were ever granted one of the roles."""
    acting = Account.objects.filter(grants__role__in=list(roles)).exclude(organisation_code="")
    codes = acting.order_by("organisation_code").values_list("organisation_code", flat=True)
    return list(codes.distinct())


def roles_of(account: Account, *, now: datetime) -> frozenset[str]:
    """Return the roles in force; a grant counts in the account's own region."""
    in_force = Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    grants = account.grants.filter(in_force, region_code=account.region_code)
    return frozenset(grants.values_list("role", flat=True))


def audit_of(object_id: str) -> QuerySet[AuditEntry]:
    """Return what was done to an object, newest first."""
    entries = AuditEntry.objects.filter(object_id=object_id).select_related("account")
    return entries.order_by("-happened_at", "-id")

"""Reads accounts, their roles in force, and the audit trail."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from unicodedata import normalize
from uuid import UUID

from django.db.models import F, Q, QuerySet

from gongheng.kernel.clock import midnight
from gongheng.trust.identity import codes, rules
from gongheng.trust.identity.models import Account, AuditEntry, Grant


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


def acting_among(codes: Collection[str], *, roles: Iterable[str], now: datetime) -> frozenset[str]:
    """Return those of the organisations for whom somebody holds one of the roles now."""
    in_force = Grant.objects.filter(_in_force(now), role__in=list(roles))
    acting = in_force.filter(account__organisation_code__in=set(codes) - {""})
    return frozenset(acting.values_list("account__organisation_code", flat=True))


def acting_over(region_code: str, *, role: str, now: datetime) -> QuerySet[Account]:
    """Return the accounts that hold a role now and reach a region: in it, its city or its province."""
    over = {region_code, f"{region_code[:4]}00", f"{region_code[:2]}0000"}
    in_force = Grant.objects.filter(_in_force(now), role=role, region_code__in=over)
    found = Account.objects.filter(region_code__in=over, is_active=True, grants__in=in_force)
    return found.distinct().order_by("id")


def organisation_named(code: str) -> str:
    """Return the name of an organisation whose people have accounts here, else its code."""
    names = Account.objects.filter(organisation_code=code).values_list("organisation_name")
    return str((names.order_by("id").first() or [code])[0])


def roles_of(account: Account, *, now: datetime) -> frozenset[str]:
    """Return the roles in force; a grant counts in the account's own region."""
    return frozenset(grants_in_force(account, now=now).values_list("role", flat=True))


def audit_of(object_id: str) -> QuerySet[AuditEntry]:
    """Return what was done to an object, newest first."""
    entries = AuditEntry.objects.filter(object_id=object_id).select_related("account")
    return entries.order_by("-happened_at", "-id")


def with_a_role(*, now: datetime) -> QuerySet[Account]:
    """Return the accounts that have any role now."""
    counting = Grant.objects.filter(_in_force(now), region_code=F("account__region_code"))
    return Account.objects.filter(pk__in=counting.values("account"))


def grants_in_force(account: Account, *, now: datetime) -> QuerySet[Grant]:
    """Return the grants of an account that count now."""
    return account.grants.filter(_in_force(now), region_code=account.region_code)


def _in_force(now: datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def accounts_within(reach: str, *, words: str = "") -> QuerySet[Account]:
    """Return the accounts of an area, those of a name or organisation if words are given."""
    found = Account.objects.filter(region_code__startswith=reach).prefetch_related("grants")
    if words:
        found = found.filter(
            Q(username__icontains=spelled(words))
            | Q(display_name__icontains=words)
            | Q(organisation_name__icontains=words)
            | Q(organisation_code=words)
        )
    return found.order_by("organisation_name", "username")


def must_enrol(account: Account, *, now: datetime, is_demo: bool) -> bool:
    """Tell whether somebody of the staff has no one-time codes yet; a demonstration asks for none."""
    is_staff = bool(roles_of(account, now=now) & rules.STAFF)
    return is_staff and not is_demo and codes.secret_of(account) is None


def trail(
    *, reach: str, person: str = "", object_id: str = "", deed: str = "", day: date | None = None
) -> QuerySet[AuditEntry]:
    """Return the audit trail of an area, newest first, by person, object, deed or day."""
    entries = AuditEntry.objects.filter(
        Q(region_code__startswith=reach) | Q(region_code="000000")
    ).select_related("account")
    if person:
        entries = entries.filter(account__username=spelled(person))
    if object_id:
        entries = entries.filter(object_id=object_id)
    if deed:
        entries = entries.filter(deed__startswith=deed)
    if day:
        begin = midnight(day)
        entries = entries.filter(happened_at__gte=begin, happened_at__lt=begin + timedelta(days=1))
    return entries.annotate(published_at=F("happened_at"))

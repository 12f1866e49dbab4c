"""What the three officers do with accounts and roles, and people with their own passwords (A-10)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import (
    actions,
    audit,
    bodies,
    codes,
    passwords,
    queries,
    role_sets,
    rules,
    telling,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, Grant
from gongheng.trust.identity.roles import OrganisationType

INITIAL_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Who gets an account, and for which organisation."""

    username: str
    display_name: str
    organisation_code: str
    organisation_name: str
    region_code: str
    organisation_type: str = ""
    """Of which type the body is; empty: as it is known, or as the first role says."""


@transaction.atomic
def open_account(*, facts: NewAccount, actor: Actor, now: datetime) -> tuple[Account, str]:
    """Open an account without roles; return it with its first password, which is shown once.

    Raises ``Refusal`` (rules.OUTSIDE_AREA, BODY_SETTLED, actions.NAME_TAKEN).
    """
    rules.require_area(region_code=facts.region_code, reach=actor.reach)
    password = secrets.token_urlsafe(INITIAL_BYTES)
    account = actions.create_account(
        username=facts.username,
        password=password,
        display_name=facts.display_name,
        organisation_code=facts.organisation_code,
        organisation_name=facts.organisation_name,
        region_code=facts.region_code,
        roles=(),
        now=now,
    )
    _must_change(account)
    if facts.organisation_type and facts.organisation_code:
        bodies.declare(
            organisation_code=facts.organisation_code,
            organisation_type=OrganisationType(facts.organisation_type),
            now=now,
            by=actor.person_id,
        )
    audit.record(actor=actor, deed="account.opened", object_id=account.pk, now=now)
    return account, password


@transaction.atomic
def reset_password(*, account_id: UUID, actor: Actor, now: datetime) -> tuple[Account, str]:
    """Give an account a new first password, end its sessions and forget its codes.

    Raises ``Refusal``, ``Account.DoesNotExist``.
    """
    account = _locked(account_id, actor)
    password = secrets.token_urlsafe(INITIAL_BYTES)
    account.set_password(password)
    account.save(update_fields=["password"])
    codes.forget(account)
    _must_change(account)
    audit.record(actor=actor, deed="account.password_reset", object_id=account.pk, now=now)
    return account, password


@transaction.atomic
def set_active(*, account_id: UUID, is_active: bool, actor: Actor, now: datetime) -> Account:
    """Stop an account, which ends its sessions, or let it go on. Raises ``Refusal``."""
    account = _locked(account_id, actor)
    account.is_active = is_active
    account.sessions_ended += 1
    account.save(update_fields=["is_active", "sessions_ended"])
    deed = "account.resumed" if is_active else "account.stopped"
    audit.record(actor=actor, deed=deed, object_id=account.pk, now=now)
    return account


@transaction.atomic
def grant(
    *, account_id: UUID, role: Role, ends_at: datetime | None, actor: Actor, now: datetime
) -> Grant:
    """Grant a role by its template, until an end within its longest term. Raises ``Refusal``."""
    account = _locked(account_id, actor)
    rules.require_term(now=now, ends_at=ends_at, longest=role_sets.standing().of(role).longest)
    standing = queries.grants_in_force(account, now=now).filter(role=role)
    if standing.filter(ends_at__isnull=True) or standing.filter(ends_at__gte=ends_at):
        raise Refusal(rules.ALREADY_GRANTED)
    made = actions.grant_role(
        account=account, role=role, now=now, ends_at=ends_at, granted_by=actor.account_id
    )
    audit.record(actor=actor, deed=f"role.granted.{role}", object_id=account.pk, now=now)
    telling.role_granted(account, role, ends_at=ends_at, now=now)
    return made


@transaction.atomic
def revoke(*, account_id: UUID, role: Role, actor: Actor, now: datetime) -> Account:
    """End every grant of a role that is in force. Raises ``Refusal``."""
    account = _locked(account_id, actor)
    standing = queries.grants_in_force(account, now=now).filter(role=role)
    # A grant lasts from its start to before its end: one of this very instant goes as if never made.
    was_held = standing.exists()
    standing.filter(starts_at=now).delete()
    standing.update(ends_at=now)
    audit.record(actor=actor, deed=f"role.revoked.{role}", object_id=account.pk, now=now)
    if was_held:
        telling.role_ended(account, role, why="安全管理员已收回", now=now)
    return account


@transaction.atomic
def change_password(*, account: Account, old: str, new: str, actor: Actor, now: datetime) -> None:
    """Change the own password. Raises ``Refusal`` (WRONG_OLD_PASSWORD, SAME_PASSWORD, WEAK)."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if not locked.check_password(old):
        raise Refusal(rules.WRONG_OLD_PASSWORD)
    if old == new:
        raise Refusal(rules.SAME_PASSWORD)
    passwords.require_strong(new, locked)
    locked.set_password(new)
    locked.must_change_password = False
    locked.save(update_fields=["password", "must_change_password"])
    audit.record(actor=actor, deed="account.password_changed", object_id=locked.pk, now=now)


@transaction.atomic
def end_other_sessions(*, account: Account, actor: Actor, now: datetime) -> Account:
    """End every session of the own account; the caller renews the one that is at hand."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    locked.sessions_ended += 1
    locked.save(update_fields=["sessions_ended"])
    audit.record(actor=actor, deed="session.others_ended", object_id=locked.pk, now=now)
    return locked


@transaction.atomic
def confirm_codes(*, account: Account, code: str, actor: Actor, now: datetime) -> None:
    """Begin to sign in with one-time codes. Raises ``Refusal`` (rules.WRONG_CODE)."""
    codes.confirm(account=account, code=code, now=machine_now())
    audit.record(actor=actor, deed="account.codes_confirmed", object_id=account.pk, now=now)


@transaction.atomic
def open_first_officers(
    *, region_code: str, organisation_code: str, organisation_name: str, now: datetime
) -> list[tuple[Account, str]]:
    """Open the three officers of a new node, each with a first password; once.

    Raises ``Refusal`` (actions.NAME_TAKEN) when they are there.
    """
    opened = []
    for role in (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR):
        password = secrets.token_urlsafe(INITIAL_BYTES)
        account = actions.create_account(
            username=role.value,
            password=password,
            display_name=str(role.label),
            organisation_code=organisation_code,
            organisation_name=organisation_name,
            region_code=region_code,
            roles=(),
            now=now,
        )
        ends_at = now + role_sets.standing().of(role).longest
        actions.grant_role(account=account, role=role, now=now, ends_at=ends_at)
        _must_change(account)
        opened.append((account, password))
    return opened


def _locked(account_id: UUID, actor: Actor) -> Account:
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    rules.require_area(region_code=account.region_code, reach=actor.reach)
    if account.pk == actor.account_id:
        raise Refusal(rules.NOT_ONESELF)
    return account


def _must_change(account: Account) -> None:
    account.must_change_password = True
    account.sessions_ended += 1
    account.save(update_fields=["must_change_password", "sessions_ended"])

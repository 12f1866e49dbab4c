"""Decisions of the register: where it is kept, and by its officers only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.data.exchange.stations import keeper, own_code
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import (
    applying,
    checking,
    content,
    queries,
    reasons,
    reports,
    rules,
    telling,
)
from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Correction,
    Purpose,
    SubjectKind,
    SubjectState,
)
from gongheng.registers.subjects.models import Application, Subject, SubjectVersion
from gongheng.trust.identity import actions as identity, audit, queries as accounts, role_sets
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

DEREGISTERED = "3"
"""The code of the list LEGAL_STATUS for who was taken out of the register."""


@transaction.atomic
def approve(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Carry out what an application asks for; its account gets its roles.

    Raises ``Refusal`` (KEPT_ELSEWHERE, NOT_OPEN, CHANGED_MEANWHILE, GONE, OLD_NAME).
    """
    application = _open(application_id, actor)
    subject = _locked_subject(application, now=now)
    kind = SubjectKind(application.kind)
    if application.purpose != Purpose.DEREGISTER:
        entry, _ = checking.looked_up(kind, application.body)
        rules.require_alive(entry)
        rules.require_present_name(application.name, entry)
    if application.purpose == Purpose.DEREGISTER:
        _deregister(subject, actor, now)
    elif application.purpose == Purpose.CHANGE:
        if subject.version != application.base_version:
            raise Refusal(reasons.CHANGED_MEANWHILE, now_version=subject.version)
        _verify(subject, application.body, by=actor.name, now=now)
    elif subject.state != SubjectState.VERIFIED:
        _verify(subject, application.body, by=actor.name, now=now)
    _decide(application, ApplicationState.APPROVED, actor, now)
    return application


@transaction.atomic
def send_back(
    *, application_id: UUID, corrections: Sequence[Correction], actor: Actor, now: datetime
) -> Application:
    """Return an application once, with everything that has to be put right.

    Raises ``Refusal`` (KEPT_ELSEWHERE, NOT_OPEN, RETURNED_ONCE, NO_WORDS).
    """
    application = _open(application_id, actor)
    rules.require_may_return(
        was_returned=application.returned_at is not None, corrections=corrections
    )
    application.state = ApplicationState.RETURNED
    application.returned_at = now
    application.corrections = [
        {"field": each.field, "words": each.words.strip()} for each in corrections
    ]
    application.decided_by = actor.name
    application.save()
    audit.record(actor=actor, deed="subject.returned", object_id=application.pk, now=now)
    telling.decided(application, now=now)
    return application


@transaction.atomic
def reject(*, application_id: UUID, reason: str, actor: Actor, now: datetime) -> Application:
    """Decide against an application. Raises ``Refusal`` (KEPT_ELSEWHERE, NOT_OPEN, NO_WORDS)."""
    rules.require_words(reason)
    application = _open(application_id, actor)
    subject = _locked_subject(application, now=now)
    if subject.version == 0:
        subject.state = SubjectState.REJECTED
        subject.state_reason = reason.strip()[:500]
        subject.changed_at = now
        subject.save()
    application.reason = reason.strip()[:500]
    _decide(application, ApplicationState.REJECTED, actor, now)
    return application


@transaction.atomic
def suspend(*, code: str, reason: str, actor: Actor, now: datetime) -> Subject:
    """Keep a verified subject out of new trades for a reason. Raises ``Refusal``."""
    rules.require_words(reason)
    turn = (SubjectState.VERIFIED, SubjectState.SUSPENDED)
    return _turn(code, turn, reason=reason, actor=actor, now=now)


@transaction.atomic
def resume(*, code: str, reason: str, actor: Actor, now: datetime) -> Subject:
    """End a suspension for a reason. Raises ``Refusal``."""
    rules.require_words(reason)
    turn = (SubjectState.SUSPENDED, SubjectState.VERIFIED)
    return _turn(code, turn, reason=reason, actor=actor, now=now)


@transaction.atomic
def enter_verified(
    *,
    kind: SubjectKind,
    body: Mapping[str, str],
    verified_by: str,
    now: datetime,
    region_code: str,
) -> SubjectVersion:
    """Take over a subject that was verified before this register began. Raises ``Refusal``."""
    _require_kept_here()
    applying.require_right(kind, body, now=now)
    name = rules.name_of(kind, body)
    subject = Subject.objects.create(
        region_code=region_code,
        code=rules.code_of(kind, body),
        kind=kind,
        name=name,
        core=rules.core_of(name),
        state=SubjectState.SUBMITTED,
        origin=own_code(),
        changed_at=now,
    )
    return _verify(subject, body, by=verified_by, now=now)


def open_account(application: Application, roles: frozenset[str], *, now: datetime) -> None:
    """Give the account of an approved application the roles that go with its subject's."""
    account = accounts.account_with(application.account_id)
    if account is None or application.origin != own_code():
        return
    standing = accounts.roles_of(account, now=now)
    for role in _ACCOUNT_ROLES:
        if roles & _ACCOUNT_ROLES[role] and role not in standing:
            # Every grant ends (000-23); the security officer renews it.
            ends_at = now + role_sets.standing().of(role).longest
            identity.grant_role(account=account, role=role, now=now, ends_at=ends_at)


_ACCOUNT_ROLES: Mapping[Role, frozenset[str]] = {
    Role.CLERK: frozenset({"01", "02"}),
    Role.BIDDER: frozenset({"03"}),
}
"""Which roles in trades open which role of an account."""


def _open(application_id: UUID, actor: Actor) -> Application:
    _require_kept_here()
    within = queries.applications_for(actor).select_for_update(of=("self",))
    application = within.get(pk=application_id)
    if application.state != ApplicationState.SUBMITTED:
        raise Refusal(reasons.NOT_OPEN)
    return application


def _require_kept_here() -> None:
    if keeper() is not None:
        raise Refusal(reasons.KEPT_ELSEWHERE)


def _locked_subject(application: Application, *, now: datetime) -> Subject:
    applying.note_subject(application, now=now)
    return Subject.objects.select_for_update(of=("self",)).get(code=application.code)


def _verify(subject: Subject, body: Mapping[str, str], *, by: str, now: datetime) -> SubjectVersion:
    kind = SubjectKind(subject.kind)
    before = subject.versions.filter(number=subject.version).first()
    changes = rules.differences(before.body, body, content.labels(kind)) if before else []
    name = rules.name_of(kind, body)
    version = SubjectVersion.objects.create(
        region_code=subject.region_code,
        subject=subject,
        number=subject.version + 1,
        name=name,
        body=dict(body),
        changes=changes,
        digest=rules.digest_of(body),
        verified_by=by,
        verified_at=now,
    )
    subject.name = name
    subject.core = rules.core_of(name)
    subject.version = version.number
    subject.state = SubjectState.VERIFIED
    subject.state_reason = ""
    subject.changed_at = now
    subject.save()
    reports.verified(version, now=now)
    return version


def _deregister(subject: Subject, actor: Actor, now: datetime) -> None:
    before = subject.versions.get(number=subject.version)
    if subject.kind != SubjectKind.NATURAL_PERSON:
        _verify(subject, before.body | {"LEGAL_STATUS": DEREGISTERED}, by=actor.name, now=now)
    subject.state = SubjectState.DEREGISTERED
    subject.state_reason = "按主体申请注销登记。"
    subject.changed_at = now
    subject.save()
    subject.keys.filter(ends_at=None).update(ends_at=now)


def _turn(code: str, turn: tuple[str, str], *, reason: str, actor: Actor, now: datetime) -> Subject:
    _require_kept_here()
    from_state, to_state = turn
    within = queries.subjects_within(actor).select_for_update(of=("self",))
    subject = within.get(code=code)
    if subject.state != from_state:
        raise Refusal(reasons.NOT_VERIFIED, state=subject.state)
    subject.state = to_state
    subject.state_reason = reason.strip()[:500]
    subject.changed_at = now
    subject.save()
    audit.record(actor=actor, deed=f"subject.{to_state}", object_id=subject.pk, now=now)
    return subject


def _decide(application: Application, state: str, actor: Actor, now: datetime) -> None:
    application.state = state
    application.findings = [each.as_json() for each in checking.findings(application)]
    application.decided_at = now
    application.decided_by = actor.name
    application.save()
    audit.record(actor=actor, deed=f"subject.{state}", object_id=application.pk, now=now)
    telling.decided(application, now=now)
    if state == ApplicationState.APPROVED and application.purpose != Purpose.DEREGISTER:
        version = queries.require_verified(application.code)
        open_account(application, queries.roles_of(version), now=now)

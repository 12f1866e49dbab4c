"""Applications to the register: signing up, asking for a change, putting right what was returned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.data.exchange.stations import keeper, own_code
from gongheng.data.records.reasons import INVALID
from gongheng.data.standard import validator
from gongheng.kernel.findings import Severity
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms.services import U_01
from gongheng.registers.subjects import checking, content, queries, reasons, reports, rules
from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Purpose,
    SubjectKind,
    SubjectState,
)
from gongheng.registers.subjects.models import Application, Subject
from gongheng.trust.identity import actions as identity, audit
from gongheng.trust.identity.actors import NOBODY, Actor

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, and from where; ``account_id`` is an account of the node of ``origin``."""

    name: str
    phone: str = ""
    account_id: UUID | None = None
    address: str | None = None
    origin: str = ""
    region_code: str = ""


@transaction.atomic
def sign_up(
    *,
    kind: SubjectKind,
    body: Mapping[str, str],
    username: str,
    password: str,
    applicant: Applicant,
    now: datetime,
) -> Application:
    """Apply for registration, with an account that gets its roles once the subject is verified.

    Raises ``Refusal``: those of ``submit`` and of ``identity.actions.create_account``.
    """
    account = identity.create_account(
        username=username,
        password=password,
        display_name=applicant.name,
        organisation_code=rules.code_of(kind, body),
        organisation_name=rules.name_of(kind, body),
        region_code=settings.NODE.region_code,
        roles=(),
        now=now,
    )
    return submit(
        kind=kind,
        purpose=Purpose.REGISTER,
        body=body,
        applicant=Applicant(applicant.name, applicant.phone, account.pk, applicant.address),
        now=now,
    )


@transaction.atomic
def submit(
    *,
    kind: SubjectKind,
    purpose: Purpose,
    body: Mapping[str, str],
    applicant: Applicant,
    now: datetime,
    base_version: int = 0,
    application_id: UUID | None = None,
) -> Application:
    """Put an application into the queue of the register; a city's waits to be sent there.

    ``body`` is a row of the standard. Raises ``Refusal`` (BAD_CREDIT_CODE, BAD_PERSON_CODE,
    INVALID, GONE, OLD_NAME, OPEN_ALREADY, TOO_MANY).
    """
    require_right(kind, body, now=now)
    _require_calm(applicant, now)
    code, name = rules.code_of(kind, body), rules.name_of(kind, body)
    entry, _ = checking.looked_up(kind, body)
    if purpose is not Purpose.DEREGISTER:
        rules.require_alive(entry)
        rules.require_present_name(name, entry)
    if queries.open_application(code) is not None:
        raise Refusal(reasons.OPEN_ALREADY)
    here = keeper() is None
    purpose = _purpose(purpose, code) if here else purpose
    application = Application(
        pk=application_id or uuid7(),
        region_code=applicant.region_code or settings.NODE.region_code,
        code=code,
        kind=kind,
        purpose=purpose,
        name=name,
        core=rules.core_of(name),
        body=dict(body),
        base_version=base_version,
        origin=applicant.origin or own_code(),
        account_id=applicant.account_id,
        applicant_name=applicant.name,
        applicant_phone=applicant.phone,
        address=applicant.address,
        state=ApplicationState.SUBMITTED,
        submitted_at=now,
        due_at=U_01.deadline("提交登记资料", now).ends_at,
        sent_at=now if here else None,
    )
    _keep(application)
    if here:
        note_subject(application, now=now)
    audit.record(
        actor=NOBODY,
        deed="subject.applied",
        object_id=application.pk,
        now=now,
        address=applicant.address,
    )
    return application


@transaction.atomic
def change(
    *, body: Mapping[str, str], base_version: int, actor: Actor, now: datetime
) -> Application:
    """Ask for a change of one's own verified subject.

    Raises ``Refusal`` (NOT_VERIFIED, CODE_FIXED, NOTHING_CHANGED, CHANGED_MEANWHILE and those of
    ``submit``).
    """
    queries.require_acting(actor)
    version = queries.require_verified(actor.organisation_code)
    kind = SubjectKind(version.subject.kind)
    if rules.code_of(kind, body) != actor.organisation_code:
        raise Refusal(reasons.CODE_FIXED)
    if version.number != base_version:
        raise Refusal(reasons.CHANGED_MEANWHILE, now_version=version.number)
    if not rules.differences(version.body, body, content.labels(kind)):
        raise Refusal(reasons.NOTHING_CHANGED)
    return submit(
        kind=kind,
        purpose=Purpose.CHANGE,
        body=body,
        applicant=_applicant(actor),
        now=now,
        base_version=base_version,
    )


@transaction.atomic
def ask_deregistration(*, actor: Actor, now: datetime) -> Application:
    """Ask to be taken out of the register. Raises ``Refusal`` (NOT_VERIFIED, OPEN_ALREADY)."""
    queries.require_acting(actor)
    version = queries.require_verified(actor.organisation_code)
    return submit(
        kind=SubjectKind(version.subject.kind),
        purpose=Purpose.DEREGISTER,
        body=version.body,
        applicant=_applicant(actor),
        now=now,
        base_version=version.number,
    )


@transaction.atomic
def resubmit(
    *, application_id: UUID, body: Mapping[str, str], actor: Actor, now: datetime
) -> Application:
    """Hand in again what was returned, put right. Raises ``Refusal`` (NOT_OPEN, CODE_FIXED ...)."""
    own = queries.applications_of(actor).select_for_update(of=("self",))
    application = own.get(pk=application_id)
    put_right(application, body, now=now, is_sent=keeper() is None)
    audit.record(actor=actor, deed="subject.applied", object_id=application.pk, now=now)
    return application


def put_right(
    application: Application, body: Mapping[str, str], *, now: datetime, is_sent: bool
) -> None:
    """Take the new body of a returned application, which the caller has locked."""
    if application.state != ApplicationState.RETURNED:
        raise Refusal(reasons.NOT_OPEN)
    kind = SubjectKind(application.kind)
    require_right(kind, body, now=now)
    if rules.code_of(kind, body) != application.code:
        raise Refusal(reasons.CODE_FIXED)
    application.body = dict(body)
    application.name = rules.name_of(kind, body)
    application.core = rules.core_of(application.name)
    application.state = ApplicationState.SUBMITTED
    application.submitted_at = now
    application.due_at = U_01.deadline("补正登记资料", now).ends_at
    application.sent_at = now if is_sent else None
    application.save()


def require_right(kind: SubjectKind, body: Mapping[str, str], *, now: datetime) -> None:
    """Refuse a row that the standard refuses, or that reads otherwise than it is.

    Raises ``Refusal`` (INVALID, BAD_..._CODE, INVISIBLE).
    """
    field = "ID_CARD" if kind is SubjectKind.NATURAL_PERSON else "LEGAL_CODE"
    rules.require_code(body.get(field, ""), kind)
    rules.require_visible(body)
    findings = list(validator.check(kind.dataset, reports.row_of(body, now=now)))
    if any(finding.severity == Severity.ERROR for finding in findings):
        raise Refusal(INVALID, findings=findings)


def _require_calm(applicant: Applicant, now: datetime) -> None:
    if applicant.address and not applicant.origin:
        recent = Application.objects.filter(
            address=applicant.address, submitted_at__gt=now - HOUR
        ).count()
        rules.require_may_submit(recent)


def _purpose(purpose: Purpose, code: str) -> Purpose:
    """Turn the registration of who is verified already into the opening of an account."""
    known = Subject.objects.filter(code=code).first()
    if purpose is Purpose.REGISTER and known is not None and known.state == SubjectState.VERIFIED:
        return Purpose.JOIN
    return purpose


def _keep(application: Application) -> None:
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError:
        # Two people applied for one code at the same moment; the constraint let one through.
        raise Refusal(reasons.OPEN_ALREADY) from None


def note_subject(application: Application, *, now: datetime) -> None:
    """Let the register know a subject from its first application on."""
    subject, is_new = Subject.objects.get_or_create(
        code=application.code,
        defaults={
            "region_code": application.region_code,
            "kind": application.kind,
            "name": application.name,
            "core": application.core,
            "state": SubjectState.SUBMITTED,
            "origin": application.origin,
            "changed_at": now,
        },
    )
    if not is_new and subject.state == SubjectState.REJECTED:
        subject.state = SubjectState.SUBMITTED
        subject.save(update_fields=["state"])


def _applicant(actor: Actor) -> Applicant:
    return Applicant(name=actor.name, account_id=actor.person_id, address=actor.address)

"""A city's copy of the register: what the keeper signed is learnt, and sent what waits for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from django.db import transaction

from gongheng.data.exchange import protocol
from gongheng.data.exchange.stations import Peer
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers import home
from gongheng.registers.subjects import deciding, queries, rules, standing, telling
from gongheng.registers.subjects.kinds import ApplicationState, Purpose
from gongheng.registers.subjects.models import Application, Subject, SubjectKey, SubjectVersion
from gongheng.registers.subjects.standing import Standing


@transaction.atomic
def learn(statement: str, *, keeper: Peer) -> Subject:
    """Keep what the keeper signed of a subject. Raises ``Refusal`` (FORGED_COPY).

    An older statement than the one that is kept changes nothing.
    """
    stated = standing.read(statement, keeper=keeper)
    rows = Subject.objects.select_for_update(of=("self",))
    subject = rows.filter(code=stated.code).first() or Subject(code=stated.code)
    if subject.statement and _stated_at(subject, keeper) > stated.stated_at:
        return subject
    subject.region_code = stated.region_code
    subject.kind = stated.kind
    subject.name = stated.name
    subject.core = rules.core_of(stated.name)
    subject.state = stated.state
    subject.state_reason = stated.reason
    subject.version = stated.version
    subject.origin = stated.origin
    subject.statement = statement
    subject.learnt_at = machine_now()
    subject.changed_at = stated.stated_at
    subject.save()
    if stated.version:
        _keep_version(subject, stated)
    return subject


def _stated_at(subject: Subject, keeper: Peer) -> datetime:
    try:
        return standing.read(subject.statement, keeper=keeper).stated_at
    except Refusal:
        return datetime.min.replace(tzinfo=machine_now().tzinfo)  # forged: anything is newer


def _keep_version(subject: Subject, stated: Standing) -> None:
    """Keep the version; a copy that was tampered with becomes again what the keeper signed."""
    facts = {
        "region_code": stated.region_code,
        "name": stated.name,
        "body": dict(stated.body),
        "digest": stated.digest,
        "verified_by": stated.verified_by,
        "verified_at": datetime.fromisoformat(stated.verified_at),
    }
    SubjectVersion.objects.update_or_create(subject=subject, number=stated.version, defaults=facts)


def fetch(client: httpx.Client, code: str, *, keeper: Peer) -> Subject | None:
    """Ask the keeper for a subject, and keep the answer. Raises ``Refusal``."""
    answer = home.ask(client, keeper, f"subjects/{code}", "subject", {"code": code}, method="GET")
    statement = str(answer.get("statement") or "")
    return learn(statement, keeper=keeper) if statement else None


def deliver(client: httpx.Client, application: Application, *, keeper: Peer, now: datetime) -> None:
    """Send an application to the keeper; what it refuses is decided. Raises ``Refusal``."""
    content = {
        "id": str(application.pk),
        "region_code": application.region_code,
        "kind": application.kind,
        "purpose": application.purpose,
        "body": application.body,
        "base_version": application.base_version,
        "applicant_name": application.applicant_name,
        "applicant_phone": application.applicant_phone,
        "submitted_at": application.submitted_at.isoformat(),
    }
    try:
        answer = home.ask(client, keeper, "subjects", "applications", {"application": content})
    except Refusal as refusal:
        if not _is_decision(refusal):
            raise
        _refused(application, refusal, keeper_name=keeper.name, now=now)
        return
    application.sent_at = now
    application.save(update_fields=["sent_at"])
    hear(application, answer, keeper=keeper, now=now)


def follow(client: httpx.Client, application: Application, *, keeper: Peer, now: datetime) -> None:
    """Ask what has become of an application. Raises ``Refusal``."""
    path = f"applications/{application.pk}"
    question = {"application": str(application.pk)}
    answer = home.ask(client, keeper, path, "application", question, method="GET")
    hear(application, answer, keeper=keeper, now=now)


@transaction.atomic
def hear(application: Application, answer: dict[str, Any], *, keeper: Peer, now: datetime) -> None:
    """Write down what the keeper says of an application; an approval opens its account."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state not in queries.OPEN or locked.sent_at is None:
        return
    before = locked.state
    locked.state = ApplicationState(str(answer["state"]))
    locked.purpose = Purpose(str(answer["purpose"]))
    locked.reason = str(answer["reason"])
    locked.corrections = list(answer["corrections"])
    locked.decided_by = str(answer["decided_by"])
    locked.due_at = protocol.instant(answer, "due_at")
    if locked.state == ApplicationState.RETURNED:
        locked.returned_at = locked.returned_at or now
    if locked.state not in queries.OPEN:
        locked.decided_at = now
    locked.save()
    if locked.state != before:
        telling.decided(locked, now=now)
    statement = str(answer.get("statement") or "")
    if statement:
        learn(statement, keeper=keeper)
    is_opening = locked.state == ApplicationState.APPROVED and locked.purpose != Purpose.DEREGISTER
    if is_opening:
        version = queries.require_verified(locked.code)
        deciding.open_account(locked, queries.roles_of(version), now=now)


def send_key(client: httpx.Client, key: SubjectKey, *, keeper: Peer, now: datetime) -> None:
    """Send a key to the keeper; one that it refuses ends. Raises ``Refusal``."""
    question = {
        "code": key.subject.code,
        "key": key.public_key,
        "proof": key.proof,
        "by": key.registered_by,
    }
    try:
        answer = home.ask(client, keeper, "keys", "keys", question)
    except Refusal as refusal:
        if not _is_decision(refusal):
            raise
        key.ends_at = max(now, key.starts_at)
        key.save(update_fields=["ends_at"])
        return
    with transaction.atomic():
        key.subject.keys.filter(ends_at=None, confirmed_at__isnull=False).update(ends_at=now)
        key.confirmed_at = now
        key.save(update_fields=["confirmed_at"])
        learn(str(answer["statement"]), keeper=keeper)


def application_id(question: dict[str, Any]) -> UUID | None:
    """Return the application that a question is about."""
    try:
        return UUID(str(question.get("application")))
    except ValueError:
        return None


def _is_decision(refusal: Refusal) -> bool:
    """Tell whether the keeper judged the matter, not merely how it was asked."""
    code = str(refusal.facts.get("code", ""))
    return refusal.reason is home.REFUSED and not code.startswith("exchange.")


def _refused(
    application: Application, refusal: Refusal, *, keeper_name: str, now: datetime
) -> None:
    application.state = ApplicationState.REJECTED
    application.reason = str(refusal.facts["words"])[:500]
    application.sent_at = now
    application.decided_at = now
    application.decided_by = keeper_name[:60]
    application.save()
    telling.decided(application, now=now)

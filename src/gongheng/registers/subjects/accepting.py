"""The keeper's side: applications, questions and keys that come from cities."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gongheng.data.exchange.reasons import UNREADABLE
from gongheng.data.exchange.stations import Peer
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import applying, keeping, keys, queries, reasons, rules, standing
from gongheng.registers.subjects.applying import Applicant
from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Purpose,
    SubjectKind,
)
from gongheng.registers.subjects.models import Application, Subject


@transaction.atomic
def take_application(
    peer: Peer, question: Mapping[str, Any], *, now: datetime
) -> dict[str, object]:
    """Put a city's application into the queue, or take what it put right; repeating is safe.

    Raises ``Refusal``.
    """
    given = question.get("application")
    if not isinstance(given, dict):
        raise Refusal(UNREADABLE, what="application")
    application_id = keeping.application_id({"application": given.get("id")})
    if application_id is None:
        raise Refusal(UNREADABLE, what="id")
    body = _body(given.get("body"))
    rows = Application.objects.select_for_update(of=("self",))
    known = rows.filter(pk=application_id).first()
    if known is not None and known.origin != peer.code:
        raise Refusal(UNREADABLE, what="id")
    if known is None:
        known = _new(peer, given, body, now=now, application_id=application_id)
    elif known.state == ApplicationState.RETURNED and known.body != body:
        applying.put_right(known, body, now=now, is_sent=True)
    return state_of(known)


def _new(
    peer: Peer,
    given: Mapping[str, Any],
    body: dict[str, str],
    *,
    now: datetime,
    **more: Any,  # noqa: ANN401
) -> Application:
    try:
        kind, purpose = SubjectKind(str(given.get("kind"))), Purpose(str(given.get("purpose")))
        base_version = int(given.get("base_version", 0))
    except (ValueError, TypeError):
        raise Refusal(UNREADABLE, what="application") from None
    if purpose in {Purpose.CHANGE, Purpose.DEREGISTER}:
        _require_present(rules.code_of(kind, body), base_version)
    return applying.submit(
        kind=kind,
        purpose=purpose,
        body=body,
        applicant=Applicant(
            name=str(given.get("applicant_name", ""))[:60],
            phone=str(given.get("applicant_phone", ""))[:40],
            origin=peer.code,
            region_code=_region(given.get("region_code"), peer),
        ),
        now=now,
        base_version=base_version,
        **more,
    )


def _require_present(code: str, base_version: int) -> None:
    if queries.require_verified(code).number != base_version:
        raise Refusal(reasons.CHANGED_MEANWHILE)


def _region(stated: object, peer: Peer) -> str:
    text = str(stated)
    return text if len(text) == len("530100") and text.isdigit() else peer.code[:6]


def _body(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise Refusal(UNREADABLE, what="body")
    return {str(field): value for field, value in raw.items() if value}


def application_of(peer: Peer, question: Mapping[str, Any]) -> dict[str, object]:
    """Return what has become of a city's application. Raises ``Refusal`` (UNREADABLE)."""
    application_id = keeping.application_id(dict(question))
    own = Application.objects.filter(origin=peer.code)
    known = own.filter(pk=application_id).first() if application_id else None
    if known is None:
        raise Refusal(UNREADABLE, what="application")
    return state_of(known)


def state_of(application: Application) -> dict[str, object]:
    """Return an application as it is told to its city."""
    is_approved = application.state == ApplicationState.APPROVED
    return {
        "state": application.state,
        "purpose": application.purpose,
        "reason": application.reason,
        "corrections": application.corrections,
        "decided_by": application.decided_by,
        "due_at": application.due_at.isoformat(),
        "statement": statement_on(application.code) if is_approved else "",
    }


def statement_on(code: str) -> str:
    """Return the keeper's signed statement on a subject, empty for nobody."""
    subject = Subject.objects.filter(code=code).first()
    if subject is None:
        return ""
    version = subject.versions.filter(number=subject.version).first()
    return standing.state(subject, version, now=machine_now())


def take_key(question: Mapping[str, Any], *, now: datetime) -> dict[str, object]:
    """Take a subject's key from a city. Raises ``Refusal``."""
    code = str(question.get("code", ""))
    queries.require_verified(code)
    keys.enter_key(
        code=code,
        public_key_hex=str(question.get("key", "")),
        proof=str(question.get("proof", "")),
        by=str(question.get("by", ""))[:60],
        now=now,
    )
    return {"statement": statement_on(code)}

"""Asks for, decides and does early looks at secret items: the only writer of this room (A-13).

Bids are not among the items: their shares of the key lie with bodies outside the platform (A-06).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.emergency import items, permissions, queries, reports, rules, telling
from gongheng.trading.emergency.items import Line
from gongheng.trading.emergency.kinds import Ground, Item, State
from gongheng.trading.emergency.models import Look, Request
from gongheng.trading.emergency.papers import PAPERS
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, is_same_person
from gongheng.web.files import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a request says."""

    item: Item
    ground: Ground
    document: str
    reason: str
    paper: Paper | None
    hours: int


@transaction.atomic
def ask(*, case_id: UUID, facts: Facts, actor: Actor, now: datetime) -> Request:
    """Ask for an early look; nothing is opened by it.

    Raises ``Refusal`` (NO_PAPER, NOT_SECRET, ASKED_ALREADY, NO_AUDITOR; those of a kept paper),
    ``Http404``.
    """
    _require_supervisor(actor)
    case = cases.cases_for(actor).filter(pk=case_id).first()
    if case is None:
        raise Http404
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    rules.require_paper(
        document=facts.document, reason=facts.reason, has_paper=facts.paper is not None
    )
    rules.require_hours(facts.hours)
    if facts.item not in queries.items_of(case):
        raise Refusal(rules.NOT_SECRET)
    if queries.open_on(case, facts.item, now=now):
        raise Refusal(rules.ASKED_ALREADY)
    _require_auditor(case.region_code, now=now)
    digest, name = PAPERS.enter(facts.paper, title=f"{case.code}-应急查阅依据")
    made = Request.objects.create(
        region_code=case.region_code,
        case=case,
        item=facts.item,
        ground=facts.ground,
        document=facts.document.strip(),
        reason=facts.reason.strip(),
        paper_digest=digest,
        paper_name=name,
        hours=facts.hours,
        state=State.WAITING,
        asked_by=actor.person_id,
        asked_by_name=actor.name,
        asked_for_name=actor.organisation_name,
        asked_at=now,
    )
    audit.record(actor=actor, deed="emergency.asked", object_id=made.pk, now=now)
    return made


@transaction.atomic
def decide(
    *, request_id: UUID, approves: bool, answer: str = "", actor: Actor, now: datetime
) -> Request:
    """Approve a request, or not, as the second person; the auditor hears of an approval at once.

    Raises ``Refusal`` (NOT_WAITING, SAME_PERSON, NO_ANSWER, NO_AUDITOR), ``Http404``.
    """
    request = _locked(request_id, actor)
    rules.require_decidable(
        state=request.state,
        asked_at=request.asked_at,
        is_same_person=is_same_person(actor, request.asked_by),
        now=now,
    )
    if not approves and not answer.strip():
        raise Refusal(rules.NO_ANSWER)
    request.state = State.APPROVED if approves else State.REJECTED
    request.decided_by, request.decided_by_name = actor.person_id, actor.name
    request.decided_for_name = actor.organisation_name
    request.decided_at, request.answer = now, answer.strip()
    if approves:
        _require_auditor(request.region_code, now=now)
        request.ends_at = now + timedelta(hours=request.hours)
        request.approval_id = reports.approved(request, by=actor.organisation_code, now=now).pk
    request.save()
    deed = "emergency.approved" if approves else "emergency.rejected"
    audit.record(actor=actor, deed=deed, object_id=request.pk, now=now)
    if approves:
        telling.auditors(request, now=now)
    return request


@transaction.atomic
def look(*, request_id: UUID, actor: Actor, now: datetime) -> tuple[Request, list[Line]]:
    """Look once: the look is in trail, log and the auditor's inbox with the list, or there is none.

    Raises ``Refusal`` (NOT_APPROVED, NOT_YOURS, NOT_PROVEN, NO_AUDITOR), ``Http404``.
    """
    request = _locked(request_id, actor)
    rules.require_in_force(
        state=request.state,
        ends_at=request.ends_at,
        people=(request.asked_by, request.decided_by),
        by=actor.person_id,
        now=now,
    )
    if not queries.is_proven(request):
        raise Refusal(rules.NOT_PROVEN)
    _require_auditor(request.region_code, now=now)
    made = Look.objects.create(
        pk=uuid7(),
        region_code=request.region_code,
        request=request,
        account_id=actor.person_id,
        name=actor.name,
        looked_at=now,
    )
    reports.looked(made, by=actor.organisation_code, now=now)
    audit.record(actor=actor, deed="emergency.looked", object_id=request.pk, now=now)
    telling.auditors(request, look=made, now=now)
    return request, items.lines_of(request.case, Item(request.item))


def tell_parties(*, now: datetime) -> int:
    """Tell the parties of each approved look whose item is no secret any more; return how many.

    Judged without a lock first: on most looks none is, and a lock is a write.
    """
    due = [row.pk for row in _untold() if _is_open(row)]
    return sum(_tell_parties(request_id, now=now) for request_id in due)


def _untold() -> QuerySet[Request]:
    return Request.objects.filter(state=State.APPROVED, told_at__isnull=True).select_related("case")


def _is_open(request: Request) -> bool:
    return not queries.is_secret(request.case, Item(request.item))


@transaction.atomic
def _tell_parties(request_id: UUID, *, now: datetime) -> int:
    """Return 1, or 0 where another was quicker."""
    locked = _untold().select_for_update(of=("self",), skip_locked=True)
    row = locked.filter(pk=request_id).first()
    if row is None or not _is_open(row):
        return 0
    row.told_at = now
    row.save(update_fields=["told_at"])
    telling.parties(row, now=now)
    return 1


def _locked(request_id: UUID, actor: Actor) -> Request:
    _require_supervisor(actor)
    mine = queries.requests_for(actor).filter(pk=request_id)
    found = mine.select_for_update(of=("self",)).first()
    if found is None:
        raise Http404
    return found


def _require_supervisor(actor: Actor) -> None:
    if not actor.may(permissions.ASK):
        raise Http404


def _require_auditor(region_code: str, *, now: datetime) -> None:
    if not queries.auditors_of(region_code, now=now):
        raise Refusal(rules.NO_AUDITOR)

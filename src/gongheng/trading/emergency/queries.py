"""Reads requests for early looks: those of the own area, for supervisors and auditors."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from gongheng.data.records import queries as records
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Party, Sight, TenderMode
from gongheng.trading.cases.models import Case
from gongheng.trading.emergency import permissions, reports, rules
from gongheng.trading.emergency.kinds import Item, State
from gongheng.trading.emergency.models import Request
from gongheng.trading.emergency.papers import PAPERS
from gongheng.trust.identity import queries as people
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def requests_for(actor: Actor) -> QuerySet[Request]:
    """Return the requests of a person's area, the newest first."""
    if not actor.may(permissions.READ):
        return Request.objects.none()
    found = Request.objects.filter(region_code__startswith=actor.reach)
    return found.select_related("case").order_by("-asked_at", "-id")


def items_of(case: Case) -> list[Item]:
    """Return what of a case a supervisor cannot see now without an early look."""
    is_invited = cases.declaration_of(case).tender_mode is TenderMode.INVITED
    return [
        item
        for item in Item
        if (is_invited or item is not Item.INVITEES)
        and cases.sight(case, information=item.information, party=Party.SUPERVISOR)
        is not Sight.FULL
    ]


def is_secret(case: Case, item: Item) -> bool:
    """Tell whether the parties themselves may not know an item yet."""
    seen = cases.sight(case, information=item.information, party=Party.TENDERER)
    return seen is not Sight.FULL and not case.is_over


def open_on(case: Case, item: Item, *, now: datetime) -> bool:
    """Tell whether a request for an item waits for its second person, or is in force."""
    found = Request.objects.filter(case=case, item=item)
    waiting = found.filter(state=State.WAITING, asked_at__gt=now - rules.DECIDED_WITHIN)
    return waiting.exists() or found.filter(state=State.APPROVED, ends_at__gt=now).exists()


def waiting_for(actor: Actor, *, now: datetime) -> QuerySet[Request]:
    """Return the requests of others that a supervisor may decide."""
    if not actor.may(permissions.ASK):
        return Request.objects.none()
    since = now - rules.DECIDED_WITHIN
    found = requests_for(actor).filter(state=State.WAITING, asked_at__gt=since)
    return found.exclude(asked_by=actor.person_id)


def auditors_of(region_code: str, *, now: datetime) -> list[UUID]:
    """Return the accounts of the auditors who reach a region."""
    found = people.acting_over(region_code, role=Role.AUDITOR, now=now)
    return list(found.values_list("pk", flat=True))


def is_proven(request: Request) -> bool:
    """Tell whether the log and the paper on the disk bear out what the row says.

    Whoever writes into the database alone, or exchanges the paper, opens nothing.
    """
    act = records.act_in_log(request.approval_id) if request.approval_id else None
    if act is None or act.kind != reports.APPROVED or act.case_code != request.case.code:
        return False
    if act.facts != dict(reports.approval_of(request)):
        return False
    try:
        for _ in PAPERS.read(request.paper_digest):
            pass
    except (OSError, ValueError):
        return False
    return True

"""Reads objections, always for somebody; who objected to the documents is told after the deadline."""

from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Phase
from gongheng.trading.cases.models import Case
from gongheng.trading.disputes.kinds import Matter, Verdict
from gongheng.trading.disputes.models import Objection
from gongheng.trading.notices import queries as notices
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def objections_for(actor: Actor) -> QuerySet[Objection]:
    """Return the objections that a person may read: the own firm's, and those of cases one reads."""
    inside = cases.cases_for(actor).order_by()
    found = Q(case__in=inside)
    if Role.BIDDER in actor.roles and actor.organisation_code:
        found |= Q(organisation_code=actor.organisation_code)
    return Objection.objects.filter(found).select_related("case").order_by("-raised_at", "-id")


def own_objections(actor: Actor) -> QuerySet[Objection]:
    """Return the objections of a person's firm, newest first."""
    if Role.BIDDER not in actor.roles or not actor.organisation_code:
        return Objection.objects.none()
    found = Objection.objects.filter(organisation_code=actor.organisation_code)
    return found.select_related("case").order_by("-raised_at", "-id")


def open_objections(case: Case, matter: Matter) -> QuerySet[Objection]:
    """Return the objections to a matter that wait for their answer, the oldest first."""
    waiting = Objection.objects.filter(case=case, matter=matter, answered_at__isnull=True)
    return waiting.order_by("raised_at", "id")


def is_own(objection: Objection, actor: Actor) -> bool:
    """Tell whether an objection is the person's firm's."""
    return bool(actor.organisation_code) and (
        Role.BIDDER in actor.roles and objection.organisation_code == actor.organisation_code
    )


def objector(objection: Objection, actor: Actor) -> str:
    """Return who objected, as far as a person may know.

    Whoever objects to the documents means to bid: before bids are due that is told to nobody else
    (A-01).
    """
    if not is_own(objection, actor) and is_secret(objection):
        return ""
    return objection.organisation_name


def is_secret(objection: Objection) -> bool:
    """Tell whether who objected would tell who means to bid: to the documents, while bids are open."""
    return tells_who_bids(objection.case, Matter(objection.matter))


def tells_who_bids(case: Case, matter: Matter) -> bool:
    """Tell whether to know who objects in a case now would be to know who means to bid (A-01)."""
    is_bidding = case.phase < Phase.OPENING and case.awaits == notices.BIDDING
    return matter is Matter.DOCUMENTS and is_bidding


def is_found_unlawful(case_id: UUID) -> bool:
    """Tell whether an upheld objection of a round found its documents unlawful."""
    return Objection.objects.filter(
        case_id=case_id, verdict=Verdict.UPHELD, finds_unlawful=True
    ).exists()

"""Reads cases, always for somebody, and what may be done in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import graph, permissions, rules, standing as standings
from gongheng.trading.cases.declaration import Procedure, Step
from gongheng.trading.cases.graph import State
from gongheng.trading.cases.kinds import Information, Party, Phase, Sight, Verdict
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion, Proposal, Review
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A step that a person may do now, as far as role, order and hours tell."""

    step: Step
    is_second: bool


def newest_version(procedure: str) -> ProcedureVersion | None:
    """Return the newest adopted version of a procedure."""
    return ProcedureVersion.objects.filter(code=procedure).order_by("-number").first()


def versions_of(procedure: str) -> QuerySet[ProcedureVersion]:
    """Return every version of a procedure, the newest first."""
    return ProcedureVersion.objects.filter(code=procedure).order_by("-number")


def declaration_of(case: Case) -> Procedure:
    """Return the declaration that a case runs under."""
    return standings.declaration(case.version_id)


def cases_for(actor: Actor) -> QuerySet[Case]:
    """Return the cases that a person may read: the own organisation's, for officers all within reach."""
    if not actor.may(permissions.READ):
        return Case.objects.none()
    found = Case.objects.filter(region_code__startswith=actor.reach).select_related("version")
    if not actor.roles & {Role.OFFICER, Role.SUPERVISOR}:
        own = actor.organisation_code
        found = found.filter(Q(tenderer_code=own) | Q(agency_code=own))
    return found.order_by("-begun_at", "-id")


def case_of(code: str) -> Case | None:
    """Return the latest round of a lot's case."""
    return Case.objects.filter(code=code).order_by("-round_number").first()


def history_of(case: Case) -> QuerySet[DoneStep]:
    """Return the steps of a round in their order."""
    return case.steps.order_by("number")


def open_proposal(case: Case, step: str) -> Proposal | None:
    """Return what waits for a second person in a step."""
    return case.proposals.filter(step=step, settled_at__isnull=True).first()


def proposal_for(actor: Actor, proposal_id: UUID) -> Proposal | None:
    """Return a proposal of a case that the person may read."""
    cases = cases_for(actor).order_by()
    found = Proposal.objects.select_related("case", "case__version")
    return found.filter(pk=proposal_id, case__in=cases).first()


def went_out(matter: UUID, *, by: UUID | None = None) -> bool:
    """Tell whether a second person let a matter out; ``by``: whether that very person did."""
    reviews = Review.objects.filter(matter=matter, verdict=Verdict.PUBLISH)
    return (reviews.filter(reviewed_by=by) if by else reviews).exists()


MOST_RETURNED = 20
"""Returned matters of one person that are looked at; there are never as many."""


def returned_to(actor: Actor) -> list[Review]:
    """Return what came back to a person, as long as its step is not proposed again or past."""
    reviews = Review.objects.filter(proposed_by=actor.person_id, verdict=Verdict.RETURN)
    recent = reviews.order_by("-reviewed_at", "-id")[:MOST_RETURNED]
    return [review for review in recent if case_returned(review) is not None]


def case_returned(review: Review) -> Case | None:
    """Return the case whose step a returned matter still waits for."""
    matter = Proposal.objects.filter(matter=review.matter).select_related("case")
    proposal = matter.order_by("case__code").first()
    if proposal is None:
        return None
    case, step = proposal.case, declaration_of(proposal.case).step(review.step)
    anew = Q(settled_at__isnull=True) | Q(settled_at__gt=review.reviewed_at)
    is_anew = case.proposals.filter(anew, step=review.step).exists()
    return case if graph.is_offered(step, State(case.awaits)) and not is_anew else None


def offers(case: Case, *, actor: Actor, now: datetime) -> list[Offer]:
    """Return the steps that a person may do now, the awaited one first; holds and facts aside."""
    standing = standings.of(case)
    found: list[Offer] = []
    for step in standing.procedure.steps:
        if not _is_open(standing, step, now=now):
            continue
        proposal = open_proposal(case, step.code) if step.second else None
        roles = step.second if proposal else step.roles
        is_own = proposal is not None and proposal.proposed_by == actor.account_id
        if actor.roles & set(roles) and not is_own:
            found.append(Offer(step=step, is_second=proposal is not None))
    return sorted(found, key=lambda offer: offer.step.is_side)


def sight(case: Case, *, information: Information, party: Party) -> Sight:
    """Return how much of an item a party sees in the case's phase."""
    procedure = declaration_of(case)
    return rules.sight(procedure, information=information, party=party, phase=Phase(case.phase))


def _is_open(standing: standings.Standing, step: Step, *, now: datetime) -> bool:
    if not graph.is_offered(step, standing.state) or not graph.is_free(step, standing.state):
        return False
    if graph.lacking(step, standing.state):
        return False
    try:
        rules.require_hours(step, facts=standing.known, now=now)
    except Refusal:
        return False
    return True

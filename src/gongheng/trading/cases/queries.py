"""Reads cases, always for somebody, and what may be done in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import (
    duties,
    graph,
    guards,
    judging,
    permissions,
    rules,
    standing as standings,
)
from gongheng.trading.cases.declaration import Procedure, Step
from gongheng.trading.cases.facts import Facts, instant
from gongheng.trading.cases.graph import State
from gongheng.trading.cases.kinds import (
    Deed,
    Information,
    Party,
    Phase,
    Sight,
    TenderMode,
    Verdict,
)
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion, Proposal, Review
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A step that a person may do now, as far as role, order and hours tell."""

    step: Step
    is_second: bool


OUTSIDE = frozenset({Role.BIDDER, Role.EXPERT})
"""Roles of people who come to a case from outside."""
OVERSEERS = frozenset({Role.OFFICER, Role.SUPERVISOR})
"""Roles of people who read every case within their reach."""


def newest_version(procedure: str) -> ProcedureVersion | None:
    """Return the newest adopted version of a procedure."""
    return ProcedureVersion.objects.filter(code=procedure).order_by("-number").first()


def newest_versions() -> list[ProcedureVersion]:
    """Return the newest version of each adopted procedure, by code."""
    newest = {
        version.code: version for version in ProcedureVersion.objects.order_by("code", "number")
    }
    return list(newest.values())


def adopted(trade_type: str) -> list[Procedure]:
    """Return the newest version of each adopted procedure of a trade type, open tenders first."""
    procedures = [standings.declaration(version.pk) for version in newest_versions()]
    of_type = [procedure for procedure in procedures if procedure.trade_type == trade_type]
    return sorted(of_type, key=lambda procedure: (procedure.tender_mode, procedure.code))


def versions_of(procedure: str) -> QuerySet[ProcedureVersion]:
    """Return every version of a procedure, the newest first."""
    return ProcedureVersion.objects.filter(code=procedure).order_by("-number")


def declaration_of(case: Case) -> Procedure:
    """Return the declaration that a case runs under."""
    return standings.declaration(case.version_id)


def declarations(versions: Iterable[UUID]) -> list[Procedure]:
    """Return the declarations of some versions."""
    return [standings.declaration(version) for version in versions]


def cases_for(actor: Actor) -> QuerySet[Case]:
    """Return the cases that a person may read: the own organisation's, for officers all within reach."""
    if not actor.may(permissions.READ):
        return Case.objects.none()
    found = Case.objects.filter(region_code__startswith=actor.reach).select_related("version")
    if not actor.roles & OVERSEERS:
        own = actor.organisation_code
        if not own:  # else who acts for nobody would be the agency of all who have none
            return Case.objects.none()
        found = found.filter(Q(tenderer_code=own) | Q(agency_code=own))
    return found.order_by("-begun_at", "-id")


def case_for(actor: Actor, case_id: UUID, *, now: datetime) -> Case | None:
    """Return a case that a person may look at.

    Besides its readers those who bid or evaluate, from the first notice on; of an invitation until
    the opening only the invited. What they see beyond the notice is for each room to say.
    """
    if found := cases_for(actor).filter(pk=case_id).first():
        return found
    if not actor.may(permissions.LOOK):
        return None
    announced = Case.objects.filter(terms_on__isnull=False).select_related("version")
    case = announced.filter(pk=case_id).first() if actor.roles & OUTSIDE else None
    if case is None or case.phase >= Phase.EVALUATION or is_open_to(case, actor=actor, now=now):
        return case
    return None


def is_inside(actor: Actor, case: Case) -> bool:
    """Tell whether a person reads the whole course of a case, as ``cases_for``: each tab of it asks."""
    if not actor.may(permissions.READ) or not actor.reaches(case.region_code):
        return False
    return bool(actor.roles & OVERSEERS) or actor.is_of(case.tenderer_code, case.agency_code)


def is_open_to(case: Case, *, actor: Actor, now: datetime) -> bool:
    """Tell whether somebody may see what bidders see of a case: of an invitation not everybody.

    Those inside may, and those whom the guard of the invited lets in.
    """
    if declaration_of(case).tender_mode is TenderMode.OPEN or is_inside(actor, case):
        return True
    question = guards.Question(
        case_id=case.pk,
        case_code=case.code,
        region_code=case.region_code,
        round_number=case.round_number,
        terms_on=case.terms_on or day_of(now),
        step="",
        outcome="",
        actor=actor,
        now=now,
        facts={},
    )
    try:
        guards.ask((duties.INVITED,), question)
    except Refusal:
        return False
    return True


def case_of(code: str) -> Case | None:
    """Return the latest round of a lot's case."""
    return Case.objects.filter(code=code).order_by("-round_number").first()


def known(case: Case) -> Facts:
    """Return what the steps done so far have stated, the latest word on each fact."""
    return standings.of(case).known


def known_of_many(cases: Iterable[Case]) -> dict[UUID, Facts]:
    """Return what the steps done so far have stated, of many cases by their id, in one question."""
    return {each.case.pk: each.known for each in standings.of_many(cases)}


def known_instant(case: Case, name: str) -> datetime | None:
    """Return the instant that the steps done so far have stated by this name, if they did."""
    return instant_in(known(case), name)


def reached_instant(cases: Iterable[Case], name: str, *, now: datetime) -> list[UUID]:
    """Return those of many cases that have come to the instant of this name, in one question."""
    instants = ((each.case.pk, instant_in(each.known, name)) for each in standings.of_many(cases))
    return [case_id for case_id, at in instants if at and now >= at]


def opening_fact(procedure: Procedure) -> str:
    """Return the name of the fact that says when bids are opened; empty where none are."""
    found = (step.not_before for step in procedure.steps if step.deed is Deed.OPEN)
    return next(found, "")


def instant_in(facts: Facts, name: str) -> datetime | None:
    """Return the instant that stated facts hold by this name, if they do."""
    found = instant(facts, name) if name in facts else None
    return found if isinstance(found, datetime) else None


def outcome_of(case: Case, step: str, facts: Facts, *, now: datetime) -> str:
    """Return the first outcome of a step that the counts allow (W-19)."""
    standing = standings.of(case)
    on = standing.terms_on(now)
    for outcome in standing.procedure.step(step).outcomes:
        try:
            rules.require_counts(outcome.thresholds, facts=facts, on=on)
        except Refusal:
            continue
        return outcome.code
    msg = f"no outcome of {step} admits {dict(facts)}"
    raise ValueError(msg)


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


MOST_LISTED = 100
"""Proposals and returned matters that are looked at for one person; there are never as many."""


def proposals_of(actor: Actor) -> list[Proposal]:
    """Return what a person proposed and nobody has decided on, the oldest first."""
    waiting = Proposal.objects.filter(proposed_by=actor.person_id, settled_at__isnull=True)
    return list(waiting.select_related("case").order_by("proposed_at", "id")[:MOST_LISTED])


def proposals_to_confirm(actor: Actor) -> list[Proposal]:
    """Return what waits for the person as the second, the oldest first."""
    cases = cases_for(actor).order_by()
    waiting = Proposal.objects.filter(settled_at__isnull=True, case__in=cases)
    others = waiting.exclude(proposed_by=actor.person_id).select_related("case")
    listed = others.order_by("proposed_at", "id")[:MOST_LISTED]
    return [
        one for one in listed if actor.roles & {*declaration_of(one.case).step(one.step).second}
    ]


def returned_to(actor: Actor) -> list[tuple[Review, Case]]:
    """Return what came back to a person, as long as its step is not proposed again or past."""
    reviews = Review.objects.filter(proposed_by=actor.person_id, verdict=Verdict.RETURN)
    recent = list(reviews.order_by("-reviewed_at", "-id")[:MOST_LISTED])
    matters = Proposal.objects.filter(matter__in=[review.matter for review in recent])
    first: dict[UUID, Case] = {}
    for proposal in matters.select_related("case").order_by("case__code"):
        first.setdefault(proposal.matter, proposal.case)
    listed = [(review, first[review.matter]) for review in recent if review.matter in first]
    return [pair for pair in listed if not pair[1].is_over and _is_still_open(*pair)]


def _is_still_open(review: Review, case: Case) -> bool:
    if not graph.is_offered(declaration_of(case).step(review.step), State(case.awaits)):
        return False
    anew = Q(settled_at__isnull=True) | Q(settled_at__gt=review.reviewed_at)
    return not case.proposals.filter(anew, step=review.step).exists()


def offers(case: Case, *, actor: Actor, now: datetime) -> list[Offer]:
    """Return the steps that a person may do now, the awaited one first; holds and facts aside."""
    waiting = {one.step: one for one in case.proposals.filter(settled_at__isnull=True)}
    return offers_in(standings.of(case), waiting, actor=actor, now=now)


def offers_in(
    standing: Standing, waiting: Mapping[str, Proposal], *, actor: Actor, now: datetime
) -> list[Offer]:
    """Return a person's steps in a case that is known already; ``waiting``: its open proposals."""
    found: list[Offer] = []
    for step in standing.procedure.steps:
        if not _is_open(standing, step, now=now):
            continue
        proposal = waiting.get(step.code) if step.second else None
        is_own = proposal is not None and proposal.proposed_by == actor.account_id
        if not is_own and _may(standing, step, actor, is_second=proposal is not None):
            found.append(Offer(step=step, is_second=proposal is not None))
    return sorted(found, key=lambda offer: offer.step.is_side)


def _may(standing: Standing, step: Step, actor: Actor, *, is_second: bool) -> bool:
    try:
        judging.require_person(standing, step, actor, is_second=is_second)
    except Refusal:
        return False
    return True


def sight(case: Case, *, information: Information, party: Party) -> Sight:
    """Return how much of an item a party sees in the case's phase."""
    procedure = declaration_of(case)
    return rules.sight(procedure, information=information, party=party, phase=Phase(case.phase))


def _is_open(standing: Standing, step: Step, *, now: datetime) -> bool:
    if not graph.is_offered(step, standing.state) or not graph.is_free(step, standing.state):
        return False
    if graph.lacking(step, standing.state):
        return False
    try:
        rules.require_hours(step, facts=standing.known, now=now)
    except Refusal:
        return False
    return True

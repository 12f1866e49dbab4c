"""One judgement for everybody who asks whether a person may do a step now, with these facts."""

from dataclasses import dataclass
from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.cases import commission, guards, reasons, rules
from gongheng.trading.cases.declaration import Outcome, Step
from gongheng.trading.cases.facts import FACT_MISSING, Fact, Facts
from gongheng.trading.cases.kinds import Role
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor

DOCUMENT = "document"
"""The fact that names the matter which a step raises or answers."""
ANSWER_DOCUMENT = "answer_document"
"""The fact that names the document by which a matter is answered."""

FROM_EVERYWHERE = frozenset({Role.BIDDER, Role.EXPERT, Role.SYSTEM})
"""Roles that no region limits: bids and experts come from the whole country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who wants to do which step of a case, when, with what outcome and facts."""

    step: str
    actor: Actor
    now: datetime
    facts: Facts
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A step that may be done: how it comes out, and what is noted against it."""

    step: Step
    outcome: Outcome | None
    notes: tuple[rules.Note, ...]


def judge(standing: Standing, request: Request, *, is_second: bool = False) -> Judgement:
    """Judge a step inside the transaction that does it. Raises ``Refusal``, ``KeyError``.

    ``is_second``: the person confirms what another one proposed.
    """
    step = standing.procedure.step(request.step)
    if not (step.in_suspension or step.resumes):
        # A regulator's hold is told before our own suspensions: it is what must be dealt with first.
        require_no_hold(standing)
    rules.require_standing(standing.procedure, standing.state, step)
    require_person(standing, step, request.actor, is_second=is_second)
    commission.require(standing.case, step, actor=request.actor, now=request.now)
    facts = standing.facts(request.facts, now=request.now)
    _require_facts(standing, step, request.facts)
    rules.require_hours(step, facts=facts, now=request.now)
    on = standing.terms_on(request.now)
    notes = rules.notes_on_periods(step, facts=facts, on=on)
    outcome = None if step.is_silent else rules.chosen_outcome(step, request.outcome)
    counted = (*step.thresholds, *(outcome.thresholds if outcome else ()))
    rules.require_counts(counted, facts=facts, on=on)
    names = (*step.guards, *(outcome.guards if outcome else ()))
    guards.ask(names, _question(standing, request, outcome, facts))
    return Judgement(step=step, outcome=outcome, notes=notes)


def require_person(
    standing: Standing, step: Step, actor: Actor, *, is_second: bool = False
) -> None:
    """Refuse who may not do the step, or confirm it. Raises ``Refusal`` (NOT_YOURS, OUT_OF_REACH)."""
    allowed = step.second if is_second else step.roles
    is_everywhere = bool(actor.roles & FROM_EVERYWHERE)
    rules.require_role(
        allowed,
        roles=actor.roles,
        region_code=standing.case.region_code,
        reach="" if is_everywhere else actor.reach,
    )
    is_own = actor.is_of(standing.case.tenderer_code, standing.case.agency_code)
    if actor.roles & set(allowed) == {Role.CLERK} and not is_own:
        raise Refusal(reasons.NOT_YOURS, organisation=actor.organisation_code)


def require_no_hold(standing: Standing) -> None:
    """Pass the gate; what suspends the case from inside is told by its own reason."""
    own = {document for _, document in standing.open_documents}
    holds.require_none(standing.case.code, besides=own)


def _require_facts(standing: Standing, step: Step, given: Facts) -> None:
    rules.require_facts(step, given.keys())
    asked = [DOCUMENT] if step.suspends else []
    asked += [DOCUMENT, ANSWER_DOCUMENT] if step.resumes else []
    if missing := tuple(name for name in asked if not str(given.get(name, "")).strip()):
        raise Refusal(FACT_MISSING, missing=missing)
    if step.resumes and (step.resumes, str(given[DOCUMENT])) not in standing.open_documents:
        raise Refusal(reasons.DOCUMENT_USED, document=given[DOCUMENT])


def _question(
    standing: Standing, request: Request, outcome: Outcome | None, facts: dict[str, Fact]
) -> guards.Question:
    return guards.Question(
        case_id=standing.case.pk,
        case_code=standing.case.code,
        region_code=standing.case.region_code,
        round_number=standing.case.round_number,
        terms_on=standing.terms_on(request.now),
        step=request.step,
        outcome=outcome.code if outcome else "",
        actor=request.actor,
        now=request.now,
        facts=facts,
    )

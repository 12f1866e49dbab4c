"""Adopts procedures, begins cases and moves them on: the only writer of this room."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.holds import actions as holds
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.cases import (
    bidders,
    canonical_form,
    checking,
    gate,
    idle,
    judging,
    queries,
    reasons,
    reports,
    rooms,
    rules,
    secrecy,
    standing as standings,
    telling,
)
from gongheng.trading.cases.declaration import STAY, Outcome, Procedure, Step
from gongheng.trading.cases.facts import Facts, stored
from gongheng.trading.cases.judging import ANSWER_DOCUMENT, DOCUMENT, Judgement, Request, judge
from gongheng.trading.cases.kinds import Deed, Verdict
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion, Proposal, Review
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, is_same_person


class UnsoundProcedure(ValueError):
    """A declaration that the model check refuses; its message lists the faults."""


@transaction.atomic
def adopt(procedure: Procedure, *, now: datetime) -> ProcedureVersion:
    """Adopt a declaration as the newest version of its code, unless it already is.

    Raises ``UnsoundProcedure``.
    """
    newest = queries.newest_version(procedure.code)
    digest = canonical_form.digest(procedure)
    if newest is not None and newest.digest == digest:
        return newest
    if faults := checking.check(procedure, on=day_of(now)):
        raise UnsoundProcedure("\n".join(str(fault) for fault in faults))
    version = ProcedureVersion.objects.create(
        region_code=settings.NODE.region_code,
        code=procedure.code,
        number=newest.number + 1 if newest else 1,
        title=procedure.title,
        declaration=canonical_form.as_json(procedure),
        digest=digest,
        adopted_at=now,
    )
    reports.procedure_adopted(version, now=now)
    return version


@transaction.atomic
def begin(
    *,
    procedure: str,
    code: str,
    title: str,
    region_code: str,
    tenderer_code: str,
    actor: Actor,
    now: datetime,
    agency_code: str = "",
    facts: Facts | None = None,
) -> Case:
    """Begin the case of a lot under the newest version of a procedure.

    Raises ``Refusal`` (NO_PROCEDURE, CASE_OPEN, NOT_YOURS, OUT_OF_REACH).
    """
    version = queries.newest_version(procedure)
    if version is None:
        raise Refusal(reasons.NO_PROCEDURE, procedure=procedure)
    if not actor.reaches(region_code):
        raise Refusal(reasons.OUT_OF_REACH, region=region_code, reach=actor.reach)
    if not actor.is_of(tenderer_code, agency_code):
        raise Refusal(reasons.NOT_YOURS, organisation=actor.organisation_code)
    declaration = standings.declaration(version.pk)
    case = Case(
        region_code=region_code,
        code=code,
        title=title,
        version=version,
        tenderer_code=tenderer_code,
        agency_code=agency_code,
        awaits=declaration.begins_at,
        phase=declaration.step(declaration.begins_at).phase,
        facts=stored(facts or {}),
        begun_at=now,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        raise Refusal(reasons.CASE_OPEN, code=code) from None
    reports.case_begun(case, actor_code=actor.organisation_code, now=now)
    audit.record(actor=actor, deed="case.begun", object_id=case.pk, now=now)
    return case


@transaction.atomic
def require(
    *, case_id: UUID, step: str, actor: Actor, now: datetime, facts: Facts | None = None
) -> Judgement:
    """Judge a silent step (a bid, a download) and write nothing; the case stands until the commit.

    Raises ``Refusal``; ``RuntimeError`` for a step that must be written down.
    """
    standing = standings.kept(case_id)
    if not standing.procedure.step(step).is_silent:
        msg = f"{step} is done by advance()"
        raise RuntimeError(msg)
    return judge(standing, Request(step=step, actor=actor, now=now, facts=facts or {}))


@transaction.atomic
def propose(
    *,
    case_id: UUID,
    step: str,
    actor: Actor,
    now: datetime,
    facts: Facts | None = None,
    outcome: str = "",
    matter: UUID | None = None,
) -> Proposal:
    """State what shall be done in a step that takes two people (U-07); the second one confirms.

    Proposals with the same ``matter`` are one deed in several lots: one person proposes them all.
    Raises ``Refusal`` as ``advance`` would, ALREADY_PROPOSED; ``RuntimeError`` for other steps, and
    for a matter that went out or is another person's or another step's.
    """
    standing = standings.locked(case_id)
    request = Request(step=step, actor=actor, now=now, facts=facts or {}, outcome=outcome)
    judgement = judge(standing, request)
    if not judgement.step.second or judgement.outcome is None:
        msg = f"{step} takes one person"
        raise RuntimeError(msg)
    if queries.open_proposal(standing.case, step):
        raise Refusal(reasons.ALREADY_PROPOSED, step=judgement.step.label)
    key = uuid7()
    if matter is not None:
        _require_one_deed(matter, step=step, actor=actor)
    proposal = Proposal.objects.create(
        id=key,
        region_code=standing.case.region_code,
        case=standing.case,
        matter=matter or key,
        step=step,
        outcome=judgement.outcome.code,
        facts=stored(request.facts),
        proposed_by=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    audit.record(actor=actor, deed=f"case.proposed.{step}", object_id=standing.case.pk, now=now)
    return proposal


def _require_one_deed(matter: UUID, *, step: str, actor: Actor) -> None:
    if queries.went_out(matter):
        msg = f"{matter} went out: another deed is another matter"
        raise RuntimeError(msg)
    waiting = gate.proposals_of(matter)
    if any(other.step != step or other.proposed_by != actor.account_id for other in waiting):
        msg = f"{matter} is another person's or another step's"
        raise RuntimeError(msg)


@transaction.atomic
def take_back(*, case_id: UUID, step: str, actor: Actor, now: datetime) -> None:
    """Take a proposal back with all of its matter, by whoever may make or confirm it.

    Raises ``Refusal`` (SECOND_PERSON, NOT_YOURS, OUT_OF_REACH).
    """
    standing = standings.locked(case_id)
    proposal = queries.open_proposal(standing.case, step)
    if proposal is None:
        raise Refusal(reasons.SECOND_PERSON, step=step)
    declared = standing.procedure.step(step)
    try:
        judging.require_person(standing, declared, actor)
    except Refusal:
        judging.require_person(standing, declared, actor, is_second=True)
    _settle(*gate.proposals_of(proposal.matter), now=now)
    audit.record(actor=actor, deed=f"case.taken_back.{step}", object_id=case_id, now=now)


@transaction.atomic
def confirm(
    *,
    proposal_id: UUID,
    verdict: Verdict,
    seen: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Review:
    """Decide on a matter as its second person, and carry it out or return it to the first.

    ``seen`` is the digest of the passage that the person looked at (``gate.digest``): only that goes
    out. Raises ``Refusal``: PROPOSAL_SETTLED, SAME_PERSON, NOT_YOURS, OUT_OF_REACH, OTHER_PASSAGE,
    REASON_MISSING when the secrecy review has open findings, RETURN_REASON_MISSING, and what
    ``advance`` and the room refuse.
    """
    proposal, proposals = _locked_matter(proposal_id)
    for one in proposals:
        _require_second(one, actor)
    passage = gate.deed_of(proposal.step).preview(proposal, now)
    found = secrecy.findings(passage)
    rules.require_reasoned(verdict, reason, is_open=any(finding.is_open for finding in found))
    if seen != gate.digest(passage, proposals):
        raise Refusal(reasons.OTHER_PASSAGE, seen=seen)
    review = Review.objects.create(
        region_code=proposal.region_code,
        matter=proposal.matter,
        step=proposal.step,
        title=passage.title,
        verdict=verdict,
        reason=reason.strip(),
        findings=[finding.as_json() for finding in found],
        digest=seen,
        proposed_by=proposal.proposed_by,
        reviewed_by=actor.person_id,
        reviewed_by_name=actor.name,
        reviewed_at=now,
    )
    if verdict is Verdict.PUBLISH:
        _carry_out(proposal, actor=actor, now=now)
    else:
        _settle(*proposals, now=now)
        telling.returned(proposal, review, now=now)
    audit.record(actor=actor, deed=f"case.reviewed.{proposal.step}", object_id=review.pk, now=now)
    return review


def _locked_matter(proposal_id: UUID) -> tuple[Proposal, tuple[Proposal, ...]]:
    """Return a proposal and all of its matter, their cases locked in one order for everybody."""
    matter = Proposal.objects.values_list("matter", flat=True).get(pk=proposal_id)
    cases = Proposal.objects.filter(matter=matter).values("case_id")
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("id"))
    proposals = gate.proposals_of(matter)
    proposal = next((one for one in proposals if one.pk == proposal_id), None)
    if proposal is None:
        raise Refusal(reasons.PROPOSAL_SETTLED, proposal=proposal_id)
    return proposal, proposals


def _require_second(proposal: Proposal, actor: Actor) -> None:
    standing = standings.of(proposal.case)
    if is_same_person(actor, proposal.proposed_by):
        raise Refusal(reasons.SAME_PERSON, step=proposal.step)
    judging.require_person(standing, standing.procedure.step(proposal.step), actor, is_second=True)


def _carry_out(proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    gate.deed_of(proposal.step).carry_out(proposal, actor, now)
    if left := gate.proposals_of(proposal.matter):
        msg = f"{proposal.step} went out and was not advanced in {[one.case.code for one in left]}"
        raise RuntimeError(msg)


@transaction.atomic
def advance(
    *,
    case_id: UUID,
    step: str,
    actor: Actor,
    now: datetime,
    facts: Facts | None = None,
    outcome: str = "",
) -> DoneStep:
    """Do a step, if it may be done now, and move the case on; called in the room's transaction.

    A step that takes two people is advanced by the second who reviewed its matter (``confirm``),
    with the facts of the first. Of two people at once one finds the case moved on. Raises ``Refusal``
    (``reasons``, ``holds.HELD``, those of the guards), ``KeyError`` for a step that is not declared.
    """
    standing = standings.locked(case_id)
    request = Request(step=step, actor=actor, now=now, facts=facts or {}, outcome=outcome)
    declared = standing.procedure.step(step)
    if declared.is_silent:
        msg = f"{step} leaves no trace: ask require()"
        raise RuntimeError(msg)
    judgement = judge(standing, request, is_second=bool(declared.second))
    chosen = judgement.outcome
    assert chosen is not None  # noqa: S101  only a silent step has no outcome
    proposal = _confirmed(standing, request, chosen) if declared.second else None
    done = _write(standing, request, judgement, chosen, proposal)
    _move(standing, declared, chosen, now=now)
    _suspend_or_resume(standing.case, declared, request)
    reports.step_done(standing.case, done, declared, now=now)
    rooms.release_after(standing, declared, chosen, request)
    telling.closed_idle(standing.case, declared, now=now)
    if chosen.opens_round:
        _next_round(standing, chosen, actor=actor, now=now)
    bidders.enter_step(standing.case, declared, actor=actor, now=now)
    return done


def _confirmed(standing: Standing, request: Request, chosen: Outcome) -> Proposal:
    proposal = queries.open_proposal(standing.case, request.step)
    if proposal is None:
        raise Refusal(reasons.SECOND_PERSON, step=request.step)
    if is_same_person(request.actor, proposal.proposed_by):
        raise Refusal(reasons.SAME_PERSON, step=request.step)
    if proposal.facts != stored(request.facts) or proposal.outcome != chosen.code:
        raise Refusal(reasons.OTHER_FACTS, step=request.step)
    if not queries.went_out(proposal.matter, by=request.actor.account_id):
        raise Refusal(reasons.NOT_REVIEWED, step=request.step)
    _settle(proposal, now=request.now)
    return proposal


def _settle(*proposals: Proposal, now: datetime) -> None:
    for proposal in proposals:
        proposal.settled_at = now
        proposal.save(update_fields=["settled_at"])


def _write(
    standing: Standing,
    request: Request,
    judgement: Judgement,
    chosen: Outcome,
    proposal: Proposal | None,
) -> DoneStep:
    case, actor = standing.case, request.actor
    return DoneStep.objects.create(
        region_code=case.region_code,
        case=case,
        number=standing.length + 1,
        step=request.step,
        outcome=chosen.code,
        led_from=case.awaits,
        led_to=chosen.closes_as or (case.awaits if chosen.to == STAY else chosen.to),
        facts=stored(request.facts),
        notes=[note.as_json() for note in judgement.notes],
        document=str(request.facts.get(DOCUMENT, "")),
        done_by=actor.account_id,
        done_by_name=actor.name,
        organisation_code=actor.organisation_code,
        proposed_by=proposal.proposed_by if proposal else None,
        proposed_by_name=proposal.proposed_by_name if proposal else "",
        done_at=request.now,
    )


def _move(standing: Standing, step: Step, chosen: Outcome, *, now: datetime) -> None:
    case, procedure = standing.case, standing.procedure
    if step.binds_terms and case.terms_on is None:
        case.terms_on = day_of(now)
    if chosen.to != STAY:
        case.awaits = chosen.closes_as or chosen.to
        if procedure.ending(case.awaits):
            case.is_over, case.over_at = True, now
        else:
            case.phase = max(case.phase, procedure.step(case.awaits).phase)
        # What was proposed for another moment of the case must not be confirmed at this one.
        case.proposals.filter(settled_at__isnull=True).update(settled_at=now)
    idle.forget(case)
    case.save()


def _suspend_or_resume(case: Case, step: Step, request: Request) -> None:
    by = request.actor.organisation_code or settings.NODE.platform_code
    if step.suspends:
        holds.place(
            code=case.code,
            document=str(request.facts[DOCUMENT]),
            kind=HoldKind.OUTAGE if step.deed is Deed.SUSPEND else HoldKind.OBJECTION,
            cause=step.label,
            placed_by_code=by,
            now=request.now,
        )
    if step.resumes:
        holds.lift(
            code=case.code,
            document=str(request.facts[DOCUMENT]),
            by_document=str(request.facts[ANSWER_DOCUMENT]),
            lifted_by_code=by,
            now=request.now,
        )


def _next_round(standing: Standing, chosen: Outcome, *, actor: Actor, now: datetime) -> Case:
    before = standing.case
    lasting = set(standing.procedure.lasting)
    case = Case.objects.create(
        region_code=before.region_code,
        code=before.code,
        title=before.title,
        round_number=before.round_number + 1,
        previous=before,
        version=before.version,
        tenderer_code=before.tenderer_code,
        agency_code=before.agency_code,
        awaits=chosen.to,
        phase=standing.procedure.step(chosen.to).phase,
        terms_on=before.terms_on,
        facts=stored({name: fact for name, fact in standing.known.items() if name in lasting}),
        begun_at=now,
    )
    reports.case_begun(case, actor_code=actor.organisation_code, now=now)
    return case

"""Publicity of candidates, awards, letters and the report: the only writer of this room."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.codes import actions as codes
from gongheng.trading.award import evidence, permissions, queries, reports, rules
from gongheng.trading.award.kinds import (
    BulletinKind,
    Evidence,
    LetterKind,
    LossCause,
    PublicityFacts,
    RecheckCause,
    Recommended,
    ResultFacts,
    Statement,
)
from gongheng.trading.award.models import (
    Bulletin,
    Candidate,
    Decision,
    Letter,
    Loss,
    Recheck,
    SupervisorReport,
)
from gongheng.trading.cases import actions as case_actions
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.opening import queries as opening
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor
from gongheng.web.routes import Permission

NOT_ALLOWED = Reason(
    code="award.not_allowed",
    message="本步骤由该项目的招标人或代理机构经办人办理。",
    remedy="请由项目的经办人办理。",
)


@transaction.atomic
def propose_publicity(
    *, case_id: UUID, facts: PublicityFacts, actor: Actor, now: datetime
) -> Proposal:
    """Draft the publicity of the report's candidates and hand it to a second person (B-06, W-28).

    Raises ``Refusal`` (``rules.NO_REPORT``, VIEW_TOO_SHORT, ENDS_ON_REST_DAY, STATEMENT_MISSING and
    those of the case).
    """
    case = _locked(case_id, actor, permissions.PUBLISH_CANDIDATES)
    found = queries.recommended(case)
    term = queries.term_of(case, "W-28", now)
    rules.require_view(starts_at=now, ends_on=facts.ends_on, term=term)
    _require_statements(found, facts)
    bulletin = _drafted(
        case,
        BulletinKind.CANDIDATES,
        title=facts.title,
        details={
            "ends_on": facts.ends_on.isoformat(),
            "summary": facts.summary,
            "objection_method": facts.objection_method,
            "responsible": facts.responsible,
            "other": facts.other,
        },
        actor=actor,
        now=now,
    )
    Candidate.objects.bulk_create(
        [_candidate(bulletin, row, facts.statements[row.bidder_code]) for row in found]
    )
    return case_actions.propose(
        case_id=case_id,
        step="publish_candidates",
        actor=actor,
        now=now,
        facts={"draft": str(bulletin.pk)},
    )


def _require_statements(found: Sequence[Recommended], facts: PublicityFacts) -> None:
    empty = Statement(certificate="", qualification="")
    for row in found:
        stated = facts.statements.get(row.bidder_code, empty)
        if not stated.certificate.strip() or not stated.qualification.strip():
            raise Refusal(rules.STATEMENT_MISSING, bidder=row.bidder_name)


def _candidate(bulletin: Bulletin, row: Recommended, stated: Statement) -> Candidate:
    return Candidate(
        region_code=bulletin.region_code,
        bulletin=bulletin,
        rank=row.rank,
        bidder_code=row.bidder_code,
        bidder_name=row.bidder_name,
        price=row.price,
        score=row.score,
        quality=row.quality,
        duration_days=row.duration_days,
        project_manager=row.project_manager,
        certificate=stated.certificate,
        qualification=stated.qualification,
    )


def publish_candidates(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Put the candidates on view, as two people agreed (the gate's deed).

    Raises ``Refusal`` when the publicity has become too short since it was drafted.
    """
    case = proposal.case
    bulletin = Bulletin.objects.get(case=case, pk=str(proposal.facts["draft"]))
    term = queries.term_of(case, "W-28", now)
    ends_on = date.fromisoformat(bulletin.details["ends_on"])
    ends_at = rules.require_view(starts_at=now, ends_on=ends_on, term=term)
    version = reports.candidates_published(
        bulletin,
        list(bulletin.candidates.order_by("rank")),
        lot=queries.lot_of(case),
        is_again=_is_again(case, BulletinKind.CANDIDATES),
        now=now,
    )
    bulletin.published_at, bulletin.ends_at = now, ends_at
    bulletin.version_id = version.pk
    bulletin.save(update_fields=["published_at", "ends_at", "version_id"])
    _advance(proposal, actor, now)


def _is_again(case: Case, kind: BulletinKind) -> bool:
    published = Bulletin.objects.filter(case__code=case.code, kind=kind)
    return published.filter(published_at__isnull=False).exists()


@transaction.atomic
def record_loss(
    *,
    case_id: UUID,
    bidder_code: str,
    cause: LossCause,
    reason: str,
    paper: Evidence | None,
    actor: Actor,
    now: datetime,
) -> Loss:
    """Record that a candidate cannot be awarded, with the cause of the law and its proof (W-29).

    Raises ``Refusal`` (``rules.NOT_A_CANDIDATE``, NO_PROOF, UNREADABLE_PROOF, ALREADY_LOST).
    """
    case = _locked(case_id, actor, permissions.DECIDE)
    candidates = {row.bidder_code: row for row in queries.candidates_of(case)}
    if bidder_code not in candidates:
        raise Refusal(rules.NOT_A_CANDIDATE, chosen=bidder_code)
    if not reason.strip():
        raise Refusal(rules.NO_PROOF)
    loss = Loss(
        region_code=case.region_code,
        case=case,
        bidder_code=bidder_code,
        bidder_name=candidates[bidder_code].bidder_name,
        cause=cause,
        reason=reason.strip(),
        evidence_name=paper.name if paper else "",
        evidence_digest=evidence.kept(paper),
        recorded_by_name=actor.name,
        recorded_at=now,
    )
    try:
        with transaction.atomic():
            loss.save(force_insert=True)
    except IntegrityError:
        raise Refusal(rules.ALREADY_LOST, bidder=loss.bidder_name) from None
    audit.record(actor=actor, deed="award.loss_recorded", object_id=loss.pk, now=now)
    return loss


@transaction.atomic
def propose_award(
    *,
    case_id: UUID,
    bidder_code: str,
    reason: str = "",
    consent: str = "",
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Propose whom to award, nobody with an empty code; a second person decides (W-29, U-07).

    ``consent`` names the paper by which the candidate agreed to a longer validity (W-34). Raises
    ``Refusal`` (``rules`` by the guards, and those of the case).
    """
    case = _locked(case_id, actor, permissions.DECIDE)
    candidates = {row.bidder_code: row for row in queries.candidates_of(case)}
    if bidder_code and bidder_code not in candidates:
        raise Refusal(rules.NOT_A_CANDIDATE, chosen=bidder_code)
    decision = Decision.objects.create(
        region_code=case.region_code,
        case=case,
        candidate=candidates.get(bidder_code),
        reason=reason.strip(),
        consent=consent.strip(),
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    return case_actions.propose(
        case_id=case_id,
        step="award",
        actor=actor,
        now=now,
        facts={"decision": str(decision.pk)},
        outcome="awarded" if bidder_code else "nobody_left",
    )


def decide_award(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Award the lot, or find that nobody is left, as two people agreed (the gate's deed)."""
    decision = queries.decision_named(proposal.case, str(proposal.facts.get("decision", "")))
    # The guards judge the decision as it was proposed: the case moves on first.
    _advance(proposal, actor, now)
    if decision.candidate is not None:
        decision.decided_at, decision.decided_by_name = now, actor.name
        decision.save(update_fields=["decided_at", "decided_by_name"])


@transaction.atomic
def recheck(
    *,
    case_id: UUID,
    cause: RecheckCause,
    bidder_code: str,
    reason: str,
    paper: Evidence | None,
    actor: Actor,
    now: datetime,
) -> Recheck:
    """Ask the original committee to look at the candidates again (W-30, D-07).

    Raises ``Refusal`` (``rules.NO_CAUSE``, NOT_A_CANDIDATE, NO_PROOF, UNREADABLE_PROOF and those of
    the case).
    """
    case = _locked(case_id, actor, permissions.RECHECK)
    candidates = {row.bidder_code: row for row in queries.candidates_of(case)}
    if cause is not RecheckCause.CORRECTION and bidder_code not in candidates:
        raise Refusal(rules.NOT_A_CANDIDATE, chosen=bidder_code)
    if not reason.strip():
        raise Refusal(rules.NO_CAUSE)
    found = candidates.get(bidder_code)
    row = Recheck.objects.create(
        region_code=case.region_code,
        case=case,
        cause=cause,
        bidder_code=found.bidder_code if found else "",
        bidder_name=found.bidder_name if found else "",
        reason=reason.strip(),
        evidence_name=paper.name if paper else "",
        evidence_digest=evidence.kept(paper),
        recorded_by_name=actor.name,
        recorded_at=now,
    )
    case_actions.advance(
        case_id=case_id,
        step="recheck_candidates",
        actor=actor,
        now=now,
        facts={"recheck": str(row.pk)},
    )
    return row


@transaction.atomic
def notify(*, case_id: UUID, actor: Actor, now: datetime) -> Sequence[Letter]:
    """Send the award letter to the winner and, at the same time, the result to all others (W-31).

    Raises ``Refusal`` (``rules.NOT_AWARDED`` and those of the case).
    """
    case = _locked(case_id, actor, permissions.NOTIFY)
    decision = queries.decision_of(case)
    if decision is None or decision.candidate is None:
        raise Refusal(rules.NOT_AWARDED)
    case_actions.advance(case_id=case_id, step="notify_award", actor=actor, now=now)
    letters = [
        _letter(decision, bid.bidder_code, bid.bidder_name, now=now)
        for bid in opening.opened(case.code)
    ]
    Letter.objects.bulk_create(letters)
    decision.notified_at = now
    decision.save(update_fields=["notified_at"])
    reports.letters_sent(
        decision, actor_code=actor.organisation_code, letters=len(letters), now=now
    )
    return letters


def _letter(decision: Decision, code: str, name: str, *, now: datetime) -> Letter:
    assert decision.candidate is not None  # noqa: S101  notify() asked for it
    is_winner = code == decision.candidate.bidder_code
    return Letter(
        region_code=decision.region_code,
        decision=decision,
        kind=LetterKind.AWARD if is_winner else LetterKind.RESULT,
        number=_reference("ZT" if is_winner else "JG", now),
        bidder_code=code,
        bidder_name=name,
        sent_at=now,
    )


@transaction.atomic
def note_read(*, letter_id: UUID, actor: Actor, now: datetime) -> None:
    """Note when a bidder first opened its letter."""
    own = queries.letters_for(actor).order_by().filter(pk=letter_id, read_at__isnull=True)
    if own.update(read_at=now):
        audit.record(actor=actor, deed="award.letter_read", object_id=letter_id, now=now)


@transaction.atomic
def propose_result(*, case_id: UUID, facts: ResultFacts, actor: Actor, now: datetime) -> Proposal:
    """Draft the award notice and hand it to a second person (B-07).

    Raises ``Refusal`` (``rules.NOT_AWARDED`` and those of the case).
    """
    case = _locked(case_id, actor, permissions.PUBLISH_RESULT)
    if queries.decision_of(case) is None:
        raise Refusal(rules.NOT_AWARDED)
    bulletin = _drafted(
        case,
        BulletinKind.RESULT,
        title=facts.title,
        details={"responsible": facts.responsible, "other": facts.other},
        actor=actor,
        now=now,
    )
    return case_actions.propose(
        case_id=case_id,
        step="publish_result",
        actor=actor,
        now=now,
        facts={"draft": str(bulletin.pk)},
    )


def publish_result(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish the award notice, as two people agreed (the gate's deed)."""
    case = proposal.case
    bulletin = Bulletin.objects.get(case=case, pk=str(proposal.facts["draft"]))
    decision = queries.decision_of(case)
    if decision is None:
        raise Refusal(rules.NOT_AWARDED)
    version = reports.result_published(bulletin, decision, lot=queries.lot_of(case), now=now)
    bulletin.published_at, bulletin.version_id = now, version.pk
    bulletin.save(update_fields=["published_at", "version_id"])
    _advance(proposal, actor, now)


@transaction.atomic
def report_to_supervisor(
    *, case_id: UUID, sections: Sequence[tuple[str, str]], actor: Actor, now: datetime
) -> SupervisorReport:
    """Hand the written report on the tender to its supervisor (W-32).

    Raises ``Refusal`` (``rules.SECTION_EMPTY`` and those of the case).
    """
    case = _locked(case_id, actor, permissions.REPORT)
    rules.require_sections(sections)
    case_actions.advance(case_id=case_id, step="report_to_supervisor", actor=actor, now=now)
    pairs = [[heading, text] for heading, text in sections]
    row = SupervisorReport.objects.create(
        region_code=case.region_code,
        case=case,
        number=_reference("BG", now),
        sections=pairs,
        digest=sm3(canonical({"case": case.code, "sections": pairs})).hex(),
        reported_by_name=actor.name,
        reported_at=now,
    )
    reports.supervisor_told(row, actor_code=actor.organisation_code, now=now)
    return row


@transaction.atomic
def winner_lost(
    *,
    case_id: UUID,
    cause: LossCause,
    reason: str,
    paper: Evidence | None,
    actor: Actor,
    now: datetime,
) -> Loss:
    """Take an award out of force because the winner was lost after it (Q-06); the caller advances.

    Raises ``Refusal`` as ``record_loss``, and ``rules.NOT_AWARDED``.
    """
    case = _locked(case_id, actor, permissions.DECIDE)
    decision = queries.decision_of(case)
    if decision is None or decision.candidate is None:
        raise Refusal(rules.NOT_AWARDED)
    loss = record_loss(
        case_id=case_id,
        bidder_code=decision.candidate.bidder_code,
        cause=cause,
        reason=reason,
        paper=paper,
        actor=actor,
        now=now,
    )
    decision.lost_at = now
    decision.save(update_fields=["lost_at"])
    return loss


def earliest_end(case: Case, now: datetime) -> date:
    """Return the last day of a publicity that would begin now and be as short as the law lets it."""
    term = queries.term_of(case, "W-28", now)
    return term.deadline(term.name, now).ends_at.astimezone(BEIJING).date() - timedelta(days=1)


def _advance(proposal: Proposal, actor: Actor, now: datetime) -> None:
    case_actions.advance(
        case_id=proposal.case_id,
        step=proposal.step,
        actor=actor,
        now=now,
        facts=proposal.facts,
        outcome=proposal.outcome,
    )


def _drafted(
    case: Case,
    kind: BulletinKind,
    *,
    title: str,
    details: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Bulletin:
    return Bulletin.objects.create(
        region_code=case.region_code,
        case=case,
        kind=kind,
        title=title,
        details=details,
        drafted_by_name=actor.name,
        drafted_at=now,
    )


def _reference(letters: str, now: datetime) -> str:
    return codes.issue_reference(
        region_code=settings.NODE.region_code, letters=letters, day=now.astimezone(BEIJING).date()
    )


def _locked(case_id: UUID, actor: Actor, permission: Permission) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    own = {case.tenderer_code, case.agency_code} - {""}
    if not actor.may(permission) or actor.organisation_code not in own:
        raise Refusal(NOT_ALLOWED)
    return case

"""Awards, letters and the report: with ``bulletins`` the only writer of this room."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.codes import actions as codes
from gongheng.trading.award import permissions, queries, reports, rules, telling
from gongheng.trading.award.casework import advance, locked, locked_unheld
from gongheng.trading.award.kinds import (
    LetterKind,
    LossCause,
    RecheckCause,
)
from gongheng.trading.award.models import (
    Decision,
    Letter,
    Loss,
    Recheck,
    SupervisorReport,
)
from gongheng.trading.award.papers import proof
from gongheng.trading.cases import actions as case_actions
from gongheng.trading.cases.models import Proposal
from gongheng.trading.opening import queries as opening
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor
from gongheng.web.files import Paper


@transaction.atomic
def record_loss(
    *,
    case_id: UUID,
    bidder_code: str,
    cause: LossCause,
    reason: str,
    paper: Paper | None,
    actor: Actor,
    now: datetime,
) -> Loss:
    """Record that a candidate cannot be awarded, with the cause of the law and its proof (W-29).

    Raises ``Refusal`` (``rules.NOT_A_CANDIDATE``, NO_PROOF, ALREADY_LOST, and what no room
    keeps).
    """
    case = locked_unheld(case_id, actor, permissions.DECIDE)
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
        **proof(paper, title=f"{cause.label}-证明材料"),
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
    case = locked(case_id, actor, permissions.DECIDE)
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
    advance(proposal, actor, now)
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
    paper: Paper | None,
    actor: Actor,
    now: datetime,
) -> Recheck:
    """Ask the original committee to look at the candidates again (W-30, D-07).

    Raises ``Refusal`` (``rules.NO_CAUSE``, NOT_A_CANDIDATE, NO_PROOF, and those of the case and of
    papers).
    """
    case = locked(case_id, actor, permissions.RECHECK)
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
        **proof(paper, title=f"{cause.label}-证明材料"),
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
    case = locked(case_id, actor, permissions.NOTIFY)
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
    telling.of_award(letters, case=case, now=now)
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
def report_to_supervisor(
    *, case_id: UUID, sections: Sequence[tuple[str, str]], actor: Actor, now: datetime
) -> SupervisorReport:
    """Hand the written report on the tender to its supervisor (W-32).

    Raises ``Refusal`` (``rules.SECTION_EMPTY`` and those of the case).
    """
    case = locked(case_id, actor, permissions.REPORT)
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
    telling.of_report(row, now=now)
    return row


@transaction.atomic
def note_report_read(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Note when somebody of the supervisor first opened the report (T-12)."""
    unread = SupervisorReport.objects.filter(case_id=case_id, read_at__isnull=True)
    row = unread.select_related("case").first()
    if row is None or actor.account_id not in queries.supervisors_of(row.case, now=now):
        return
    if unread.update(read_at=now, read_by_name=actor.name):
        audit.record(actor=actor, deed="award.report_received", object_id=row.pk, now=now)


@transaction.atomic
def winner_lost(
    *,
    case_id: UUID,
    cause: LossCause,
    reason: str,
    paper: Paper | None,
    actor: Actor,
    now: datetime,
) -> Loss:
    """Take an award out of force because the winner was lost after it (Q-06); the caller advances.

    Raises ``Refusal`` as ``record_loss``, and ``rules.NOT_AWARDED``.
    """
    case = locked_unheld(case_id, actor, permissions.DECIDE)
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


def _reference(letters: str, now: datetime) -> str:
    return codes.issue_reference(
        region_code=settings.NODE.region_code, letters=letters, day=now.astimezone(BEIJING).date()
    )

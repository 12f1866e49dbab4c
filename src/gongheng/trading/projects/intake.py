"""Submits tender projects for intake, decides on them, and takes lots back before the notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import actions as engine
from gongheng.trading.projects import engagement, queries, rules
from gongheng.trading.projects.kinds import ABANDONED, FilingFacts, IntakeVerdict, Recognition
from gongheng.trading.projects.models import Filing, LotDecision, TenderProject
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

REGISTER, ACCEPT, ABANDON = "register", "accept", "abandon"


@transaction.atomic
def submit(*, tender_project_id: UUID, facts: FilingFacts, actor: Actor, now: datetime) -> Filing:
    """Submit a tender project with all its lots that wait for it; the step is done in each case.

    Raises ``Refusal`` (rules.NOTHING_WAITS, NOT_IN_CATALOGUE, EXCEPTION_UNFOUNDED, NO_APPROVAL,
    APPROVAL_LATER), and what the engine refuses.
    """
    tender = locked_tender(tender_project_id, actor, now=now)
    waiting = queries.cases_awaiting(tender, REGISTER)
    if not waiting:
        raise Refusal(rules.NOTHING_WAITS)
    today = day_of(now)
    listing = queries.listing_of(tender, on=today)
    rules.require_catalogue(listing, is_statutory=tender.is_statutory, facts=facts)
    rules.require_approval(facts.approval, digest=facts.digest, today=today)
    # Both were refused otherwise.
    assert listing is not None  # noqa: S101
    assert facts.approval.on is not None  # noqa: S101
    filing = Filing.objects.create(
        region_code=tender.region_code,
        tender_project=tender,
        number=tender.filings.count() + 1,
        catalogue_code=listing.item.code,
        is_listed=listing.is_listed,
        total=listing.total,
        exception_reason=facts.exception_reason,
        exception_approver=facts.exception_approver,
        exception_document=facts.exception_document,
        **_recognised(facts.recognition),
        approval_name=facts.approval.name,
        approval_number=facts.approval.number,
        approval_authority=facts.approval.authority,
        approval_on=facts.approval.on,
        approval_file=facts.file,
        approval_digest=facts.digest,
        submitted_by=actor.person_id,
        submitted_by_name=actor.name,
        submitted_at=now,
    )
    for case in waiting:
        engine.advance(
            case_id=case.pk,
            step=REGISTER,
            facts={"is_statutory": tender.is_statutory, "filing": filing.number},
            actor=actor,
            now=now,
        )
    audit.record(actor=actor, deed="project.submitted", object_id=filing.pk, now=now)
    return filing


def _recognised(recognition: Recognition | None) -> dict[str, Any]:
    """Return the columns of a filing that keep why an invitation is lawful."""
    if recognition is None:
        return {}
    return {
        "ground": recognition.ground,
        "recognised_by": recognition.by,
        "recognition_number": recognition.number,
        "recognised_on": recognition.on,
    }


@transaction.atomic
def decide(
    *,
    tender_project_id: UUID,
    verdict: IntakeVerdict,
    corrections: Sequence[str],
    actor: Actor,
    now: datetime,
) -> Filing:
    """Accept a tender project, or return it with everything that is to be corrected (U-01).

    Raises ``Refusal`` (rules.NOT_FILED, NO_CORRECTIONS, RETURNED_ONCE), and what the engine refuses.
    """
    readable = queries.tender_projects_for(actor)
    tender = readable.select_for_update(of=("self",)).get(pk=tender_project_id)
    waiting = queries.cases_awaiting(tender, ACCEPT)
    filing = tender.filings.filter(decided_at__isnull=True).first()
    if filing is None or not waiting:
        raise Refusal(rules.NOT_FILED)
    if verdict is IntakeVerdict.RETURNED:
        rules.require_corrections(corrections, earlier=queries.corrections_of(tender))
        filing.corrections = list(corrections)
    filing.verdict = verdict
    filing.decided_by_name = actor.name
    filing.decided_at = now
    filing.save()
    for case in waiting:
        engine.advance(case_id=case.pk, step=ACCEPT, outcome=verdict, actor=actor, now=now)
    audit.record(actor=actor, deed=f"project.{verdict}", object_id=filing.pk, now=now)
    return filing


@transaction.atomic
def abandon(
    *,
    tender_project_id: UUID,
    lot_codes: Sequence[str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[LotDecision]:
    """Take lots back before their notice, for a reason. Raises ``Refusal``."""
    tender = locked_tender(tender_project_id, actor, now=now)
    rules.require_reason(reason)
    chosen = [case for case in queries.latest_cases(tender) if case.code in set(lot_codes)]
    if not chosen:
        raise Refusal(rules.NOTHING_WAITS)
    written = []
    for case in chosen:
        engine.advance(case_id=case.pk, step=ABANDON, actor=actor, now=now)
        written.append(
            LotDecision.objects.create(
                region_code=case.region_code,
                case_code=case.code,
                round_number=case.round_number,
                outcome=ABANDONED,
                reason=reason.strip(),
                decided_by=actor.person_id,
                decided_by_name=actor.name,
                decided_at=now,
            )
        )
    close_filing(tender, actor=actor, now=now)
    audit.record(actor=actor, deed="project.abandoned", object_id=tender.pk, now=now)
    return written


def close_filing(tender: TenderProject, *, actor: Actor, now: datetime) -> None:
    """Settle a filing that nobody waits for any more, so that another can be submitted."""
    if queries.cases_awaiting(tender, ACCEPT):
        return
    tender.filings.filter(decided_at__isnull=True).update(
        verdict=IntakeVerdict.WITHDRAWN, decided_by_name=actor.name, decided_at=now
    )


def locked_tender(tender_project_id: UUID, actor: Actor, *, now: datetime) -> TenderProject:
    """Return one of the person's tender projects, locked.

    Raises ``TenderProject.DoesNotExist``, ``Refusal`` (rules.NOT_ENGAGED).
    """
    own = queries.tender_projects_of(actor).select_for_update(of=("self",))
    tender = own.get(pk=tender_project_id)
    engagement.require(
        tenderer_code=tender.tenderer_code, agency_code=tender.agency_code, actor=actor, now=now
    )
    return tender

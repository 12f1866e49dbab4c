"""Drafts and publishes the room's bulletins: the candidates on view, and the award notice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import permissions, queries, reports, rules, telling
from gongheng.trading.award.casework import advance, locked
from gongheng.trading.award.kinds import (
    BulletinKind,
    PublicityFacts,
    Recommended,
    ResultFacts,
    Statement,
)
from gongheng.trading.award.models import Bulletin, Candidate
from gongheng.trading.cases import actions as case_actions
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def propose_publicity(
    *, case_id: UUID, facts: PublicityFacts, actor: Actor, now: datetime
) -> Proposal:
    """Draft the publicity of the report's candidates and hand it to a second person (B-06, W-28).

    Raises ``Refusal`` (``rules.NO_REPORT``, VIEW_TOO_SHORT, ENDS_ON_REST_DAY, STATEMENT_MISSING and
    those of the case).
    """
    case = locked(case_id, actor, permissions.PUBLISH_CANDIDATES)
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
    advance(proposal, actor, now)
    telling.of_candidates(bulletin, now=now)


def _is_again(case: Case, kind: BulletinKind) -> bool:
    published = Bulletin.objects.filter(case__code=case.code, kind=kind)
    return published.filter(published_at__isnull=False).exists()


@transaction.atomic
def propose_result(*, case_id: UUID, facts: ResultFacts, actor: Actor, now: datetime) -> Proposal:
    """Draft the award notice and hand it to a second person (B-07).

    Raises ``Refusal`` (``rules.NOT_AWARDED`` and those of the case).
    """
    case = locked(case_id, actor, permissions.PUBLISH_RESULT)
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
    advance(proposal, actor, now)


def earliest_end(case: Case, now: datetime) -> date:
    """Return the last day of a publicity that would begin now and be as short as the law lets it."""
    term = queries.term_of(case, "W-28", now)
    return term.deadline(term.name, now).ends_at.astimezone(BEIJING).date() - timedelta(days=1)


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

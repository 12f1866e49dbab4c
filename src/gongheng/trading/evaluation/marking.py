"""Saves what members find, one finding at a time, and closes the preliminary review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.kinds import TECHNICAL_EVALUATED
from gongheng.trading.evaluation import deciding, queries, rules, sources
from gongheng.trading.evaluation.forming import (
    locked_seat,
    require_active,
    require_chair,
    require_unlocked,
)
from gongheng.trading.evaluation.kinds import Manner
from gongheng.trading.evaluation.models import Assessment, Committee, Member
from gongheng.trading.evaluation.shapes import Criterion, Rejection, Requirements, Tender
from gongheng.trading.opening import later, queries as openings
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a member says of one criterion; ``number`` is the version that was read, 0 for none."""

    criterion: str
    number: int
    passes: bool | None = None
    points: str = ""
    ground: str = ""
    reason: str = ""


@transaction.atomic
def save(
    *, case_id: UUID, bidder_code: str, finding: Finding, actor: Actor, now: datetime
) -> Assessment:
    """Save a finding over the version that was read; the same once more changes nothing.

    Raises ``Refusal`` (rules); STALE when another window saved something else in between.
    """
    [saved] = save_all(
        case_id=case_id, bidder_code=bidder_code, findings=[finding], actor=actor, now=now
    )
    if isinstance(saved, Refusal):
        raise saved
    return saved


@transaction.atomic
def save_all(
    *,
    case_id: UUID,
    bidder_code: str,
    findings: Sequence[Finding],
    actor: Actor,
    now: datetime,
) -> list[Assessment | Refusal]:
    """Save findings about one bid, each by itself; return for each what it became or why not.

    There is one finding of a criterion. Raises ``Refusal`` when the member may not save anything now.
    """
    committee, member = locked_seat(case_id, actor)
    require_active(member)
    require_unlocked(committee)
    requirements = sources.requirements_of(committee.case.code)
    tenders = sources.tenders_in(committee, queries.corrected_prices(committee))
    if bidder_code not in {tender.bidder_code for tender in tenders}:
        raise Refusal(rules.NO_SUCH_CRITERION, bidder=bidder_code)
    is_out = committee.review_closed_at is not None and bidder_code in _rejected(
        committee, requirements, tenders
    )
    told: list[Assessment | Refusal] = []
    first: list[Assessment] = []
    formers = {row.criterion: row for row in member.assessments.filter(bidder_code=bidder_code)}
    for finding in findings:
        try:
            criterion = _criterion(requirements, finding.criterion)
            _require_stage(committee, member, criterion, is_out=is_out)
            fresh = _assessment(criterion, finding, member, bidder_code)
            kept = _kept(fresh, formers.get(criterion.code), number=finding.number, now=now)
            if kept is fresh:
                first.append(fresh)
            told.append(kept)
        except Refusal as refusal:
            told.append(refusal)
    # The committee's row is locked: nobody else writes these meanwhile.
    Assessment.objects.bulk_create(first)
    return told


def _kept(
    fresh: Assessment, former: Assessment | None, *, number: int, now: datetime
) -> Assessment:
    """Return a finding over version ``number`` of the same one, written unless it is the first.

    Raises ``Refusal`` (STALE).
    """
    if former is None:
        if number:
            raise Refusal(rules.STALE)
        fresh.saved_at = now
        return fresh
    if _content(former) == _content(fresh):
        return former
    if former.number != number:
        raise Refusal(rules.STALE, number=former.number)
    former.passes, former.value = fresh.passes, fresh.value
    former.ground, former.reason = fresh.ground, fresh.reason
    former.number, former.saved_at = former.number + 1, now
    former.save()
    return former


def _criterion(requirements: Requirements, code: str) -> Criterion:
    found = next((row for row in requirements.criteria if row.code == code), None)
    if found is None or found.manner is Manner.FORMULA:
        raise Refusal(rules.NO_SUCH_CRITERION, criterion=code)
    return found


def _require_stage(
    committee: Committee, member: Member, criterion: Criterion, *, is_out: bool
) -> None:
    is_preliminary = criterion.manner is Manner.PASS
    if is_preliminary and committee.review_closed_at is not None:
        raise Refusal(rules.REVIEW_CLOSED)
    if not is_preliminary and committee.review_closed_at is None:
        raise Refusal(rules.REVIEW_OPEN)
    if not is_preliminary and is_out:
        raise Refusal(rules.REJECTED_BID)
    closed_at, declared_at = _technical_closed_at(committee), member.declared_at
    # Who took a seat afterwards must judge anew (W-22); nobody else marks with the prices known.
    if not is_preliminary and closed_at and declared_at and declared_at <= closed_at:
        raise Refusal(rules.TECHNICAL_CLOSED)


def _technical_closed_at(committee: Committee) -> datetime | None:
    """Return since when no mark changes; a recheck by the same committee may correct them (W-30)."""
    is_recheck = committee.reports.filter(submitted_at__isnull=False).exists()
    return None if is_recheck else committee.technical_closed_at


def rejected_in(
    committee: Committee, requirements: Requirements, bids: tuple[sources.OpenBid, ...]
) -> dict[str, Rejection]:
    """Return the bids that are out as things stand, by bidder."""
    tenders = sources.tenders_of(bids, queries.corrected_prices(committee))
    return _rejected(committee, requirements, tenders)


def _rejected(
    committee: Committee, requirements: Requirements, tenders: Sequence[Tender]
) -> dict[str, Rejection]:
    found = deciding.rejections(requirements, tenders, queries.findings_of(committee))
    return {row.bidder_code: row for row in found}


def _assessment(
    criterion: Criterion, finding: Finding, member: Member, bidder_code: str
) -> Assessment:
    row = Assessment(
        region_code=member.region_code,
        member=member,
        bidder_code=bidder_code,
        criterion=criterion.code,
    )
    if criterion.manner is Manner.PASS:
        if finding.passes is None:
            raise Refusal(rules.NO_VERDICT)
        rules.require_ground(passes=finding.passes, ground=finding.ground, reason=finding.reason)
        row.passes = finding.passes
        row.ground = "" if finding.passes else finding.ground
        row.reason = "" if finding.passes else finding.reason.strip()
    else:
        row.value = rules.read_points(finding.points, criterion=criterion)
        row.reason = finding.reason.strip()
    return row


def _content(row: Assessment) -> tuple[bool | None, Decimal | None, str, str]:
    return row.passes, row.value, row.ground, row.reason


@transaction.atomic
def close_review(*, case_id: UUID, actor: Actor, now: datetime) -> Committee:
    """Close the preliminary review: every member has judged every bid (W-15, W-24).

    Raises ``Refusal`` (rules.NOT_READY, INCOMPLETE with ``gaps``).
    """
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    require_unlocked(committee)
    if not queries.is_ready(committee):
        raise Refusal(rules.NOT_READY)
    bidders = [tender.bidder_code for tender in sources.tenders_in(committee, {})]
    requirements = sources.requirements_of(committee.case.code)
    missing = tuple(
        deciding.gaps(requirements, bidders, queries.findings_of(committee), manners=(Manner.PASS,))
    )
    if missing:
        raise Refusal(rules.INCOMPLETE, gaps=missing)
    committee.review_closed_at = now
    committee.save(update_fields=["review_closed_at"])
    audit.record(actor=actor, deed="evaluation.review_closed", object_id=case_id, now=now)
    return committee


@transaction.atomic
def close_technical(*, case_id: UUID, actor: Actor, now: datetime) -> Committee:
    """Close the judging of everything but the prices, which are opened from now on (E-29).

    Raises ``Refusal`` (NOTHING_SEALED, NOT_READY, REVIEW_OPEN, TECHNICAL_CLOSED; INCOMPLETE and
    UNEQUAL with ``gaps``).
    """
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    require_unlocked(committee)
    if not queries.is_ready(committee):
        raise Refusal(rules.NOT_READY)
    if committee.review_closed_at is None:
        raise Refusal(rules.REVIEW_OPEN)
    if committee.technical_closed_at is not None:
        raise Refusal(rules.TECHNICAL_CLOSED)
    if not openings.waits_for(committee.case, TECHNICAL_EVALUATED):
        raise Refusal(rules.NOTHING_SEALED)
    requirements = sources.requirements_of(committee.case.code)
    tenders = sources.tenders_in(committee, queries.corrected_prices(committee))
    out = _rejected(committee, requirements, tenders)
    standing = [tender.bidder_code for tender in tenders if tender.bidder_code not in out]
    deciding.require_scored(requirements, standing, queries.findings_of(committee))
    committee.technical_closed_at = now
    committee.save(update_fields=["technical_closed_at"])
    later.record_event(case_id=case_id, event=TECHNICAL_EVALUATED, bidders=standing, now=now)
    audit.record(actor=actor, deed="evaluation.technical_closed", object_id=case_id, now=now)
    return committee


@transaction.atomic
def reopen_review(*, case_id: UUID, actor: Actor, now: datetime) -> Committee:
    """Let the members change their verdicts again. Raises ``Refusal`` (rules)."""
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    require_unlocked(committee)
    if _technical_closed_at(committee) is not None:
        raise Refusal(rules.TECHNICAL_CLOSED)
    committee.review_closed_at = None
    committee.save(update_fields=["review_closed_at"])
    audit.record(actor=actor, deed="evaluation.review_reopened", object_id=case_id, now=now)
    return committee

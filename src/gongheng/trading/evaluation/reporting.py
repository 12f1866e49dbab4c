"""Draws up the report, gathers what each member says to it, and hands it over to the tenderer."""

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.holds import actions as holds
from gongheng.trading.bids.kinds import TECHNICAL_EVALUATED
from gongheng.trading.cases import actions as cases
from gongheng.trading.evaluation import (
    asking,
    body,
    deciding,
    queries,
    reports,
    rules,
    sources,
    telling,
)
from gongheng.trading.evaluation.forming import (
    locked_seat,
    require_active,
    require_chair,
    require_unlocked,
)
from gongheng.trading.evaluation.kinds import Opinion
from gongheng.trading.evaluation.models import Committee, Member, Report, Signature
from gongheng.trading.opening import queries as openings
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

BY_THE_MEMBER = frozenset(Opinion) - {Opinion.NOTED}
THE_COMMITTEE = "评标委员会"
"""The name under which the step is done: the history of a case tells no member's name (A-04)."""


@transaction.atomic
def draw_up(*, case_id: UUID, actor: Actor, now: datetime) -> Report:
    """Work out the result and freeze it with everything it rests on.

    Raises ``Refusal`` (rules.REVIEW_OPEN, NOT_READY, PENDING_REQUEST, those of ``deciding``).
    """
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    require_unlocked(committee)
    if not queries.is_ready(committee):
        raise Refusal(rules.NOT_READY)
    if committee.review_closed_at is None:
        raise Refusal(rules.REVIEW_OPEN)
    if openings.is_sealed_still(committee.case, TECHNICAL_EVALUATED):
        raise Refusal(rules.PRICES_SEALED)
    asking.settle_overdue(committee, now=now)
    number = committee.reports.count() + 1
    case = committee.case
    basis = body.basis_of(committee, number=number)
    result = deciding.decide(
        basis.requirements,
        sources.tenders_of(basis.bids, basis.corrected),
        basis.findings,
        on=case.terms_on or day_of(now),
        seed=bytes.fromhex(committee.seed),
        event=basis.event,
    )
    content = body.written(committee, basis, result, nonce=secrets.token_hex(16), now=now)
    report = Report.objects.create(
        region_code=committee.region_code,
        committee=committee,
        number=number,
        conclusion=result.conclusion,
        candidates=result.candidates,
        body=content,
        digest=sm3(canonical(content)).hex(),
        drawn_up_at=now,
    )
    reports.report_drawn_up(report, now=now)
    telling.report_to_sign(case, report, queries.standing_members(committee), now=now)
    audit.record(actor=actor, deed="evaluation.report_drawn_up", object_id=case_id, now=now)
    return report


@transaction.atomic
def withdraw(*, case_id: UUID, actor: Actor, now: datetime) -> Report:
    """Take a report back before it is handed over, to correct a mistake. Raises ``Refusal``."""
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    holds.require_none(committee.case.code)
    report = _open_report(committee)
    report.withdrawn_at = now
    report.save(update_fields=["withdrawn_at"])
    reports.report_withdrawn(report, now=now)
    audit.record(actor=actor, deed="evaluation.report_withdrawn", object_id=case_id, now=now)
    return report


@transaction.atomic
def sign(
    *,
    case_id: UUID,
    digest: str,
    opinion: Opinion,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Say to the report what a member may say: agree, dissent, refuse (W-27).

    ``digest`` is that of the report which was read; the page has asked for the password again.
    Raises ``Refusal`` (rules.OTHER_REPORT, SIGNED_ALREADY, DISSENT_MISSING).
    """
    committee, member = locked_seat(case_id, actor)
    require_active(member)
    holds.require_none(committee.case.code)
    report = _open_report(committee)
    if report.digest != digest:
        raise Refusal(rules.OTHER_REPORT)
    if opinion not in BY_THE_MEMBER or _has_spoken(report, member):
        raise Refusal(rules.SIGNED_ALREADY)
    rules.require_reason(opinion, reason)
    report.signatures.filter(member=member, opinion=Opinion.NOTED).delete()
    signature = _signature(report, member, opinion=opinion, reason=reason, now=now)
    audit.record(actor=actor, deed="evaluation.report_signed", object_id=case_id, now=now)
    _note_whole(report, now=now)
    return signature


@transaction.atomic
def note_refusal(
    *, case_id: UUID, seat: int, reason: str, actor: Actor, now: datetime
) -> Signature:
    """Note as chair that a member neither signs nor says why: the member is deemed to agree (W-27).

    Until the report is handed over the member may still speak. Raises ``Refusal``.
    """
    committee, chair = locked_seat(case_id, actor)
    require_chair(committee, chair)
    holds.require_none(committee.case.code)
    report = _open_report(committee)
    members = queries.standing_members(committee)
    member = next((other for other in members if other.seat == seat), None)
    if member is None or member.pk == chair.pk:
        raise Refusal(rules.NOT_A_MEMBER)
    if report.signatures.filter(member=member).exists():
        raise Refusal(rules.SIGNED_ALREADY)
    rules.require_reason(Opinion.NOTED, reason)
    signature = _signature(
        report, member, opinion=Opinion.NOTED, reason=reason, now=now, noted_by=chair
    )
    audit.record(actor=actor, deed="evaluation.refusal_noted", object_id=case_id, now=now)
    _note_whole(report, now=now)
    return signature


@transaction.atomic
def submit(*, case_id: UUID, actor: Actor, now: datetime) -> Report:
    """Hand the signed report over to the tenderer: the step "evaluate" is done.

    Raises ``Refusal`` (rules.NOT_SIGNED, those of ``cases``).
    """
    committee, chair = locked_seat(case_id, actor)
    require_chair(committee, chair)
    report = _open_report(committee)
    cases.advance(
        case_id=case_id,
        step="evaluate",
        outcome=report.conclusion,
        facts={"candidates": report.candidates, "report": report.digest},
        actor=replace(actor, name=THE_COMMITTEE),
        now=now,
    )
    report.submitted_at = now
    report.save(update_fields=["submitted_at"])
    telling.report_submitted(committee.case, now=now)
    return report


@transaction.atomic
def receive(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Receive the report as the tenderer; the time for the publicity begins (W-28)."""
    cases.advance(case_id=case_id, step="receive_report", actor=actor, now=now)


def _open_report(committee: Committee) -> Report:
    report = queries.open_report(committee)
    if report is None:
        raise Refusal(rules.NO_REPORT)
    return report


def _has_spoken(report: Report, member: Member) -> bool:
    return report.signatures.filter(member=member).exclude(opinion=Opinion.NOTED).exists()


def _signature(
    report: Report,
    member: Member,
    *,
    opinion: Opinion,
    reason: str,
    now: datetime,
    noted_by: Member | None = None,
) -> Signature:
    return Signature.objects.create(
        region_code=report.region_code,
        report=report,
        member=member,
        opinion=opinion,
        reason=reason.strip(),
        digest=report.digest,
        noted_by=noted_by,
        signed_at=now,
    )


def _note_whole(report: Report, *, now: datetime) -> None:
    """Write down when the last member had spoken."""
    if rules.is_signed(queries.opinions_on(report)):
        report.signed_at = report.signed_at or now
        report.save(update_fields=["signed_at"])

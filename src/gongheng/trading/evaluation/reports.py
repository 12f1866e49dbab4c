"""Deeds of an evaluation as acts for supervision: numbers and digests, never a name or a mark."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.trading.evaluation.models import Committee, Member, Report
from gongheng.trust.identity.actors import Actor


def member_replaced(committee: Committee, former: Member, *, actor: Actor, now: datetime) -> Act:
    """Report that a seat has another member, and the cause."""
    return _act(
        committee,
        "committee.member_replaced",
        {"seat": former.seat, "cause": former.replaced_because},
        actor_code=actor.organisation_code,
        now=now,
    )


def time_short(committee: Committee, *, now: datetime) -> Act:
    """Report that more than a third of the members ask for time (W-23); not who."""
    return _act(committee, "evaluation.time_short", {}, actor_code="", now=now)


def time_extended(committee: Committee, *, actor: Actor, until: datetime, now: datetime) -> Act:
    """Report that the tenderer gave the committee more time."""
    facts: dict[str, str | int] = {"until": until.isoformat()}
    code = actor.organisation_code
    return _act(committee, "evaluation.time_extended", facts, actor_code=code, now=now)


def report_drawn_up(report: Report, *, now: datetime) -> Act:
    """Report the digest of a report before anybody has signed it."""
    return _report(report, "evaluation.report_drawn_up", now=now)


def report_withdrawn(report: Report, *, now: datetime) -> Act:
    """Report that the committee withdrew a report to correct it."""
    return _report(report, "evaluation.report_withdrawn", now=now)


def _report(report: Report, kind: str, *, now: datetime) -> Act:
    facts: dict[str, str | int] = {"number": report.number, "digest": report.digest}
    return _act(report.committee, kind, facts, actor_code="", now=now)


def _act(
    committee: Committee, kind: str, facts: dict[str, str | int], *, actor_code: str, now: datetime
) -> Act:
    case = committee.case
    return records.act(
        case_code=case.code,
        kind=kind,
        actor_code=actor_code or settings.NODE.platform_code,
        facts={"round": case.round_number, **facts},
        audience=Audience.SUPERVISION,
        now=now,
        region_code=case.region_code,
    )

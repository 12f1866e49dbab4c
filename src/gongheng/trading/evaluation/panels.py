"""The tab of the evaluation on the page of a case: how far it is; names only when the law lets them."""

from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.kinds import Party
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import permissions, queries
from gongheng.trading.evaluation.kinds import MemberState
from gongheng.trading.evaluation.models import Committee, Member, Report
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Panel, provides_panel


@provides_panel
def evaluation(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show the state of the evaluation to the tenderer's side, the centre and the supervisor."""
    is_party = Role.CLERK in actor.roles and actor.is_of(case.tenderer_code, case.agency_code)
    watches = bool(actor.roles & {Role.OFFICER, Role.SUPERVISOR})
    if not is_party and not (watches and actor.reaches(case.region_code)):
        return None
    committee = queries.committee_of(case)
    if committee is None:
        return None
    members = list(committee.members.filter(replaced_at__isnull=True).order_by("seat"))
    report = queries.latest_report(committee)
    handed = report if report is not None and report.submitted_at is not None else None
    return Panel(
        code="evaluation",
        title="评标",
        template="evaluation/panel.html",
        context={
            "committee": committee,
            "members": members,
            "stage": stage_of(committee, members, report),
            "report": handed,
            "shows_names": is_party and queries.shows_names(case, Party.TENDERER),
            "must_replace": is_party and _has_avoided(members) and queries.is_before_report(case),
            "may_export": _may_export(actor, case),
        },
        reads="evaluation.committee_read" if is_party else "",
    )


def stage_of(committee: Committee, members: list[Member], report: Report | None) -> str:
    """Return how far the evaluation is: numbers, never a name or a mark (A-05)."""
    if not queries.is_under_way(committee.case):
        return "评标报告已提交" if report is not None and report.submitted_at else "等待开标结束"
    declared = sum(member.state == MemberState.ACTIVE for member in members)
    if declared < len(members) or committee.chair_id is None:
        return f"{len(members)} 名成员中 {declared} 名已声明"
    if report is not None and report.submitted_at is None:
        spoken = len(members) - queries.opinions_on(report).count(None)
        return f"签署评标报告，{len(members)} 名成员中 {spoken} 名已签署"
    return "详细评审" if committee.review_closed_at else "初步评审"


def _has_avoided(members: list[Member]) -> bool:
    return any(member.state == MemberState.AVOIDED for member in members)


def _may_export(actor: Actor, case: Case) -> bool:
    if not actor.may(permissions.EXPORT):
        return False
    try:
        queries.exported_for(actor, case)
    except Refusal:
        return False
    return True

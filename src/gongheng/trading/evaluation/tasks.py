"""What is a member's, a clerk's or a bidder's to do in an evaluation."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import queries as cases
from gongheng.trading.evaluation import queries, rules
from gongheng.trading.evaluation.kinds import MemberState, RequestState
from gongheng.trading.evaluation.models import Committee, Member, Report
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def of_members(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield what a member has to do next in each committee."""
    for member in queries.seats_of(actor).filter(committee__case__awaits="evaluate"):
        found = next_deed(member)
        if found is None:
            continue
        title, route, rule = found
        case = member.committee.case
        yield Task(
            title=title,
            address=reverse(route, args=[case.pk]),
            subject=case.title,
            case_code=case.code,
            rule=rule,
        )


def next_deed(member: Member) -> tuple[str, str, str] | None:
    """Return what the member has to do next: words, route, rule."""
    committee, room = member.committee, "evaluation-room"
    if member.state == MemberState.INVITED:
        return "声明有无回避情形", room, "W-22"
    if member.state != MemberState.ACTIVE:
        return None
    if committee.chair_id is None:
        return ("推举评标委员会负责人", room, "W-21") if member.vote_id is None else None
    report = queries.open_report(committee)
    if report is None:
        return "评审投标文件" if committee.review_closed_at is None else "评分", room, "W-41"
    return _deed_with(report, member)


def _deed_with(report: Report, member: Member) -> tuple[str, str, str] | None:
    if not report.signatures.filter(member=member).exists():
        return "签署评标报告", "evaluation-report", "W-27"
    if member.committee.chair_id == member.pk and report.signed_at is not None:
        return "提交评标报告", "case-evaluate", "W-27"
    return None


@provides_tasks
def of_clerks(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the committees that ask for time, and those with a seat that must be filled."""
    if Role.CLERK not in actor.roles:
        return
    yield from _short_of_time(actor, now)
    empty = Member.objects.filter(
        state=MemberState.AVOIDED,
        replaced_at__isnull=True,
        committee__case__in=cases.cases_for(actor).filter(is_over=False).order_by(),
    )
    for member in empty.select_related("committee__case").order_by("committee__formed_at", "seat"):
        case = member.committee.case
        yield Task(
            title=f"更换评标委员会成员（第 {member.seat} 席回避）",
            address=reverse("case-form_committee", args=[case.pk]),
            subject=case.title,
            case_code=case.code,
            rule="W-22",
        )


def _short_of_time(actor: Actor, now: datetime) -> Iterator[Task]:
    own = cases.cases_for(actor).filter(is_over=False, awaits="evaluate").order_by()
    asking = Committee.objects.filter(case__in=own, members__needs_time=True)
    for committee in asking.select_related("case").distinct():
        case = committee.case
        short, members = queries.short_of_time(committee)
        on = case.terms_on or day_of(now)
        is_locked = queries.open_report(committee) is not None
        if not is_locked and rules.must_be_extended(short, members, on=on):
            yield Task(
                title="延长评标时间（超过三分之一的成员提出）",
                address=reverse("case-form_committee", args=[case.pk]),
                subject=case.title,
                case_code=case.code,
                rule="W-23",
            )


@provides_tasks
def of_bidders(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the written requests that the person's firm has to answer."""
    asked = queries.requests_to(actor).filter(state=RequestState.ASKED, due_at__gt=now)
    for request in asked:
        case = request.committee.case
        yield Task(
            title=f"答复评标委员会：{request.kind_label}",
            address=reverse("evaluation-answer", args=[request.pk]),
            subject=case.title,
            case_code=case.code,
            due_at=request.due_at,
            rule="W-25",
        )

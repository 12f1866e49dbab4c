"""What is whose to do at an opening, beyond the steps of the engine."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.opening import permissions, queries
from gongheng.trading.opening.kinds import LaterStage, Side, Stage, State
from gongheng.trading.opening.models import Entry, LaterOpening, Opening
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.rehearsal import Moment, provides_moments
from gongheng.web.work import Task, provides_tasks


@provides_moments
def moments(now: datetime) -> Iterator[Moment]:
    """Yield the ends of the windows in openings under way, for the clock of a demonstration."""
    for opening in Opening.objects.filter(stage=Stage.BIDDERS, releases_until__gt=now):
        yield Moment(opening.releases_until, "，投标人解密时间结束")
    for opening in Opening.objects.filter(stage=Stage.SHOWN, confirm_until__gt=now):
        if opening.confirm_until:
            yield Moment(opening.confirm_until, "，开标记录确认时间结束")


@provides_tasks
def of_bidders(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the bids that a bidder is to decrypt, and the records to be answered for."""
    if not actor.may(permissions.RELEASE) or not actor.organisation_code:
        return
    own = Entry.objects.filter(bidder_code=actor.organisation_code).select_related("opening__case")
    waiting = own.filter(state=State.WAITING, opening__stage=Stage.BIDDERS)
    for entry in waiting.filter(opening__releases_until__gt=now):
        yield _task(entry.opening, "解密投标文件", "E-06", due_at=entry.opening.releases_until)
    shown = own.filter(opening__stage=Stage.SHOWN, opening__confirm_until__gt=now)
    answered = {"opening__confirmations__organisation_code": actor.organisation_code}
    for entry in shown.exclude(**answered):
        yield _task(entry.opening, "确认开标记录", "E-11", due_at=entry.opening.confirm_until)


@provides_tasks
def of_hosts(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield the causes that a host is to decide, and the records to be confirmed."""
    if Role.CLERK not in actor.roles:
        return
    for opening in Opening.objects.filter(stage__in=[Stage.JUDGED, Stage.SHOWN]).select_related(
        "case"
    ):
        if not queries.is_host(opening.case, actor):
            continue
        if queries.without_cause(opening).exists():
            yield _task(opening, "认定未解密的原因", "E-07")
        if opening.stage == Stage.SHOWN and not opening.confirmations.filter(side=Side.CLERK):
            yield _task(opening, "确认开标记录", "E-11", due_at=opening.confirm_until)


@provides_tasks
def of_later_parts(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield the decisions that a tenderer signs, and what a person of the centre makes known (E-29)."""
    waiting = LaterOpening.objects.filter(stage__in=[LaterStage.DECISION, LaterStage.JUDGED])
    for row in waiting.select_related("opening__case"):
        case = row.opening.case
        if row.stage == LaterStage.DECISION and queries.is_host(case, actor):
            yield _task(row.opening, "签署其余部分的开启决定", "E-29", route="opening-later")
        elif row.stage == LaterStage.JUDGED and queries.is_centre(case, actor):
            yield _task(row.opening, "公布其余部分的开标内容", "E-29", route="opening-later")


@provides_tasks
def of_the_centre(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield the decisions that wait for the centre."""
    if Role.OFFICER not in actor.roles:
        return
    waiting = Opening.objects.filter(decisions__decided_at__isnull=True, decisions__isnull=False)
    for opening in waiting.select_related("case").distinct():
        if queries.is_centre(opening.case, actor):
            yield _task(opening, "确认延长或推迟的决定", "E-07", route="opening-decision")


def _task(
    opening: Opening,
    title: str,
    rule: str,
    *,
    due_at: datetime | None = None,
    route: str = "opening-hall",
) -> Task:
    return Task(
        title=title,
        address=reverse(route, args=[opening.case_id]),
        subject=opening.case.title,
        case_code=opening.case_code,
        due_at=due_at,
        rule=rule,
    )

"""What cases wait for: for the clock of a demonstration, and for who must wake an idle one (U-05)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse

from gongheng.trading.cases import graph, hours, idle, queries, standing as standings, work
from gongheng.trading.cases.declaration import IDLE, Step
from gongheng.trading.cases.models import Case
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.rehearsal import Moment, provides_moments
from gongheng.web.work import Task, provides_tasks

MOST_CASES = 200
BEFORE_DEADLINE = timedelta(hours=1)
"""So much is left when the clock comes near a deadline: time to act. The next move passes it."""


@provides_moments
def moments(now: datetime) -> Iterator[Moment]:
    """Yield the instants ahead in the cases under way."""
    under_way = Case.objects.filter(is_over=False).order_by("-begun_at")[:MOST_CASES]
    for standing in standings.of_many(under_way):
        for step in standing.procedure.steps:
            if graph.is_offered(step, standing.state) and graph.is_free(step, standing.state):
                yield from _of_step(standing, step, now=now)


def _of_step(standing: Standing, step: Step, *, now: datetime) -> Iterator[Moment]:
    told = hours.hours_of(standing, step, now=now)
    if told.opens_at:
        yield Moment(told.opens_at, f"，{step.label}开始")
    if told.due_at:
        yield Moment(told.due_at - BEFORE_DEADLINE, f"，距{step.label}的期限 1 小时")
        yield Moment(told.due_at, f"，{step.label}的期限已到")


@provides_tasks
def idle_cases(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the reminded cases: to their clerks at once, to the centre when they may be closed."""
    reminded = queries.cases_for(actor).filter(is_over=False, facts__has_key=IDLE)
    for standing, close_from in idle.idle_in(standings.of_many(reminded[:MOST_CASES]), now=now):
        case, step = standing.case, idle.closing_step(standing)
        if Role.CLERK in actor.roles:
            title, address = "项目长期没有进展，请继续办理或结束", reverse("case", args=[case.pk])
        elif step and _is_to_close(standing, step, actor, close_from, now):
            title, address = step.label, work.address_of(step.code, case.pk)
        else:
            continue
        yield Task(
            title=title,
            address=address,
            subject=case.title,
            case_code=case.code,
            due_at=close_from,
            rule=idle.RULE,
        )


def _is_to_close(
    standing: Standing, step: Step, actor: Actor, close_from: datetime, now: datetime
) -> bool:
    if now < close_from or not actor.roles & {*step.roles}:
        return False
    return queries.open_proposal(standing.case, step.code) is None

"""What cases wait for, for the clock of a demonstration: public times and deadlines of steps."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gongheng.trading.cases import graph, hours, standing as standings
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.models import Case
from gongheng.trading.cases.standing import Standing
from gongheng.web.rehearsal import Moment, provides_moments

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

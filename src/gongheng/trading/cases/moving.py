"""Which open deadlines of cases a notice of days off has moved, and telling the parties (T-16)."""

import itertools
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from gongheng.kernel.workdays import calendar
from gongheng.registers.workdays import actions as workdays
from gongheng.registers.workdays.actions import Loaded, Moved
from gongheng.trading.cases import graph, standing as standings, telling, work
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.hours import Hours, hours_of
from gongheng.trading.cases.models import Case
from gongheng.trading.cases.standing import Standing


def look(*, now: datetime) -> bool:
    """Write down what each new notice moved, and tell the parties; tell whether there was one."""
    found = workdays.newly_loaded()
    for notice in found:
        _settle(notice, now=now)
    return bool(found)


@transaction.atomic
def _settle(notice: Loaded, *, now: datetime) -> None:
    moved = workdays.note_moved(notice_id=notice.id, moved=moved_by(notice.since), now=now)
    for case_id, of_case in itertools.groupby(moved, key=lambda each: each.case_id):
        case = Case.objects.get(pk=case_id)
        telling.deadlines_moved(case, list(of_case), title=notice.title, now=now)


def moved_by(loaded_at: datetime) -> Iterator[Moved]:
    """Yield the deadlines that were open when a notice was loaded and end later because of it."""
    open_cases = Case.objects.filter(is_over=False, begun_at__lt=loaded_at)
    for case in open_cases.order_by("begun_at", "id").iterator(200):
        standing = standings.of(case)
        for step in standing.procedure.steps:
            if _is_waited_for(standing, step):
                yield from _moved(standing, step, loaded_at)


def _is_waited_for(standing: Standing, step: Step) -> bool:
    is_open = graph.is_offered(step, standing.state) and graph.is_free(step, standing.state)
    return is_open and work.is_duty(standing, step)


def _moved(standing: Standing, step: Step, loaded_at: datetime) -> Iterator[Moved]:
    with calendar.as_before(loaded_at):
        before = hours_of(standing, step, now=loaded_at)
    after = hours_of(standing, step, now=loaded_at)
    for is_opening, was_at, is_at in (
        (True, before.opens_at, after.opens_at),
        (False, before.due_at, after.due_at),
    ):
        if was_at and is_at and loaded_at < was_at < is_at:
            yield _of(
                standing, step, after, is_opening=is_opening, before_at=was_at, after_at=is_at
            )


def _of(
    standing: Standing,
    step: Step,
    hours: Hours,
    *,
    is_opening: bool,
    before_at: datetime,
    after_at: datetime,
) -> Moved:
    case = standing.case
    return Moved(
        case_id=case.pk,
        case_code=case.code,
        case_title=case.title,
        region_code=case.region_code,
        step=step.code,
        label=step.label,
        rule=hours.rule,
        is_opening=is_opening,
        before_at=before_at,
        after_at=after_at,
    )

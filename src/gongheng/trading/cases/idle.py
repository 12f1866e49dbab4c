"""Cases in which nothing goes on: reminded after one term, free to be closed after another (U-05).

Nothing is closed by itself: the reminder opens the steps that a procedure declares from ``IDLE`` on,
and two people do one of them. Whatever is done in the case takes the reminder back.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gongheng.kernel import terms
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.deadlines import Deadline
from gongheng.registers.holds import queries as holds
from gongheng.trading.cases import graph, guards, hours, reasons, reports, standing as standings
from gongheng.trading.cases.declaration import DONE_AT, IDLE, Step
from gongheng.trading.cases.facts import stored
from gongheng.trading.cases.models import Case
from gongheng.trading.cases.standing import Standing
from gongheng.trading.cases.telling import reminded

SINCE, REMINDED = "idle_since", "idle_reminded_at"
FACTS = (IDLE, SINCE, REMINDED)
"""What a reminder notes with the case: nobody states it, and any step takes it back."""
RULE, CLOSE = "U-05", "close"


def closing_step(standing: Standing) -> Step | None:
    """Return the step that may end the case as idle where it now stands, if one is declared."""
    return next(
        (
            step
            for step in standing.procedure.steps
            if step.not_before == IDLE and graph.is_offered(step, standing.state)
        ),
        None,
    )


def since(standing: Standing, *, now: datetime) -> datetime | None:
    """Return from when on nothing goes on; none while a hold stands or an hour is waited for.

    Progress is what the journal of the case says: its beginning, each step, the end of a hold. Until
    the awaited step may be done at all (bids are due on a day), nobody can be said to be idle.
    """
    case = standing.case
    if case.is_over or closing_step(standing) is None or holds.standing_on(case.code).exists():
        return None
    done = [at for name, at in standing.known.items() if name.startswith(DONE_AT)]
    lifted = holds.history_of(case.code).values_list("lifted_at", flat=True)
    awaited = hours.hours_of(standing, standing.procedure.step(case.awaits), now=now).opens_at
    seen = [case.begun_at, *done, *lifted, awaited]
    return max(at for at in seen if isinstance(at, datetime))


def reminder_due(standing: Standing, start: datetime, *, now: datetime) -> Deadline:
    """Return until when a case that stands still since then is left in peace."""
    term = terms.in_force(RULE, standing.terms_on(now))
    return term.deadline(term.name, start)


def candidates(now: datetime) -> list[UUID]:
    """Return the cases to look into: those reminded, and those without a step for the whole term."""
    term = terms.in_force(RULE, now.date())
    before = now - timedelta(days=term.periods)
    quiet = Q(begun_at__lte=before) & ~Q(steps__done_at__gt=before)
    known = Case.objects.filter(Q(facts__has_key=IDLE) | quiet, is_over=False)
    return list(known.order_by("begun_at", "id").values_list("pk", flat=True).distinct())


def _overdue_since(standing: Standing, *, now: datetime) -> datetime | None:
    """Return from when on nothing goes on, once the term of the reminder is over."""
    start = since(standing, now=now)
    if start is None or not reminder_due(standing, start, now=now).is_over(now):
        return None
    return start


def _is_noted(case: Case, start: datetime | None) -> bool:
    """Tell whether the reminder noted with the case is the one it should have, or rightly none."""
    noted: str | None = case.facts.get(SINCE)
    return noted == (start.isoformat() if start else None)


def look(*, case_id: UUID, now: datetime) -> bool:
    """Remind the people of a case in which nothing goes on, once; take back what is out of date.

    Judged without a lock first: on most looks nothing is to be done, and a lock is a write.
    """
    standing = standings.of(Case.objects.get(pk=case_id))
    if _is_noted(standing.case, _overdue_since(standing, now=now)):
        return False
    return _remind(case_id, now=now)


@transaction.atomic
def _remind(case_id: UUID, *, now: datetime) -> bool:
    standing = standings.locked(case_id)
    case, start = standing.case, _overdue_since(standing, now=now)
    if _is_noted(case, start):
        return False
    if start is None:
        forget(case)
        case.save(update_fields=["facts"])
        return False
    term = terms.in_force(RULE, standing.terms_on(now), CLOSE)
    close_from = term.deadline(term.name, now).ends_at
    case.facts |= stored({SINCE: start, REMINDED: now, IDLE: close_from})
    case.save(update_fields=["facts"])
    reports.idle_reminded(case, since=start, close_from=close_from, now=now)
    reminded(case, since=start, close_from=close_from, now=now)
    return True


def forget(case: Case) -> bool:
    """Take a reminder back, without saving; tell whether there was one."""
    found = [name for name in FACTS if case.facts.pop(name, None) is not None]
    return bool(found)


def idle_in(found: Iterable[Standing], *, now: datetime) -> Iterator[tuple[Standing, datetime]]:
    """Yield the reminded cases that still stand still, with the instant from which they may be closed."""
    for standing in found:
        start = since(standing, now=now)
        if start is not None and standing.case.facts.get(SINCE) == start.isoformat():
            yield standing, datetime.fromisoformat(str(standing.case.facts[IDLE]))


@guards.provide("cases.idle")
def still_idle(question: guards.Question) -> None:
    """Refuse to close a case that went on after its reminder."""
    standing = standings.of(Case.objects.get(pk=question.case_id))
    start = since(standing, now=question.now)
    if start is None or standing.case.facts.get(SINCE) != start.isoformat():
        raise Refusal(reasons.NOT_IDLE)

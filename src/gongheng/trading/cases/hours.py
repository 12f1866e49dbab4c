"""From when and until when a step may or must be done, and which rule says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.terms import Counting
from gongheng.kernel.workdays.counting import midnight_after
from gongheng.trading.cases import rules
from gongheng.trading.cases.declaration import NOW, Period, Step
from gongheng.trading.cases.facts import instant
from gongheng.trading.cases.standing import Standing

DEADLINE_RULE = "T-10"
"""The rule of a plain instant: at or after it is too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a step opens and when it is due, with the rule and the account of the reckoning.

    ``is_duty``: being late is noted, so the step stays open and the delay stays visible.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    rule: str = ""
    words: str = ""
    is_duty: bool = False


def hours_of(standing: Standing, step: Step, *, now: datetime) -> Hours:
    """Return when a step opens and is due, by what is known of the case: the tightest of each."""
    found = [*_of_instants(standing, step), *_of_periods(standing, step, now=now)]
    opening = max((h for h in found if h.opens_at), key=lambda h: h.opens_at or now, default=None)
    due = min((h for h in found if h.due_at), key=lambda h: h.due_at or now, default=None)
    told = due or opening or Hours()
    return Hours(
        opens_at=opening.opens_at if opening else None,
        due_at=due.due_at if due else None,
        rule=told.rule,
        words=told.words,
        is_duty=told.is_duty,
    )


def _of_instants(standing: Standing, step: Step) -> Iterator[Hours]:
    if step.not_before and (at := _instant(standing, step.not_before)):
        yield Hours(opens_at=at, rule=DEADLINE_RULE)
    if step.before and (at := _instant(standing, step.before)):
        yield Hours(due_at=at, rule=DEADLINE_RULE)


def _of_periods(standing: Standing, step: Step, *, now: datetime) -> Iterator[Hours]:
    for period in step.periods:
        if period.end == NOW and (start := _instant(standing, period.start)):
            yield from _since(standing, period, start, now=now)
        elif period.start == NOW and (end := _instant(standing, period.end)):
            term = rules.term_of(period, standing.terms_on(now))
            due = midnight_after(term.latest(end)) if term.counting is Counting.BEFORE else None
            # What binds only some deeds of a step (W-07) leaves the step open to the others.
            if due is not None and not (period.when and due <= now):
                yield Hours(due_at=due, rule=term.rule, words=f"{term}。")


def _since(
    standing: Standing, period: Period, start: datetime, *, now: datetime
) -> Iterator[Hours]:
    term = rules.term_of(period, standing.terms_on(now))
    if term.counting not in {Counting.WITHIN, Counting.ON_VIEW, Counting.BETWEEN}:
        return
    ends = term.deadline("", start)
    words = f"{term.name}：{ends.sentence}依据{term.law}。"
    if term.counting is Counting.WITHIN:
        yield Hours(due_at=ends.ends_at, rule=term.rule, words=words, is_duty=period.is_noted)
    else:
        yield Hours(opens_at=ends.ends_at, rule=term.rule, words=words)


def _instant(standing: Standing, name: str) -> datetime | None:
    """Return an instant that is known of the case; days and words are none."""
    if name not in standing.known:
        return None
    try:
        found = instant(standing.known, name)
    except ValueError:
        return None
    return found.astimezone(BEIJING) if isinstance(found, datetime) else None

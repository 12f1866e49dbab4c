"""The law's numbers as the rule table asks for them: ``'W-06'`` or ``'W-09/prequalification'``."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeAlias

from gongheng.data.standard.times import instant_of
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Kind, Term, in_force
from gongheng.kernel.units import DAYS

LawOfADay: TypeAlias = Callable[[str], Term | None]


@cache
def _term(name: str, day: str) -> Term | None:
    rule, _, key = name.partition("/")
    try:
        on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
        return in_force(rule, on, key)
    except (ValueError, Refusal):
        return None


def law_of(day: str) -> LawOfADay:
    """Return what gives the term of a rule on a day (``yyyyMMdd``); None before the first version.

    Raises ``KeyError`` when there is no such term: a fault of the rule table.
    """
    return lambda name: _term(name, day)


_LAST_SECOND = "235959"


def counts_days(term: Term) -> bool:
    """Tell whether a term looks at the days of two times and not at their seconds."""
    return term.unit in DAYS and term.kind is not Kind.FIXED


def representatives(term: Term, start: str, end: str) -> tuple[str, str]:
    """Return the first times that stand for these: days are counted in days.

    Of an end it also matters whether it is the last second that can be written, which stands for 24:00.
    """
    if not counts_days(term):
        return start, end
    return start[:8], end if end[8:] == _LAST_SECOND else end[:8]


def lasts(term: Term, start: str, end: str) -> bool | None:
    """Tell whether the time between two times on the wire is what the term asks for.

    Unknown where the working-day calendar does not reach.
    """
    return _lasts(term, *representatives(term, start, end))


@lru_cache(maxsize=1 << 16)
def _lasts(term: Term, start: str, end: str) -> bool | None:
    first, last = instant_of(start), instant_of(end)
    if first is None or last is None:
        return None
    try:
        return term.satisfied(first, last)
    except (Refusal, OverflowError):
        return None


def is_share(term: Term, part: Decimal, whole: Decimal) -> bool:
    """Tell whether ``part`` is not more than so many percent of ``whole``."""
    return part <= term.share_of(whole)


def is_allowed(term: Term, number: Decimal) -> bool:
    """Tell whether a number of people or things is one that the law allows."""
    return term.admits(number)

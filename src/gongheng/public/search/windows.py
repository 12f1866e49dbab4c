"""Answers from the notices nearest to a moment, as long as these are enough.

The tokens' index knows no order: of a word that stands in half of all notices it would gather half
a million places to show twenty. Asked for the word and the days beside a moment, it gathers few.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TypeVar

from gongheng.kernel.clock import BEIJING
from gongheng.public.search import statements, words
from gongheng.public.search.statements import Condition

NEAREST = 3_000
"""Notices that are looked through first."""
WIDEST = 100_000
"""To look through more of them costs hardly less than all."""
_MARGIN = 1.5

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Side:
    """Where to begin: at a moment (None: the newest), with the older ones, or ``is_back`` the newer.

    ``until``: the moment beyond which nothing is asked for.
    """

    at: datetime | None = None
    until: datetime | None = None
    is_back: bool = False


def answer(
    asked: Condition,
    side: Side,
    *,
    ask: Callable[[Condition], _Answer],
    hits: Callable[[_Answer], int],
    enough: int,
    nearest: int | None = None,
) -> _Answer:
    """Return the answer of the nearest notices when these hold enough hits, else that of all.

    ``nearest``: so many of them are looked through first, 0 for all.
    """
    notices = (NEAREST if nearest is None else nearest) if asked.has_tokens else 0
    while notices:
        reach = statements.reach(side.at, side.until, is_back=side.is_back, notices=notices)
        days = words.with_days(*map(_day, reach.days)) if reach.days else ""
        if not days:
            break
        found = ask(asked.within(days))
        if reach.number < notices or hits(found) >= enough:
            return found
        notices = _wider(notices, found=hits(found), wanted=enough)
    return ask(asked)


def likely(found: int, *, wanted: int) -> int:
    """Return how many notices to begin with, when the nearest hold so many hits and no more."""
    return _wider(NEAREST, found=found, wanted=wanted)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def _wider(notices: int, *, found: int, wanted: int) -> int:
    """Return how many notices will likely hold so many hits; 0 for all."""
    asked = max(ceil(_MARGIN * wanted * notices / found), 4 * notices) if found else 0
    return asked if asked <= WIDEST else 0

"""Answers from the notices nearest to a moment, as long as these are enough.

The tokens' index knows no order: of a word that stands in half of all notices it would gather half
a million places to show twenty. Asked for the word and the days beside a moment, it gathers few.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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
    """Where to begin: at a moment (None: the newest), with the older ones, or ``is_back`` the newer."""

    at: datetime | None = None
    is_back: bool = False


def answer(
    asked: Condition,
    side: Side,
    *,
    ask: Callable[[Condition], _Answer],
    hits: Callable[[_Answer], int],
    enough: int,
) -> _Answer:
    """Return the answer of the nearest notices when these hold enough hits, else that of all."""
    notices = NEAREST if asked.has_tokens else 0
    while notices and (days := _days_beside(side, notices)):
        found = ask(asked.within(days))
        if hits(found) >= enough:
            return found
        notices = _wider(notices, found=hits(found), wanted=enough)
    return ask(asked)


def _days_beside(side: Side, notices: int) -> str:
    """Return the condition that the nearest notices meet: about so many, of whole days.

    Empty when there are not so many, or they are spread too thinly to name their days or months.
    """
    reach = statements.reach(side.at, is_back=side.is_back, notices=notices)
    if reach is None:
        return ""
    first, last = (at.astimezone(BEIJING).date() for at in reach)
    return words.with_days(first, last)


def _wider(notices: int, *, found: int, wanted: int) -> int:
    """Return how many notices will likely hold so many hits; 0 for all."""
    asked = ceil(_MARGIN * wanted * notices / found) if found else 0
    return asked if asked <= WIDEST else 0

"""Objections to an opening, as the room that deals with them tells them for the record (W-20).

That room stands later in a case and is not known here: it provides its reader.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from gongheng.trading.cases.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection made on the spot, and its answer; both empty of anything a bid holds."""

    by_name: str
    words: str
    raised_at: datetime
    answer: str = ""
    answered_at: datetime | None = None


Reader = Callable[[Case], Iterable[Objection]]

_readers: list[Reader] = []


def provides(reader: Reader) -> Reader:
    """Enter a reader of objections (decorator)."""
    _readers.append(reader)
    return reader


def of(case: Case) -> list[Objection]:
    """Return the objections to the opening of a case, in the order in which they were raised."""
    found = [objection for reader in _readers for objection in reader(case)]
    return sorted(found, key=lambda objection: objection.raised_at)

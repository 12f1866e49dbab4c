"""The model check: proves of a declaration what nobody could prove of code that was written out.

Exhaustive over the graph of states; times and counts are taken as met either way. Pure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongheng.trading.cases import lawfulness, shape, ways
from gongheng.trading.cases.declaration import Procedure


class FaultKind(StrEnum):
    """Every fault that the check can name."""

    CODE_TWICE = "code_twice"
    UNKNOWN_NAME = "unknown_name"
    NO_OUTCOME = "no_outcome"
    NO_ROLE = "no_role"
    NO_PERMISSION = "no_permission"
    TWO_MEANINGS = "two_meanings"
    UNREACHABLE = "unreachable"
    DEAD_END = "dead_end"
    FAILURE_HANGS = "failure_hangs"
    FAILURE_UNANNOUNCED = "failure_unannounced"
    CAUSE_MISSING = "cause_missing"
    DEED_MISSING = "deed_missing"
    NOTICE_MISSING = "notice_missing"
    TERM_MISSING = "term_missing"
    TERM_LOOSENED = "term_loosened"
    LATE_IS_REFUSED = "late_is_refused"
    COUNT_UNANSWERED = "count_unanswered"
    ONE_PERSON = "one_person"
    ORDER_MISSING = "order_missing"
    TERMS_UNBOUND = "terms_unbound"
    SEEN_TOO_EARLY = "seen_too_early"
    SILENT_WRITES = "silent_writes"
    UNINVITED = "uninvited"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which step, and why."""

    kind: FaultKind
    place: str
    message: str

    def __str__(self) -> str:
        """Return one line for a test's output."""
        return f"{self.place}: {self.kind}: {self.message}"


Found = Iterator[tuple[str, str, str]]
Check = Callable[[Procedure], Found]


def check(procedure: Procedure, *, on: date) -> list[Fault]:
    """Return every fault of a declaration, by the terms in force on a day.

    The graph is walked only when every name in it is known.
    """
    faults = _faults(shape.find(procedure))
    if any(fault.kind in {FaultKind.UNKNOWN_NAME, FaultKind.CODE_TWICE} for fault in faults):
        return faults
    faults += _faults(ways.find(procedure))
    faults += _faults(lawfulness.find(procedure, on=on))
    return faults


def _faults(found: Found) -> list[Fault]:
    return [Fault(FaultKind(kind), place, message) for kind, place, message in found]

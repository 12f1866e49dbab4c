"""The room's part of the worker: cases in which nothing goes on, deadlines that were moved."""

from collections.abc import Callable

from gongheng.trading.cases import idle, moving
from gongheng.web.clock import legal_now


def remind() -> bool:
    """Look into the cases without progress; tell whether one was reminded."""
    now = legal_now()
    done = [idle.look(case_id=case_id, now=now) for case_id in idle.candidates(now)]
    return any(done)


def note_moved() -> bool:
    """Write down what new notices of days off have moved; tell whether there was one."""
    return moving.look(now=legal_now())


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("cases.idle", 20.0, remind),
    ("cases.moved", 20.0, note_moved),
]
"""Name, seconds between two looks unless the step found work, step."""

"""The room's part of the worker: reminds of cases in which nothing goes on."""

from collections.abc import Callable

from gongheng.trading.cases import idle
from gongheng.web.clock import legal_now


def remind() -> bool:
    """Look into the cases without progress; tell whether one was reminded."""
    now = legal_now()
    done = [idle.look(case_id=case_id, now=now) for case_id in idle.candidates(now)]
    return any(done)


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("cases.idle", 20.0, remind)]
"""Name, seconds between two looks unless the step found work, step."""

"""The room's part of the worker."""

from collections.abc import Callable

from gongheng.data.validations import actions
from gongheng.web.clock import legal_now


def judge() -> bool:
    """Judge the file that waits longest."""
    return actions.step(now=legal_now())


def judge_share() -> bool:
    """Do a share of a large file."""
    return actions.step_share(now=legal_now())


def sweep() -> bool:
    """Forget old jobs."""
    return actions.sweep(now=legal_now()) > 0


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("validations", 2.0, judge),
    *((f"validations.shares-{number}", 2.0, judge_share) for number in (1, 2)),
    ("validations.sweep", 3600, sweep),
]
"""Name, seconds between two looks unless the step found work, step."""

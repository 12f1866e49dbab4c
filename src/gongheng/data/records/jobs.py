"""The room's part of the worker: what was sealed until its hour is opened in the log."""

from collections.abc import Callable

from gongheng.data.records import actions
from gongheng.web.clock import legal_now


def _open_due() -> int:
    return actions.open_due(now=legal_now())


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("records", 1.0, _open_due)]
"""Name, seconds between two looks unless the step found work, step."""

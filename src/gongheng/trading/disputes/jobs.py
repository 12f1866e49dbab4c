"""The room's part of the worker: reports what waited for the end of bidding."""

from collections.abc import Callable

from gongheng.trading.disputes import publishing
from gongheng.web.clock import legal_now


def publish() -> bool:
    """Report objections whose firms may be named now."""
    return publishing.publish_waiting(now=legal_now()) > 0


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("disputes.publish", 5.0, publish)]
"""Name, seconds between two looks unless the step found work, step."""

"""The room's part of the worker: the parties hear of early looks when the secret has ended."""

from collections.abc import Callable

from gongheng.trading.emergency import actions
from gongheng.web.clock import legal_now


def tell() -> bool:
    """Tell the parties of what may be told now."""
    return actions.tell_parties(now=legal_now()) > 0


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("emergency.tell", 20.0, tell)]
"""Name, seconds between two looks unless the step found work, step."""

"""The room's part of the worker: close at the deadline, one leaf an interval, sweep what was left."""

from collections.abc import Callable

from django.conf import settings

from gongheng.trading.bids import actions, slots, trail
from gongheng.trust.identity.actors import system_of
from gongheng.web.clock import legal_now


def close() -> bool:
    """Close the cases whose deadline has come."""
    return actions.close_due(now=legal_now(), actor=system_of(settings.NODE.region_code)) > 0


def enter_slot() -> None:
    """Enter the log's leaf of this interval."""
    slots.enter()


def enter_trail() -> bool:
    """Enter what the audit trail may say now that the bidding of a case is over."""
    return trail.enter_waiting() > 0


def sweep() -> bool:
    """Remove files that no receipt belongs to."""
    actions.sweep()
    return False


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("bids.close", 0.5, close),
    ("bids.leaves", 1.0, enter_slot),
    ("bids.trail", 5.0, enter_trail),
    ("bids.sweep", 3600, sweep),
]
"""Name, seconds between two looks unless the step found work, step."""

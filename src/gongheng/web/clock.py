"""The node's legal time, for the edges: pages, loops and commands ask here, rules never do."""

from datetime import datetime

from django.conf import settings

from gongheng.kernel.clock import Clock, RealClock

_REAL = RealClock()


def legal_now() -> datetime:
    """Return the legal time of this node, aware, in Beijing's zone."""
    clock: Clock = getattr(settings, "GONGHENG_CLOCK", None) or _REAL
    return clock.now()

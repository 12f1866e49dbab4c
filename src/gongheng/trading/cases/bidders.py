"""Telling those who have a bid in: only the room of bids knows them, and says nothing of them (A-01).

That room provides the way in its ``ways.py``; ``node`` imports these modules when it starts. Rooms that
come before it ask here, and learn neither how many were told nor who, nor whether anybody was.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from gongheng.trading.cases.models import Case

Way = Callable[..., object]
"""``way(cases, subject=..., body=..., kind=..., now=...)``: tell who has a bid in, in any of the cases."""

_ways: list[Way] = []


def provides_way(way: Way) -> Way:
    """Enter how those who have a bid in are told (decorator)."""
    _ways.append(way)
    return way


def tell(cases: Sequence[Case], *, subject: str, body: str, kind: str, now: datetime) -> None:
    """Tell everybody who has a bid in, in any of some cases, each in an own inbox and once."""
    for way in _ways:
        way(cases, subject=subject, body=body, kind=kind, now=now)

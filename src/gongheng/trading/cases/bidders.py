"""Telling those who have a bid in, and keeping back what tells who means to bid (A-01).

Only the room of bids knows them, and says nothing of them. It provides the way and the trail in its
``ways.py``; ``node`` imports these modules when it starts. Rooms that come before it ask here, and
learn neither how many were told nor who, nor whether anybody was.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.kinds import Phase, Role
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

Way = Callable[..., object]
"""``way(cases, subject=..., body=..., kind=..., now=...)``: tell who has a bid in, in any of the cases."""

_ways: list[Way] = []


@dataclass(frozen=True, slots=True)
class Trail:
    """The audit trail of whoever shows to mean to bid: what it keeps is entered after the closing.

    ``keep(case=..., deed=..., actor=..., now=..., object_id=...)``; ``refusals(case=..., deed=...,
    actor=..., now=...)`` keeps a refusal of the deed inside, and lets it go on.
    """

    keep: Callable[..., object]
    refusals: Callable[..., AbstractContextManager[None]]


_trails: list[Trail] = []


def provides_trail(trail: Trail) -> None:
    """Enter the trail of bidders."""
    _trails.append(trail)


def trail() -> Trail:
    """Return the trail of bidders."""
    return _trails[-1]


def provides_way(way: Way) -> Way:
    """Enter how those who have a bid in are told (decorator)."""
    _ways.append(way)
    return way


def enter_step(case: Case, step: Step, *, actor: Actor, now: datetime) -> None:
    """Write a done step down; what a firm does before the opening tells who means to bid (A-01)."""
    deed = f"case.{step.code}"
    if Role.BIDDER in step.roles and case.phase < Phase.OPENING:
        trail().keep(case=case, deed=deed, actor=actor, now=now, object_id=case.pk)
    else:
        audit.record(actor=actor, deed=deed, object_id=case.pk, now=now)


def tell(cases: Sequence[Case], *, subject: str, body: str, kind: str, now: datetime) -> None:
    """Tell everybody who has a bid in, in any of some cases, each in an own inbox and once."""
    for way in _ways:
        way(cases, subject=subject, body=body, kind=kind, now=now)

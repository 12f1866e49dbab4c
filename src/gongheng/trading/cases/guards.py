"""Guards: conditions that a declaration names and a room provides. A missing one opens nothing.

A room provides a guard in its ``guards.py``; ``node`` imports these modules when it starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.facts import Facts
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a guard is asked about: the case as it stands, the step, and who wants to do it."""

    case_id: UUID
    case_code: str
    region_code: str
    round_number: int
    terms_on: date
    step: str
    outcome: str
    actor: Actor
    now: datetime
    facts: Facts


Guard = Callable[[Question], None]
"""Raises a ``Refusal`` when the step may not be done."""

_provided: dict[str, Guard] = {}


class UnprovidedGuard(LookupError):
    """A declaration names a guard that no room provides: our fault, and the step stays closed."""


def provide(name: str) -> Callable[[Guard], Guard]:
    """Return the decorator by which a room provides a guard. Raises ``ValueError`` for a second."""

    def register(guard: Guard) -> Guard:
        if _provided.setdefault(name, guard) is not guard:
            msg = f"two guards are called {name}"
            raise ValueError(msg)
        return guard

    return register


def ask(names: Iterable[str], question: Question) -> None:
    """Ask each guard in order. Raises ``Refusal`` of the first, ``UnprovidedGuard``."""
    for name in names:
        if name not in _provided:
            raise UnprovidedGuard(name)
        _provided[name](question)


def named_in(procedure: Procedure) -> frozenset[str]:
    """Return the guards that a declaration names."""
    of_outcomes = (guard for step in procedure.steps for o in step.outcomes for guard in o.guards)
    return frozenset([guard for step in procedure.steps for guard in step.guards] + [*of_outcomes])


def unprovided(procedure: Procedure) -> frozenset[str]:
    """Return the guards that a declaration names and no room provides."""
    return named_in(procedure) - _provided.keys()

"""A lot with its project and its case at any step, for the tests of the rooms of trading.

Rooms stand below the procedures and must not import them; these tests stand beside everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gongheng.procedures.tests.support import (
    BIDDER,
    BY_ROLE,
    CLERK,
    COLLEAGUE,
    EXPERT,
    NOW,
    OFFICER,
    SECOND_OFFICER,
    SUPERVISOR,
    SYSTEM,
    TENDERER,
    WORKS,
    Walk,
    advance_usually,
    agreeing,
    confirmed,
    open_accounts,
    person,
    plain_deed,
)
from gongheng.trading.cases import actions, guards, queries
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.projects import actions as projects
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.tests.support import lot_facts, project_facts, tender_facts
from tests.worlds import once

__all__ = [
    "BIDDER",
    "BY_ROLE",
    "CLERK",
    "COLLEAGUE",
    "EXPERT",
    "NOW",
    "OFFICER",
    "SECOND_OFFICER",
    "SUPERVISOR",
    "SYSTEM",
    "TENDERER",
    "WORKS",
    "Walk",
    "case_at",
    "confirmed",
    "everything_agreed",
    "lot_case",
    "open_accounts",
    "person",
    "plain_deed",
    "walk_to",
]


@contextmanager
def everything_agreed(procedure: Procedure = WORKS) -> Iterator[None]:
    """Let every guard agree meanwhile: a test comes to the step that it is about, and stops here."""
    provided = dict(guards._provided)
    guards._provided.update(agreeing(procedure))
    try:
        yield
    finally:
        guards._provided.clear()
        guards._provided.update(provided)


def lot_case(step: str = "register", **changes: Any) -> tuple[Lot, Walk]:
    """Return a lot of ``CLERK``'s organisation and its case, which has come to a main step.

    ``open_accounts()`` comes before. ``changes`` are facts of the lot.
    """
    actions.adopt(WORKS, now=NOW)
    tender = projects.register(
        project=project_facts(), tender_project=tender_facts(), actor=CLERK, now=NOW
    )
    lot = projects.add_lot(
        tender_project_id=tender.pk, facts=lot_facts(**changes), actor=CLERK, now=NOW
    )
    case = queries.case_of(lot.code) or actions.begin(
        procedure=WORKS.code,
        code=lot.code,
        title=lot.name,
        region_code=lot.region_code,
        tenderer_code=tender.tenderer_code,
        actor=CLERK,
        now=NOW,
    )
    walk = Walk(case, NOW)
    walk_to(walk, step)
    return lot, walk


@once
def case_at(step: str) -> Walk:
    """Return a case at a main step, with the accounts of the people of the tests."""
    open_accounts()
    return lot_case(step)[1]


def walk_to(walk: Walk, step: str) -> None:
    """Bring a case to a main step by the usual way, the rooms' guards aside."""
    with everything_agreed(queries.declaration_of(walk.case)):
        while walk.case.awaits != step:
            advance_usually(walk)

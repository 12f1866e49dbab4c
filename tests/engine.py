"""A case by the engine alone, without a room, for the tests of ``trading/cases``.

Rooms stand below the procedures and must not import them; these tests stand beside everything.
"""

from gongheng.procedures.tests.conftest import _fresh_declarations, provide
from gongheng.procedures.tests.support import (
    BIDDER,
    BY_ROLE,
    CLERK,
    COLLEAGUE,
    EXPERT,
    NOW,
    OFFICER,
    SUPERVISOR,
    SYSTEM,
    WORKS,
    Walk,
    advance_usually,
    at,
    begun,
    changed,
    confirmed,
    person,
    plainly_advanced,
)

__all__ = [
    "BIDDER",
    "BY_ROLE",
    "CLERK",
    "COLLEAGUE",
    "EXPERT",
    "NOW",
    "OFFICER",
    "SUPERVISOR",
    "SYSTEM",
    "WORKS",
    "Walk",
    "_fresh_declarations",
    "advance_usually",
    "at",
    "begun",
    "changed",
    "confirmed",
    "person",
    "plainly_advanced",
    "provide",
]

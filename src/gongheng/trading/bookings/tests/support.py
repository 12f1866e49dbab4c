"""A case under way and the rooms of its centre."""

from datetime import datetime, timedelta
from typing import Any

from gongheng.registers.venues.actions import RoomFacts, enter_room
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking, Room
from gongheng.trading.bookings import actions, queries
from tests.engine import CLERK, OFFICER, Walk

HOUR = timedelta(hours=1)


def rooms() -> dict[Purpose, Room]:
    made = {
        Purpose.OPENING: ("第一开标室", RoomKind.OPENING),
        Purpose.EVALUATION: ("第一评标室", RoomKind.EVALUATION),
    }
    return {purpose: room(name, kind) for purpose, (name, kind) in made.items()}


def room(name: str, kind: RoomKind) -> Room:
    facts = RoomFacts(
        name=name, kind=kind, address="锦绣大街1号三楼", seats=40, equipment="音视频录制、大屏"
    )
    return enter_room(facts=facts, actor=OFFICER, now=datetime.fromisoformat("2026-10-01T00:00Z"))


def book(walk: Walk, where: Room, purpose: Purpose = Purpose.OPENING, **changes: Any) -> Booking:
    """Book for the hour of opening, an evaluation for three hours later."""
    opening_at = queries.opening_at(walk.case) or walk.now + timedelta(days=24)
    starts_at = opening_at if purpose is Purpose.OPENING else opening_at + 3 * HOUR
    known: dict[str, Any] = {
        "case_id": walk.case.pk,
        "room_id": where.pk,
        "purpose": purpose,
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
        "actor": CLERK,
        "now": walk.now,
    }
    return actions.book(**(known | changes))

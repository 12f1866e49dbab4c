"""Rooms, and the people who keep and book them."""

from datetime import datetime, timedelta
from typing import Any

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.identifiers import uuid7
from gongheng.registers.venues import actions
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking, Room
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, Grant

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
NINE = datetime(2026, 11, 9, 9, 0, tzinfo=BEIJING)
HOUR = timedelta(hours=1)
LOT = "E5301000001000001001001"
TENDERER, AGENCY, OTHER = "12530100MB1A000014", "91530100MA6K0010A5", "91530100MA6K0020B1"
CENTRE = "12530000MB1X000010"


def someone(name: str, role: str, *, organisation: str = CENTRE, region: str = "530100") -> Actor:
    """Return a person with an account and a role, who may also come by the door."""
    actor = Actor(uuid7(), name, name, organisation, organisation, region, frozenset({role}))
    account = Account.objects.create(
        pk=actor.account_id,
        region_code=region,
        username=name,
        display_name=name,
        organisation_code=organisation,
        organisation_name=organisation,
    )
    Grant.objects.create(
        region_code=region, account=account, role=role, starts_at=NOW - timedelta(days=30)
    )
    return actor


def officer() -> Actor:
    return someone("officer", "officer")


def clerk() -> Actor:
    return someone("clerk", "clerk", organisation=TENDERER)


def room(keeper: Actor, **changes: Any) -> Room:
    known: dict[str, Any] = {
        "name": "第一开标室",
        "kind": RoomKind.OPENING,
        "address": "昆明市呈贡区锦绣大街1号三楼301",
        "seats": 40,
        "equipment": "音视频录制、大屏",
    }
    facts = actions.RoomFacts(**(known | changes))
    return actions.enter_room(facts=facts, actor=keeper, now=NOW)


def lot(code: str = LOT, **changes: Any) -> actions.LotFacts:
    known = {
        "title": "龙泉路道路提升改造工程施工一标段",
        "code": code,
        "tenderer_code": TENDERER,
        "agency_code": AGENCY,
    }
    return actions.LotFacts(**(known | changes))


def book(where: Room, who: Actor, **changes: Any) -> Booking:
    known: dict[str, Any] = {
        "room_id": where.pk,
        "purpose": Purpose.OPENING,
        "lot": lot(),
        "starts_at": NINE,
        "ends_at": NINE + 2 * HOUR,
        "actor": who,
        "now": NOW,
    }
    return actions.book(**(known | changes))

"""Rooms of the demonstration's centre, and those that its first tenders have booked."""

from datetime import datetime, timedelta

from gongheng.registers.venues import actions as venues, queries
from gongheng.registers.venues.actions import RoomFacts
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.trading.bookings import actions as bookings, queries as needs
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.actors import Actor, acting

_FLOOR = "昆明市示例路99号公共资源交易中心"
_RECORDED = "全程音视频录制"
ROOMS = (
    RoomFacts(
        name="第一开标室",
        kind=RoomKind.OPENING,
        address=f"{_FLOOR}三楼301",
        seats=60,
        equipment=f"{_RECORDED}、大屏、网络直播",
    ),
    RoomFacts(
        name="第二开标室",
        kind=RoomKind.OPENING,
        address=f"{_FLOOR}三楼302",
        seats=30,
        equipment=f"{_RECORDED}、大屏",
    ),
    RoomFacts(
        name="第一评标室",
        kind=RoomKind.EVALUATION,
        address=f"{_FLOOR}五楼501",
        seats=9,
        equipment=f"{_RECORDED}、评标终端9台、门禁",
    ),
    RoomFacts(
        name="第二评标室",
        kind=RoomKind.EVALUATION,
        address=f"{_FLOOR}五楼502",
        seats=7,
        equipment=f"{_RECORDED}、评标终端7台、门禁",
        is_remote=True,
    ),
    RoomFacts(
        name="远程异地评标工位1",
        kind=RoomKind.REMOTE_DESK,
        address=f"{_FLOOR}五楼510",
        seats=1,
        equipment=f"{_RECORDED}、独立隔间、双屏终端",
        is_remote=True,
    ),
    RoomFacts(
        name="远程异地评标工位2",
        kind=RoomKind.REMOTE_DESK,
        address=f"{_FLOOR}五楼510",
        seats=1,
        equipment=f"{_RECORDED}、独立隔间、双屏终端",
        is_remote=True,
    ),
    RoomFacts(
        name="竞价厅",
        kind=RoomKind.AUCTION_HALL,
        address=f"{_FLOOR}二楼201",
        seats=120,
        equipment=f"{_RECORDED}、报价终端20台、大屏",
    ),
)
HALF_HOUR, TWO_HOURS, WORKDAY = timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8)


def load(*, now: datetime) -> None:
    """Enter the rooms that are not there yet, and book them for the tenders whose opening lies ahead."""
    officer = _acting("officer", now)
    if officer is None or queries.rooms(with_closed=True).exists():
        return
    rooms = {facts.name: venues.enter_room(facts=facts, actor=officer, now=now) for facts in ROOMS}
    for case in Case.objects.filter(is_over=False).order_by("begun_at", "code"):
        opening_at = needs.opening_at(case)
        if opening_at is None or opening_at - HALF_HOUR < now:
            continue
        starts_at = opening_at - HALF_HOUR
        wanted = (
            (Purpose.OPENING, "第一开标室", starts_at, starts_at + TWO_HOURS),
            (Purpose.EVALUATION, "第一评标室", starts_at + TWO_HOURS, starts_at + WORKDAY),
        )
        for purpose, name, begins, ends in wanted:
            offers = queries.offers(purpose, hours=(begins, ends), now=now)
            free = [offer.room.name for offer in offers if offer.is_free]
            chosen = name if name in free else next(iter(free), "")
            if chosen:
                bookings.book(
                    case_id=case.pk,
                    room_id=rooms[chosen].pk,
                    purpose=purpose,
                    starts_at=begins,
                    ends_at=ends,
                    actor=officer,
                    now=now,
                )


def _acting(username: str, now: datetime) -> Actor | None:
    account = identity.account_named(username)
    return acting(account, now=now) if account else None

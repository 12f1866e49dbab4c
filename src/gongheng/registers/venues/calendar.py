"""Which room is used when, as one person may see it: a day in half hours, or a week in days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongheng.kernel.clock import BEIJING, midnight, to_minute
from gongheng.registers.venues import queries, rules
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking, Room
from gongheng.trust.identity.actors import Actor

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Some hours of a room: whose they are where the person may know it, otherwise only when.

    ``hours`` are those within the day that is shown; ``tone`` is the colour of the purpose.
    """

    hours: str
    words: str
    subject: str = ""
    booking: Booking | None = None
    may_release: bool = False
    tone: str = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A cell of the day's line: so many half hours, free or taken."""

    width: int
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What is in a room on a day; ``label`` names the day."""

    label: str
    taken: list[Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A room with what is in each of the days; ``stretches`` draw the first of them."""

    room: Room
    days: list[Day]
    stretches: list[Stretch]


_TONES = {Purpose.OPENING: "blue", Purpose.EVALUATION: "green", Purpose.AUCTION: "amber"}


def lines(
    rooms: Iterable[Room], days: Sequence[date], *, actor: Actor, now: datetime
) -> list[Line]:
    """Return a line for each room over the days."""
    listed = list(rooms)
    begins, ends = midnight(days[0]), midnight(days[-1] + timedelta(days=1))
    of_room: dict[object, list[Booking]] = {room.pk: [] for room in listed}
    for booking in queries.standing_between(begins, ends):
        if booking.room_id in of_room:
            of_room[booking.room_id].append(booking)
    return [
        Line(
            room=room,
            days=[_day(of_room[room.pk], day, actor=actor, now=now) for day in days],
            stretches=list(_stretches(of_room[room.pk], days[0], actor=actor, now=now)),
        )
        for room in listed
    ]


def _day(bookings: Iterable[Booking], day: date, *, actor: Actor, now: datetime) -> Day:
    found = [_taken(one, day, actor=actor, now=now) for one in bookings if _is_on(one, day)]
    return Day(f"{day.month}月{day.day}日", found)


def _is_on(booking: Booking, day: date) -> bool:
    begins = midnight(day)
    return booking.starts_at < begins + timedelta(days=1) and booking.ends_at > begins


def _taken(booking: Booking, day: date, *, actor: Actor, now: datetime) -> Taken:
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    first = max(booking.starts_at, begins).astimezone(BEIJING)
    last = min(booking.ends_at, ends).astimezone(BEIJING)
    end = "24:00" if last == ends else f"{last:%H:%M}"
    hours = f"{first:%H:%M}–{end}"
    if not queries.knows(actor, booking):
        return Taken(hours=hours, words="已占用")
    purpose = Purpose(booking.purpose)
    return Taken(
        hours=hours,
        words="中心占用" if purpose is Purpose.OTHER else purpose.label,
        subject=booking.title,
        booking=booking,
        may_release=queries.may_be_released(actor, booking, now=now),
        tone=_TONES.get(purpose, "grey"),
    )


def _stretches(
    bookings: Sequence[Booking], day: date, *, actor: Actor, now: datetime
) -> Iterator[Stretch]:
    """Yield the cells of a room's line between the hours of the day."""
    begins, ends = rules.hours_of(day)
    seen: Booking | None = None
    width = 0
    for at in rules.slots(begins, ends):
        found = next((one for one in bookings if one.starts_at <= at < one.ends_at), None)
        if found is seen:
            width += 1
            continue
        if width:
            yield _stretch(seen, width, day, actor=actor, now=now)
        seen, width = found, 1
    yield _stretch(seen, width, day, actor=actor, now=now)


def _stretch(
    booking: Booking | None, width: int, day: date, *, actor: Actor, now: datetime
) -> Stretch:
    taken = _taken(booking, day, actor=actor, now=now) if booking else None
    return Stretch(width=width, taken=taken)


def heads(day: date) -> list[str]:
    """Return the full hours over a day's line, each over two half hours."""
    return [f"{at.astimezone(BEIJING):%H}" for at in rules.slots(*rules.hours_of(day))[::2]]


_HEAD = (
    "区划",
    "场地",
    "类型",
    "用途",
    "标段编号",
    "标段或事由",
    "开始",
    "结束",
    "预约人",
    "预约单位",
    "状态",
    "释放原因",
    "说明",
)


def as_rows(bookings: Iterable[Booking]) -> Iterator[Sequence[str]]:
    """Yield bookings for a spreadsheet, one a row, also those that were released."""
    yield _HEAD
    yield from map(_row, bookings)


def _row(booking: Booking) -> tuple[str, ...]:
    room = booking.room
    return (
        booking.region_code,
        room.name,
        RoomKind(room.kind).label,
        Purpose(booking.purpose).label,
        booking.case_code,
        booking.title,
        to_minute(booking.starts_at),
        to_minute(booking.ends_at),
        booking.booked_by_name,
        booking.organisation_name,
        "有效" if booking.stands else "已释放",
        booking.get_release_cause_display() if booking.release_cause else "",
        booking.release_note,
    )

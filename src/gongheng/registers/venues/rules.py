"""Which hours may be booked, what they must hold, and which hours are free."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.venues.kinds import Purpose
from gongheng.registers.venues.reasons import (
    BACKWARDS,
    BEFORE_OPENING,
    HALF_HOURS,
    MISSES_OPENING,
    PAST,
    TOO_LONG,
)

SLOT = timedelta(minutes=30)
LONGEST = timedelta(hours=72)
DAY_BEGINS, DAY_ENDS = time(8, 0), time(18, 0)
"""The hours in which free time is looked for; others may be booked, too."""
DAYS_AHEAD = 10


def require_hours(*, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse hours that nobody can book. Raises ``Refusal``."""
    if any(at.timestamp() % SLOT.total_seconds() for at in (starts_at, ends_at)):
        raise Refusal(HALF_HOURS)
    if ends_at <= starts_at:
        raise Refusal(BACKWARDS)
    if ends_at - starts_at > LONGEST:
        raise Refusal(TOO_LONG)
    if starts_at < now:
        raise Refusal(PAST, now=now)


def require_fit(
    purpose: Purpose, *, starts_at: datetime, ends_at: datetime, opening_at: datetime | None
) -> None:
    """Refuse hours in which the opening or evaluation cannot be; without an hour of opening none.

    Raises ``Refusal`` (MISSES_OPENING, BEFORE_OPENING).
    """
    if opening_at is None:
        return
    if purpose is Purpose.OPENING and not starts_at <= opening_at < ends_at:
        raise Refusal(MISSES_OPENING, opening_at=opening_at)
    if purpose is Purpose.EVALUATION and starts_at < opening_at:
        raise Refusal(BEFORE_OPENING, opening_at=opening_at)


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the half hours from one instant to another."""
    count = -((starts_at - ends_at) // SLOT)
    return [starts_at + number * SLOT for number in range(count)]


def free_hours(
    busy: Collection[datetime], *, length: timedelta, after: datetime, most: int
) -> list[tuple[datetime, datetime]]:
    """Return the next hours of that length without a busy half hour, within the days' hours."""
    taken = frozenset(busy)
    found: list[tuple[datetime, datetime]] = []
    for starts_at in _beginnings(after):
        ends_at = starts_at + length
        is_free = taken.isdisjoint(slots(starts_at, ends_at))
        if is_free and not (found and starts_at < found[-1][1]):
            found.append((starts_at, ends_at))
            if len(found) == most:
                break
    return found


def _beginnings(after: datetime) -> Iterator[datetime]:
    first = after.astimezone(BEIJING).date()
    for number in range(DAYS_AHEAD):
        day = first + timedelta(days=number)
        yield from (at for at in slots(*hours_of(day)) if at >= after)


def hours_of(day: date) -> tuple[datetime, datetime]:
    """Return when a day of the centre begins and ends."""
    begins = datetime.combine(day, DAY_BEGINS, tzinfo=BEIJING)
    return begins, datetime.combine(day, DAY_ENDS, tzinfo=BEIJING)

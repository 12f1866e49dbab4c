"""Counting of periods as the law counts them; days are dates in Beijing, instants are aware."""

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongheng.kernel.clock import BEIJING, midnight
from gongheng.kernel.units import DAYS, INSTANTS, Unit
from gongheng.kernel.workdays.calendar import WorkCalendar

ONE_DAY = timedelta(days=1)
MONTHS_IN_YEAR = 12


def day_of(moment: date | datetime) -> date:
    """Return the day in Beijing. Raises ``ValueError`` for an instant without a zone."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    return moment.astimezone(BEIJING).date()


def midnight_after(day: date) -> datetime:
    """Return 24:00 of the day: electronic acts count until then (T-07)."""
    return midnight(day + ONE_DAY)


def roll(day: date, calendar: WorkCalendar) -> date:
    """Return the day itself or the first working day after it (T-03)."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def add_workdays(start: date, n: int, calendar: WorkCalendar) -> date:
    """Return the ``n``-th working day after ``start`` (T-04); ``start`` itself for zero."""
    _require_natural(n)
    day = start
    while n:
        day += ONE_DAY
        n -= calendar.is_workday(day)
    return day


def add_months(start: date, n: int) -> date:
    """Return the corresponding day ``n`` months on, or the month's last day (T-08)."""
    _require_natural(n)
    years, month = divmod(start.month - 1 + n, MONTHS_IN_YEAR)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after ``start`` up to and including ``end``."""
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_workday(day) for day in span)


def end_of(start: date | datetime, n: int, unit: Unit, calendar: WorkCalendar) -> date:
    """Return the last day of a period of days, months or years (T-02, T-03, T-04, T-08).

    The day of ``start`` is not counted; a period that would end on a rest day ends on the first
    working day after it. Raises ``ValueError`` for hours and minutes, which have no last day.
    """
    _require_natural(n)
    first = day_of(start)
    match unit:
        case Unit.CD:
            return roll(first + timedelta(days=n), calendar)
        case Unit.WD:
            return add_workdays(first, n, calendar)
        case Unit.M:
            return roll(add_months(first, n), calendar)
        case Unit.Y:
            return roll(add_months(first, n * MONTHS_IN_YEAR), calendar)
        case _:
            msg = f"{unit} has no last day"
            raise ValueError(msg)


def end_at(start: date | datetime, n: int, unit: Unit, calendar: WorkCalendar) -> datetime:
    """Return the instant at which a period is over: the first that no longer belongs to it.

    24:00 of the last day for days, months and years (T-07); exactly so much later for hours,
    minutes and seconds, which are counted from an instant and never rolled (T-03).
    """
    if unit in DAYS:
        return midnight_after(end_of(start, n, unit, calendar))
    if unit not in INSTANTS or not isinstance(start, datetime):
        msg = f"{unit} cannot be counted from {start!r}"
        raise ValueError(msg)
    day_of(start)
    _require_natural(n)
    parts = {Unit.H: timedelta(hours=n), Unit.MIN: timedelta(minutes=n)}
    return start + parts.get(unit, timedelta(seconds=n))


def notice_end(
    published: date | datetime, n: int, calendar: WorkCalendar, unit: Unit = Unit.CD
) -> datetime:
    """Return the instant at which a notice of ``n`` days may leave the public view (T-07)."""
    return end_at(day_of(published), n, unit, calendar)


def latest_before(
    event: date | datetime, n: int, calendar: WorkCalendar, unit: Unit = Unit.CD
) -> date:
    """Return the last day for an act that is due at least ``n`` days before the event (T-05).

    A rest day is no reason to move: earlier or later, it would shorten somebody's time. Working
    days are counted backwards from the day before the event.
    """
    _require_natural(n)
    day = day_of(event)
    if unit is Unit.CD:
        return day - timedelta(days=n)
    if unit is not Unit.WD:
        msg = f"{unit} is not counted backwards"
        raise ValueError(msg)
    while n:
        day -= ONE_DAY
        n -= calendar.is_workday(day)
    return day


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that is not counted (T-11): the days after ``starts_on`` up to ``ends_on``.

    An objection of the 3rd answered on the 5th takes the 4th and the 5th out of the complaint
    period. A clock that still stands has no end, therefore no pause without ``ends_on``.
    """

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it starts."""
        if self.ends_on < self.starts_on:
            msg = "a pause ends before it starts"
            raise ValueError(msg)

    def covers(self, day: date) -> bool:
        """Tell whether the day is taken out of the count."""
        return self.starts_on < day <= self.ends_on


def end_of_paused(
    start: date | datetime, n: int, unit: Unit, pauses: Iterable[Pause], calendar: WorkCalendar
) -> date:
    """Return the last day of a period of CD or WD from which some days are taken out (T-11)."""
    if unit not in {Unit.CD, Unit.WD}:
        msg = f"a period of {unit} is not paused"
        raise ValueError(msg)
    _require_natural(n)
    standing = tuple(pauses)
    day = day_of(start)

    def is_counted(on: date) -> bool:
        return not any(pause.covers(on) for pause in standing)

    while n:
        day += ONE_DAY
        n -= is_counted(day) and (unit is Unit.CD or calendar.is_workday(day))
    while not (is_counted(day) and calendar.is_workday(day)):
        day += ONE_DAY
    return day


def _require_natural(n: int) -> None:
    if n < 0:
        msg = "a period has no negative length"
        raise ValueError(msg)

"""Which days are working days: a table with its sources, never a formula (T-14)."""

import csv
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from gongheng.kernel.clock import midnight
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal

NO_CALENDAR = Reason(
    code="workdays.no_calendar",
    message="所选日期超出系统已载入的工作日历，无法计算期限。",
    remedy="请核对日期；日期无误的，请联系平台运维人员载入当年的节假日安排。",
    law=Law("全国年节及纪念日放假办法", "第二条", rule="T-14"),
)

SATURDAY = 5


class Kind(StrEnum):
    """Why a day is or is not a working day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    BRIDGE = "bridge"
    SWAPPED = "swapped"
    REGIONAL = "regional"

    @property
    def label(self) -> str:
        """Return the kind in Chinese."""
        return _KINDS[self]


_KINDS = {
    Kind.WORKDAY: "工作日",
    Kind.WEEKEND: "周末",
    Kind.HOLIDAY: "法定节假日",
    Kind.BRIDGE: "调休放假",
    Kind.SWAPPED: "调休上班",
    Kind.REGIONAL: "地方节假日",
}


class Status(StrEnum):
    """Whether the State Council's yearly notice for the day has been loaded (T-14)."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the table: column for column a row of ``days.csv``."""

    on: date
    is_workday: bool
    kind: Kind
    source: str
    status: Status

    def as_row(self) -> tuple[str, str, str, str, str]:
        """Return the day as a row of text, in the order of the table's columns."""
        workday = "1" if self.is_workday else "0"
        return self.on.isoformat(), workday, self.kind, self.source, self.status


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A table of days without gaps; a change of one day is another calendar and version."""

    days: Mapping[date, Day]
    first: date
    last: date
    version: str

    @classmethod
    def of(cls, days: Iterable[Day]) -> "WorkCalendar":
        """Make a calendar. Raises ``ValueError`` when a day is missing or stands twice."""
        ordered = sorted(days, key=lambda day: day.on)
        for earlier, later in itertools.pairwise(ordered):
            if later.on - earlier.on != timedelta(days=1):
                msg = f"the calendar does not continue after {earlier.on}"
                raise ValueError(msg)
        if not ordered:
            msg = "a calendar needs days"
            raise ValueError(msg)
        rows = "\n".join(",".join(day.as_row()) for day in ordered)
        first, last = ordered[0].on, ordered[-1].on
        # The digest makes two nodes with the same days name the same version.
        version = f"{first.year}-{last.year}.{hashlib.sha256(rows.encode()).hexdigest()[:12]}"
        return cls(MappingProxyType({day.on: day for day in ordered}), first, last, version)

    def day(self, on: date) -> Day:
        """Return the facts of a day. Raises ``Refusal`` (``NO_CALENDAR``) outside the table."""
        try:
            return self.days[on]
        except KeyError:
            raise Refusal(NO_CALENDAR, day=on, first=self.first, last=self.last) from None

    def is_workday(self, on: date) -> bool:
        """Tell whether people work on that day, swapped weekends included."""
        return self.day(on).is_workday

    def is_provisional(self, start: date, end: date) -> bool:
        """Tell whether a day after ``start`` up to ``end`` still waits for the official notice."""
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return any(self.day(on).status is Status.PROVISIONAL for on in span)

    def overlaid(self, days: Iterable[Day]) -> "WorkCalendar":
        """Return this calendar with some days replaced or added.

        For a year's official notice (T-16) and for regional holidays (T-17): national periods
        keep the calendar without the region's days.
        """
        return WorkCalendar.of({**self.days, **{day.on: day for day in days}}.values())


def read(text: str) -> WorkCalendar:
    """Read a table with the columns date, is_workday, kind, source, status."""
    return WorkCalendar.of(
        Day(
            on=date.fromisoformat(row["date"]),
            is_workday=row["is_workday"] == "1",
            kind=Kind(row["kind"]),
            source=row["source"],
            status=Status(row["status"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def shipped() -> WorkCalendar:
    """Return the national calendar that came with the package."""
    return read(files(__package__).joinpath("days.csv").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Edition:
    """A calendar and the legal time from which periods are counted by it; the first has none."""

    calendar: WorkCalendar
    since: datetime | None = None


_editions: list[Edition] = []


def adopt(loaded: Iterable[tuple[datetime, Iterable[Day]]]) -> None:
    """Count by the shipped calendar and the notices loaded since, in the order of their loading.

    Replaces what was adopted before; the process that loads notices says so again to every other.
    """
    editions = [Edition(shipped())]
    for since, days in loaded:
        editions.append(Edition(editions[-1].calendar.overlaid(days), since))
    _editions[:] = editions


_not_from: ContextVar[datetime | None] = ContextVar("_not_from", default=None)


@contextmanager
def as_before(since: datetime) -> Iterator[None]:
    """Count inside as if no notice had been loaded at that legal time or later.

    What a notice moved is what is counted otherwise without it (T-16).
    """
    token = _not_from.set(since)
    try:
        yield
    finally:
        _not_from.reset(token)


def _counting() -> list[Edition]:
    until = _not_from.get()
    if until is None:
        return _editions
    return [edition for edition in _editions if not edition.since or edition.since < until]


def national() -> WorkCalendar:
    """Return the national calendar in force: the shipped one and every notice loaded since."""
    editions = _counting()
    return editions[-1].calendar if editions else shipped()


def since(start: date | datetime) -> tuple[WorkCalendar, ...]:
    """Return the calendars by which a period from ``start`` may have been announced, oldest first."""
    editions = _counting()
    if not editions:
        return (shipped(),)
    begun = start if isinstance(start, datetime) else midnight(start)
    later = [edition for edition in editions if edition.since and edition.since > begun]
    before = len(editions) - len(later) - 1
    return tuple(edition.calendar for edition in editions[before:])

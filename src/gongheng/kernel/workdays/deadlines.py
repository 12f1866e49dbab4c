"""A computed deadline together with everything it rests on (T-18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.units import DAYS, Unit
from gongheng.kernel.workdays.calendar import WorkCalendar
from gongheng.kernel.workdays.counting import (
    ONE_DAY,
    Pause,
    day_of,
    end_at,
    end_of_paused,
    midnight_after,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a period ends, and why: what is stored and shown beside every date of a case.

    ``event`` names in Chinese what started the period; ``ends_at`` is the first instant after it.
    """

    event: str
    start: date | datetime
    amount: int
    unit: Unit
    rule: str
    calendar: str
    ends_at: datetime
    is_provisional: bool
    pauses: tuple[Pause, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Tell whether the period is over: an act at exactly ``ends_at`` is late (T-10)."""
        return now >= self.ends_at

    @property
    def last_day(self) -> date:
        """Return the last day on which an act is in time."""
        end = self.ends_at.astimezone(BEIJING)
        return end.date() - ONE_DAY if self.unit in DAYS else end.date()

    def as_json(self) -> dict[str, object]:
        """Return the facts as a JSON object, for records, acts and the ledger."""
        return {
            "event": self.event,
            "start": self.start.isoformat(),
            "amount": self.amount,
            "unit": self.unit.value,
            "rule": self.rule,
            "calendar": self.calendar,
            "ends_at": self.ends_at.isoformat(),
            "provisional": self.is_provisional,
            "pauses": [[p.starts_on.isoformat(), p.ends_on.isoformat()] for p in self.pauses],
        }

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> "Deadline":
        """Return the deadline that ``as_json`` wrote."""
        start = str(facts["start"])
        return cls(
            event=facts["event"],
            start=datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start),
            amount=facts["amount"],
            unit=Unit(facts["unit"]),
            rule=facts["rule"],
            calendar=facts["calendar"],
            ends_at=datetime.fromisoformat(facts["ends_at"]),
            is_provisional=facts["provisional"],
            pauses=tuple(
                Pause(date.fromisoformat(first), date.fromisoformat(last))
                for first, last in facts["pauses"]
            ),
        )

    def __str__(self) -> str:
        """Return the whole account for people: start, length, end, rule and calendar."""
        return f"{self.sentence}{self.basis}"

    @property
    def basis(self) -> str:
        """Return the rule and the calendar that were counted by."""
        return f"规则{self.rule}，工作日历{self.calendar}。"

    @property
    def sentence(self) -> str:
        """Return from when, how long and until when."""
        start = day_of(self.start)
        if self.unit in DAYS:
            end = f"{_written(self.last_day)}24:00"
        else:
            instant = self.ends_at.astimezone(BEIJING)
            end = f"{_written(instant.date())}{instant:%H:%M:%S}"
        paused = "，其间不计入的时间已扣除" if self.pauses else ""
        waiting = "（当年节假日安排公布前为暂定）" if self.is_provisional else ""
        return (
            f"自{_written(start)}{self.event}起{self.amount}{self.unit.label}{paused}，"
            f"至{end}止{waiting}。"
        )


def deadline(
    *,
    event: str,
    start: date | datetime,
    amount: int,
    unit: Unit,
    rule: str,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Compute a deadline and keep the facts. Raises ``Refusal`` outside the calendar."""
    if pauses:
        last = end_of_paused(start, amount, unit, pauses, calendar)
        ends_at = midnight_after(last)
    else:
        ends_at = end_at(start, amount, unit, calendar)
    is_provisional = unit in DAYS and calendar.is_provisional(
        day_of(start), day_of(ends_at) - ONE_DAY
    )
    return Deadline(
        event=event,
        start=start,
        amount=amount,
        unit=unit,
        rule=rule,
        calendar=calendar.version,
        ends_at=ends_at,
        is_provisional=is_provisional,
        pauses=tuple(pauses),
    )


def recomputed(announced: Deadline, calendar: WorkCalendar) -> Deadline:
    """Compute an open deadline again with a newly loaded calendar.

    A deadline that was announced is never shortened (T-16): then only the version changes.
    """
    again = deadline(
        event=announced.event,
        start=announced.start,
        amount=announced.amount,
        unit=announced.unit,
        rule=announced.rule,
        calendar=calendar,
        pauses=announced.pauses,
    )
    return replace(again, ends_at=max(again.ends_at, announced.ends_at))


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

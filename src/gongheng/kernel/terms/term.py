"""A number fixed by the law: value, unit, direction, source and the days it is in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.sources import WORKING_DAYS, rank_of
from gongheng.kernel.units import DAYS, INSTANTS, Unit
from gongheng.kernel.workdays.calendar import WorkCalendar, national, since as calendars_since
from gongheng.kernel.workdays.counting import (
    MONTHS_IN_YEAR,
    Pause,
    add_months,
    day_of,
    end_at,
    latest_before,
    midnight_after,
)
from gongheng.kernel.workdays.deadlines import Deadline, deadline, recomputed

Quantity = int | Decimal | Fraction

ONE_SECOND = timedelta(seconds=1)

LOOSENED = Reason(
    code="terms.loosened",
    message="地方或项目规定只能从严，不得放宽法定标准。",
    remedy="请将数值改为不低于法定下限或不高于法定上限；有更高效力依据的，请注明依据。",
)


class Kind(StrEnum):
    """Which side of the number is allowed."""

    MIN = "min"
    MAX = "max"
    FIXED = "fixed"
    RATE = "rate"


class Counting(StrEnum):
    """How a period is laid on the calendar."""

    BETWEEN = "between"
    """Not less than n from issue to deadline (T-06)."""
    ON_VIEW = "on_view"
    """A notice stays until 24:00 of its last day (T-07)."""
    BEFORE = "before"
    """At least n before an event (T-05)."""
    WITHIN = "within"
    """At the latest n after an event, until 24:00 of the last day (T-02 ... T-04, T-07)."""
    KEPT = "kept"
    """Kept at least n months or years, to the corresponding day (T-08); nothing is rolled."""


class Evidence(StrEnum):
    """How well the number is known; the mark of the handbook."""

    VERIFIED = "V"
    SECOND_HAND = "V2"
    FROM_MEMORY = "M"
    OWN_DECISION = "PD"


_FORWARD = frozenset({Counting.BETWEEN, Counting.ON_VIEW, Counting.WITHIN})
_WORDS = {Kind.MIN: "不少于", Kind.MAX: "不超过", Kind.FIXED: "", Kind.RATE: ""}
_EXCLUSIVE_WORDS = {Kind.MIN: "超过", Kind.MAX: "少于", Kind.FIXED: "", Kind.RATE: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One version of one number. ``in_force_until`` is the first day it no longer binds.

    ``is_exclusive`` follows T-09: 超过 and 不足 leave the number itself out.
    """

    rule: str
    name: str
    value: Quantity
    unit: Unit
    kind: Kind
    law: Law
    in_force_from: date
    in_force_until: date | None = None
    key: str = ""
    counting: Counting | None = None
    is_exclusive: bool = False
    evidence: Evidence = Evidence.VERIFIED

    def __post_init__(self) -> None:
        """Refuse a period that nobody could count."""
        is_period = self.unit in DAYS | INSTANTS
        if is_period is not isinstance(self.counting, Counting):
            msg = f"{self.rule}: a period says how it is counted, a quantity does not"
            raise ValueError(msg)
        if is_period and not isinstance(self.value, int):
            msg = f"{self.rule}: a period is a whole number"
            raise TypeError(msg)
        if self.unit is Unit.CD and self.value in WORKING_DAYS.get(self.law.title, ()):
            msg = f"{self.rule}: {self.value} days of this law are working days (T-13)"
            raise ValueError(msg)

    def is_in_force(self, on: date) -> bool:
        """Tell whether the term binds what begins on that day."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on < self.in_force_until
        )

    @property
    def periods(self) -> int:
        """Return the length of the period. Raises ``TypeError`` for a term that is none."""
        if self.counting is None or not isinstance(self.value, int):
            msg = f"{self.rule} is not a period"
            raise TypeError(msg)
        return self.value

    def deadline(
        self,
        event: str,
        start: date | datetime,
        *,
        calendar: WorkCalendar | None = None,
        pauses: Sequence[Pause] = (),
    ) -> Deadline:
        """Return the end of the period with its facts (T-18); ``event`` is the start in Chinese.

        Its ``last_day`` is the earliest day for the end of a minimum, the latest for a maximum. A
        notice loaded after ``start`` lengthens the period or leaves it, but never shortens what may
        have been announced (T-16). Raises ``TypeError`` for what is counted backwards or merely kept.
        """
        if self.counting not in _FORWARD:
            msg = f"{self.rule} has no deadline after an event"
            raise TypeError(msg)
        first, *later = (calendar,) if calendar else calendars_since(start)
        found = deadline(
            event=event,
            start=start,
            amount=self.periods,
            unit=self.unit,
            rule=self.rule,
            calendar=first,
            pauses=pauses,
        )
        for loaded in later:
            found = recomputed(found, loaded)
        return found

    def latest(self, event: date | datetime, *, calendar: WorkCalendar | None = None) -> date:
        """Return the last day for an act due at least so long before the event (T-05)."""
        return latest_before(event, self.periods, calendar or national(), self.unit)

    def kept_until(self, start: date | datetime) -> date:
        """Return the last day on which something must still be there."""
        if self.counting is not Counting.KEPT:
            msg = f"{self.rule} is no time of keeping"
            raise TypeError(msg)
        return add_months(
            day_of(start), self.periods * (MONTHS_IN_YEAR if self.unit is Unit.Y else 1)
        )

    def satisfied(
        self,
        start: date | datetime,
        end: date | datetime,
        *,
        calendar: WorkCalendar | None = None,
        strict_hours: bool = False,
    ) -> bool:
        """Tell whether the time from ``start`` to ``end`` is what the term asks for.

        A day as ``end`` of a notice on view or of a maximum counts to its 24:00; for a term counted
        backwards ``start`` is the act and ``end`` the event. A period that would end on a rest day
        runs on to the next working day (T-03), so a bid deadline inside a holiday may be too early
        though the days between suffice. ``strict_hours`` also asks for n times 24 hours (T-06).
        """
        used = calendar or national()
        match self.counting:
            case Counting.BEFORE:
                return day_of(start) <= self.latest(end, calendar=used)
            case Counting.KEPT:
                return day_of(end) >= self.kept_until(start)
            case Counting.WITHIN:
                return self._is_within(start, end, used)
            case Counting.ON_VIEW:
                # The last instant that a record can write is 23:59:59; it stands for 24:00.
                return _until(end) + ONE_SECOND >= self._end(day_of(start), used)
            case _:
                is_long = not strict_hours or _hours_suffice(start, end, self.periods)
                return is_long and self._reaches(start, end, used)

    def admits(self, quantity: Quantity) -> bool:
        """Tell whether a number of people, a share or a sum is allowed (T-09)."""
        if self.counting is not None:
            msg = f"{self.rule} is a period"
            raise TypeError(msg)
        difference = Fraction(quantity) - Fraction(self.value)
        if self.kind is Kind.MIN:
            return difference > 0 if self.is_exclusive else difference >= 0
        if self.kind is Kind.MAX:
            return difference < 0 if self.is_exclusive else difference <= 0
        return difference == 0

    def share_of(self, base: Decimal) -> Decimal:
        """Return so many percent of a sum, unrounded: the caller rounds where its rule says."""
        if self.unit is not Unit.PERCENT:
            msg = f"{self.rule} is not a percentage"
            raise TypeError(msg)
        share = Fraction(self.value) * Fraction(base) / 100
        return Decimal(share.numerator) / Decimal(share.denominator)

    def __str__(self) -> str:
        """Return the sentence for people: 投标文件编制时间不少于20日（《招标投标法》第二十四条）."""
        words = _EXCLUSIVE_WORDS if self.is_exclusive else _WORDS
        number = self.value if isinstance(self.value, Fraction) else f"{self.value:,}"
        return f"{self.name}{words[self.kind]}{number}{self.unit.label}（{self.law}）"

    def _end(self, start: date | datetime, calendar: WorkCalendar) -> datetime:
        return end_at(start, self.periods, self.unit, calendar)

    def _is_within(self, start: date | datetime, end: date | datetime, used: WorkCalendar) -> bool:
        if self.kind is Kind.FIXED:
            return end == self._end(start, used)
        if self.unit in INSTANTS:
            limit = self._end(start, used)
            return _instant(end) < limit if self.is_exclusive else _instant(end) <= limit
        return day_of(end) < self._end(start, used).date()

    def _reaches(self, start: date | datetime, end: date | datetime, used: WorkCalendar) -> bool:
        if self.unit in INSTANTS:
            return _instant(end) >= self._end(start, used)
        return day_of(end) >= day_of(self._end(start, used) - ONE_SECOND)


def tightened(
    term: Term, *, value: Quantity, law: Law, in_force_from: date, evidence: Evidence
) -> Term:
    """Return a province's or project's version of a term.

    A minimum may only rise and a maximum only fall, unless the new source outranks the old one.
    Raises ``Refusal`` (``LOOSENED``).
    """
    step = Fraction(value) - Fraction(term.value)
    is_tighter = {
        Kind.MIN: step >= 0,
        Kind.MAX: step <= 0,
        Kind.FIXED: step == 0,
        Kind.RATE: step == 0,
    }[term.kind]
    if not is_tighter and rank_of(law) <= rank_of(term.law):
        raise Refusal(LOOSENED, rule=term.rule, fixed=term.value, wanted=value)
    return replace(term, value=value, law=law, in_force_from=in_force_from, evidence=evidence)


def _instant(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        msg = "hours and minutes are counted between instants"
        raise TypeError(msg)
    return moment


def _until(end: date | datetime) -> datetime:
    """Return the instant to which an end reaches: a day reaches to its 24:00."""
    return end if isinstance(end, datetime) else midnight_after(end)


def _hours_suffice(start: date | datetime, end: date | datetime, days: int) -> bool:
    return _instant(end) - _instant(start) >= timedelta(days=days)

"""Which notices count here, and what a new one would change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.calendar import Day, WorkCalendar
from gongheng.kernel.workdays.notice import days_of_notice
from gongheng.registers.workdays.models import CalendarNotice, MovedDeadline
from gongheng.trust.identity.kinds import SetState


@dataclass(frozen=True, slots=True)
class Changed:
    """A day that a notice makes another one: ``before`` is missing for a year that is new."""

    before: Day | None
    after: Day


def confirmed() -> QuerySet[CalendarNotice]:
    """Return the notices that count, in the order of their loading."""
    return CalendarNotice.objects.filter(state=SetState.CONFIRMED).order_by("number")


def proposed() -> CalendarNotice | None:
    """Return the notice that waits for its second officer."""
    return CalendarNotice.objects.filter(state=SetState.PROPOSED).first()


def rejected() -> QuerySet[CalendarNotice]:
    """Return what the second officer sent back, the newest first."""
    return CalendarNotice.objects.filter(state=SetState.REJECTED).order_by("-decided_at")


def days_of(notice: CalendarNotice, known: WorkCalendar) -> Sequence[Day]:
    """Return the days that a notice fixes. Raises ``Refusal`` where it cannot be read."""
    return days_of_notice(notice.text, year=notice.year, source=notice.title, known=known)


def changes(days: Sequence[Day]) -> Iterator[Changed]:
    """Yield the days that would be worked or off otherwise; of a new year all but plain weekdays."""
    known = calendar.national()
    for day in days:
        before = known.days.get(day.on)
        if before is None:
            if day.is_workday == (day.on.weekday() >= calendar.SATURDAY):
                yield Changed(None, day)
        elif before.is_workday != day.is_workday:
            yield Changed(before, day)


def is_other(days: Sequence[Day]) -> bool:
    """Tell whether the days say anything that the calendar does not say yet."""
    known = calendar.national().days
    return any(
        (before := known.get(day.on)) is None
        or (before.is_workday, before.status) != (day.is_workday, day.status)
        for day in days
    )


def unlooked() -> QuerySet[CalendarNotice]:
    """Return the notices of which nobody has written down yet what they moved, oldest first."""
    return confirmed().filter(looked_at__isnull=True)


def moved_of_case(case_id: UUID, *, step: str = "") -> QuerySet[MovedDeadline]:
    """Return the deadlines of a case, or of one step, that notices moved, the newest notice first."""
    moved = MovedDeadline.objects.filter(case_id=case_id).select_related("notice")
    if step:
        moved = moved.filter(step=step)
    return moved.order_by("-notice__number", "after_at", "id")


def moved_within(reach: str) -> QuerySet[MovedDeadline]:
    """Return the deadlines of an area that notices moved."""
    return MovedDeadline.objects.filter(region_code__startswith=reach).select_related("notice")


def confirmed_with_moved() -> QuerySet[CalendarNotice]:
    """Return the notices that count with how many deadlines each moved (``moved_count``)."""
    return confirmed().annotate(moved_count=Count("moved")).order_by("-number")

"""Rooms that must be booked anew, for the clerks of the case."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.registers.holds import queries as holds
from gongheng.registers.venues.kinds import Purpose
from gongheng.registers.venues.models import Booking
from gongheng.trading.bookings import queries
from gongheng.trading.cases import queries as cases
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def book_anew(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield what was released by a change and is not booked again; while the case is held, nothing."""
    if Role.CLERK not in actor.roles:
        return
    released = Booking.objects.filter(released_at__isnull=False).values("case_code")
    own = cases.cases_for(actor).filter(is_over=False, code__in=released)
    for case in own:
        if holds.standing_on(case.code).exists():
            continue
        for booking in queries.to_book_anew(case):
            purpose = Purpose(booking.purpose)
            yield Task(
                title=f"重新预约{purpose.label}场地（{booking.get_release_cause_display()}）",
                address=f"{reverse('bookings', args=[case.pk])}?purpose={purpose.value}",
                subject=case.title,
                case_code=case.code,
                due_at=queries.opening_at(case),
                rule="U-03",
            )

"""What an officer is to do: confirm a notice that was loaded, load one that is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.workdays import calendar
from gongheng.registers import home
from gongheng.registers.workdays import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks

AHEAD = timedelta(days=60)
"""The notice of a year is published in the last weeks of the year before."""


@provides_tasks
def to_confirm(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield the notice that waits for the second officer."""
    notice = queries.proposed() if actor.may(permissions.CONFIRM) else None
    if notice is not None and notice.proposed_by != actor.account_id:
        yield Task(
            title="确认节假日安排",
            subject=f"{notice.title}，{notice.proposed_by_name}载入",
            address=reverse("calendar"),
            rule="U-07",
        )


@provides_tasks
def to_load(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the year that is near and whose notice is not loaded."""
    if not actor.may(permissions.LOAD) or home.keeper() is not None or queries.proposed():
        return
    near = (now + AHEAD).astimezone(BEIJING).date()
    known = calendar.national()
    if near > known.last or known.day(near).status is calendar.Status.PROVISIONAL:
        yield Task(
            title="载入节假日安排",
            subject=f"{near.year} 年的工作日历尚为暂定；国务院办公厅公布后请载入",
            address=reverse("calendar-load"),
            rule="T-16",
        )

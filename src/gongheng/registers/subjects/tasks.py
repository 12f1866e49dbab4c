"""What is to be done about subjects: verify applications, put right what was returned."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.data.exchange.stations import keeper
from gongheng.registers.subjects import permissions, queries
from gongheng.registers.subjects.kinds import ApplicationState
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks

MOST_SHOWN = 50


@provides_tasks
def to_verify(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield the applications that an officer of the register decides."""
    if keeper() is not None or not actor.may(permissions.VERIFY):
        return
    waiting = queries.applications_for(actor).filter(state=ApplicationState.SUBMITTED)
    for application in waiting.order_by("due_at")[:MOST_SHOWN]:
        yield Task(
            title=f"核验{application.get_purpose_display()}",
            subject=application.name,
            address=reverse("subjects-application", args=[application.pk]),
            due_at=application.due_at,
            rule="U-01",
        )


@provides_tasks
def to_put_right(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield what was returned to the person's own subject."""
    if not actor.is_signed_in or not actor.organisation_code:
        return
    for application in queries.applications_of(actor).filter(state=ApplicationState.RETURNED):
        yield Task(
            title=f"补正{application.get_purpose_display()}",
            subject=application.name,
            address=reverse("subject-correct", args=[application.pk]),
            rule="002-6.3.1",
        )


@provides_tasks
def to_confirm(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield the agreements that the other side registered."""
    if not actor.may(permissions.AGREE):
        return
    waiting = queries.agreements_of(actor).filter(confirmed_at=None)
    for agreement in waiting.exclude(registered_by_code=actor.organisation_code)[:MOST_SHOWN]:
        yield Task(
            title="确认委托协议",
            subject=agreement.document_name,
            address=reverse("agreements-confirm", args=[agreement.pk]),
        )

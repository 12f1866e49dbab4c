"""What an operator is to do: set the clock right."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.registers.timekeeping import queries
from gongheng.registers.timekeeping.rules import State
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def to_set_right(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield the clock that is off, or of which nothing is known."""
    if Role.OPERATOR not in actor.roles:
        return
    state = queries.said()
    if state is not State.GOOD:
        yield Task(
            title="检查服务器时钟",
            subject=state.label,
            address=reverse("platform-time"),
            rule="T-10",
        )

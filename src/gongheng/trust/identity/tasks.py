"""What the officers are to do: decide proposed role templates."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trust.identity import permissions, role_sets
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def to_confirm(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  every source is asked with the hour
    """Yield the change of the role templates that waits for the second officer."""
    proposal = role_sets.proposed() if actor.may(permissions.CONFIRM) else None
    if proposal is not None and proposal.proposed_by != actor.account_id:
        yield Task(
            title="确认角色模板的修改",
            subject=f"第 {proposal.number} 版，{proposal.proposed_by_name}提出",
            address=reverse("identity-role-templates"),
            rule="A-10",
        )

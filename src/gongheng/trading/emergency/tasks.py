"""Requests for an early look that wait for a second supervisor."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.emergency import queries, rules
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def to_decide(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the requests of others, with the moment at which they become void."""
    for request in queries.waiting_for(actor, now=now):
        yield Task(
            title=f"审批应急查阅：{request.item_label}",
            address=reverse("emergency", args=[request.pk]),
            subject=request.case.title,
            case_code=request.case.code,
            due_at=request.asked_at + rules.DECIDED_WITHIN,
            rule="A-13",
        )

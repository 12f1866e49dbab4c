"""What is a clerk's to do in this room that is no step of a case: lots for a tender without any."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.projects import queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks

SHOWN = 20


@provides_tasks
def tenders_without_lots(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  the shape of a source
    """Yield the own tender projects that have no lot yet: no case has begun for them."""
    empty = queries.tender_projects_of(actor).filter(lots__isnull=True)
    for tender in empty[:SHOWN]:
        yield Task(
            title="添加标段",
            subject=tender.name,
            address=reverse("desk-new-lot", args=[tender.pk]),
        )

"""What bidders are to reply to."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.validity import queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def to_reply(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the requests for longer validity that the person's firm has not replied to."""
    for extension in queries.asked_of(actor).filter(reply_by__gt=now):
        if queries.reply_of(extension, actor.organisation_code) is None:
            yield Task(
                title="答复是否延长投标有效期",
                address=reverse("bidding-validity", args=[extension.case_id]),
                subject=extension.case.title,
                case_code=extension.case.code,
                due_at=extension.reply_by,
                rule="W-34",
            )

"""Letters that a bidder has not opened yet."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.award import queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def letters_to_read(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield the letters of the person's organisation that nobody has opened."""
    for letter in queries.letters_for(actor).filter(read_at__isnull=True):
        case = letter.decision.case
        yield Task(
            title=f"查收{letter.get_kind_display()}",
            address=reverse("bidding-result", args=[case.pk]),
            subject=case.title,
            case_code=case.code,
            rule="W-31",
        )

"""Letters that a bidder, and reports that a supervisor has not opened yet."""

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


@provides_tasks
def reports_to_read(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the written reports to the person's department that nobody there has opened (W-32)."""
    for report in queries.reports_to_read(actor, now=now):
        yield Task(
            title="查收招标投标情况书面报告",
            address=reverse("award-report", args=[report.case_id]),
            subject=report.case.title,
            case_code=report.case.code,
            rule="W-32",
        )

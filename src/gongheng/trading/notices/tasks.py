"""What is to be done about notices beside the steps: questions that wait for an answer."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.cases import queries as cases
from gongheng.trading.notices import permissions, queries
from gongheng.trading.notices.kinds import NoticeState, QuestionState
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def questions(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the notices with questions to answer before bids are due (B-04)."""
    if not actor.may(permissions.CHANGE):
        return
    asked = queries.notices_of(actor).filter(
        state=NoticeState.STANDING, bids_due_at__gt=now, questions__state=QuestionState.OPEN
    )
    for notice in asked.distinct():
        lots = queries.standing_lots(notice)
        case = cases.case_of(lots[0].code) if lots else None
        if case is not None:
            yield Task(
                title="答复对招标文件的提问",
                address=reverse("case-clarify", args=[case.pk]),
                subject=notice.title,
                case_code=case.code,
                due_at=notice.bids_due_at,
                rule="B-04",
            )

"""What is a person's to do about bids that is no step of the engine: rules of opening, own bids."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.trading.bids import permissions, queries
from gongheng.trading.cases import queries as cases
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks

BEFORE_NOTICE = ("publish_plan", "review_documents", "publish_notice")
"""Steps that a case awaits when its rules of opening ought to be made."""


@provides_tasks
def policies_to_make(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  due at no hour
    """Yield the clerk's lots whose rules of opening are not signed yet."""
    if not actor.may(permissions.POLICY):
        return
    waiting = cases.cases_for(actor).filter(awaits__in=BEFORE_NOTICE, is_over=False)
    own = waiting.exclude(policies__signed__isnull=False)
    for case in own:
        yield Task(
            title="订立投标文件开启规则",
            address=reverse("case-policy", args=[case.pk]),
            subject=case.title,
            case_code=case.code,
            rule="E-29",
        )


@provides_tasks
def bids_under_way(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the lots for which the own firm has begun and that still take bids."""
    if not actor.may(permissions.SUBMIT):
        return
    own = queries.bids_for(actor).filter(case__awaits=queries.BIDDING)
    for case in {bid.case_id: bid.case for bid in own}.values():
        deadline = queries.deadline_of(case)
        if deadline is None or now >= deadline:
            continue
        stands = queries.standing_bid(case, actor.organisation_code) is not None
        yield Task(
            title="已递交，截止前可以替换或撤回" if stands else "已撤回，截止前可以重新递交",
            address=reverse("bidding", args=[case.pk]),
            subject=case.title,
            case_code=case.code,
            due_at=deadline,
            rule="W-17",
        )

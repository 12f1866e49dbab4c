"""Deposits that must be given back, for the officers of the region."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.kernel.money import written
from gongheng.trading.deposits import permissions, queries
from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def refunds_due(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield what is to be given back, with the law's last moment."""
    if not actor.may(permissions.KEEP):
        return
    held = Deposit.objects.filter(state=State.HELD, region_code__startswith=actor.reach)
    for deposit in held.select_related("case").order_by("received_at", "id"):
        duty = queries.duty_of(deposit)
        if duty is None or now < duty.due_from:
            continue
        is_shown = queries.is_bidding_over(deposit.case)
        if not is_shown and _can_wait(deposit, duty):
            continue
        # While bids come in a task tells neither whose money it is nor how much.
        what = f"投标保证金 {written(deposit.amount)} 元" if is_shown else "一笔投标保证金"
        yield Task(
            title=f"退还{what}（{duty.why}）",
            address=reverse("deposits-return", args=[deposit.pk]),
            subject=deposit.case.title,
            case_code=deposit.case.code,
            due_at=duty.ends_at,
            rule=duty.rule,
        )


def _can_wait(deposit: Deposit, duty: queries.Duty) -> bool:
    """Tell whether the law's five days last beyond the deadline for bids: till then nobody is told."""
    due = queries.bids_due_at(deposit.case)
    return due is not None and due < duty.ends_at

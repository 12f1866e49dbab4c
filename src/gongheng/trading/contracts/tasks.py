"""Contracts that wait for the winner's signature."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.kernel import terms
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.contracts import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def contracts_to_sign(*, actor: Actor, now: datetime) -> Iterator[Task]:  # noqa: ARG001  a source's shape
    """Yield the drafted contracts that the person's firm won, and has not signed (W-33, J-01)."""
    if not actor.may(permissions.SIGN_AS_WINNER):
        return
    for contract in (
        queries.own_contracts(actor).filter(concluded_at__isnull=True).select_related("decision")
    ):
        notified = contract.decision.notified_at
        if notified is None or queries.has_signed(contract, actor.organisation_code):
            continue
        term = terms.in_force("W-33", contract.case.terms_on or day_of(notified))
        yield Task(
            title="签署合同",
            address=reverse("bidding-contract", args=[contract.case_id]),
            subject=contract.name,
            case_code=contract.case.code,
            due_at=term.deadline("发出中标通知书", notified).ends_at,
            rule="W-33",
        )

"""What the declaration of a procedure asks this room of a notice and of its changes."""

from datetime import datetime

from gongheng.trading.bids import queries, rules
from gongheng.trading.cases import guards
from gongheng.trading.cases.models import Case


@guards.provide("bids.deadline_allowed_by_policy")
def deadline_allowed_by_policy(question: guards.Question) -> None:
    """Refuse a deadline before the earliest one of the signed rules of opening (W-18, E-29)."""
    signed = queries.policy_of_case(Case.objects.get(pk=question.case_id))
    if signed is None:
        return
    rules.require_allowed_by_policy(
        bids_due_at=_instant(question.facts["bids_due_at"]), earliest=signed.policy.deadline
    )


@guards.provide("bids.policy_signed")
def policy_signed(question: guards.Question) -> None:
    """Refuse a notice whose bids nobody could seal: its rules of opening are frozen with it (E-29)."""
    case = Case.objects.get(pk=question.case_id)
    signed, document = queries.signed_policy(case), queries.document_of(case)
    rules.require_policy_named(
        signed=signed.digest if signed else "", named=document.policy_digest if document else ""
    )


def _instant(fact: object) -> datetime:
    return fact if isinstance(fact, datetime) else datetime.fromisoformat(str(fact))

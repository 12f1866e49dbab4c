"""What the procedures ask of deposits."""

from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.deposits import rules
from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit


@guards.provide("deposits.all_returned")
def all_returned(question: Question) -> None:
    """Refuse while a deposit of the round is held; where none came in there is nothing to return."""
    held = Deposit.objects.filter(case_id=question.case_id, state=State.HELD)
    rules.require_all_settled(held.values_list("number", flat=True))

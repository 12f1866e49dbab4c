"""What the procedures ask of a contract."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import queries as award
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import queries, rules
from gongheng.trading.contracts.kinds import Side

LOST = "winner_lost"


@guards.provide("contracts.equals_the_bid")
def equals_the_bid(question: Question) -> None:
    """Let both sides conclude what documents and bid say and nothing else (H-01, W-33).

    Where the winner is lost there is no contract: then its cause must be on record (W-29).
    """
    case = Case.objects.get(pk=question.case_id)
    if question.outcome == LOST:
        if award.decision_of(case) is not None or not award.lost_codes(case):
            raise Refusal(rules.NOT_LOST)
        return
    contract = queries.contract_of(case)
    if contract is None:
        raise Refusal(rules.NO_DRAFT)
    rules.require_equal(queries.substance_of(contract), queries.substance_of_bid(case))
    rules.require_bond_received(asked=contract.bond_amount, received_at=contract.bond_received_at)
    if any(queries.signature_of(contract, side) is None for side in (Side.WINNER, Side.TENDERER)):
        raise Refusal(rules.WINNER_FIRST)
    if waiting := queries.unsigned(queries.partners_signed(contract)):
        raise Refusal(rules.PARTNERS_FIRST, waiting="、".join(waiting))

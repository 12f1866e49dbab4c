"""What the procedures ask this room before a bidder's step is done."""

from gongheng.trading.cases import duties, guards
from gongheng.trading.invitations import queries, rules


@guards.provide(duties.INVITED)
def invited(question: guards.Question) -> None:
    """Refuse whom the letter does not name. Raises ``Refusal`` (NOT_INVITED)."""
    is_invited = queries.is_invited(question.case_id, question.actor.organisation_code)
    rules.require_invited(is_invited=is_invited)

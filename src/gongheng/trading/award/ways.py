"""Whose bid lapsed for want of consent to longer validity: a bid that won was accepted before (W-34)."""

from gongheng.trading.award import queries
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import lapses
from gongheng.trading.deposits.lapses import Lapse
from gongheng.trading.validity import queries as validity


@lapses.provides_way
def lapsed(case: Case, bidder_code: str) -> Lapse | None:
    """Return when a bid lapses; that of a winner secures the contract until it is signed (F-03)."""
    found = validity.lapse_of(case, bidder_code)
    if found is None or queries.was_notified(case, bidder_code):
        return None
    return found

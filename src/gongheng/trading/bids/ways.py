"""Those who have a bid in are told what changes; whoever has it said learns nothing of them (A-01)."""

from collections.abc import Sequence
from datetime import datetime

from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.bids import queries, trail
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import Bid
from gongheng.trading.cases import bidders
from gongheng.trading.cases.models import Case

bidders.provides_trail(bidders.Trail(keep=trail.keep, refusals=trail.refusals))


@bidders.provides_way
def tell(cases: Sequence[Case], *, subject: str, body: str, kind: str, now: datetime) -> None:
    """Put a message into the inbox of each firm with a standing bid, as a secret while bids come in.

    The rows of its deliveries name no firm that the rows of bids beside them do not name.
    """
    found = Bid.objects.filter(case__in=cases, state=BidState.STANDING)
    codes = sorted(set(found.values_list("bidder_code", flat=True)))
    if not codes:
        return
    messages.send(
        recipients=[Recipient(organisation_code=code) for code in codes],
        subject=subject,
        body=body,
        kind=kind,
        now=now,
        case_code=cases[0].code,
        is_secret=queries.is_any_bidding(cases),
    )

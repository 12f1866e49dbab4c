"""The tab of bids on the page of a case: before the deadline it tells nobody how many there are."""

from datetime import datetime

from gongheng.trading.bids import permissions, queries
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def bids(*, case: Case, actor: Actor, now: datetime) -> Panel | None:
    """Show the rules of opening and, after the closing, its statement."""
    if not actor.may(permissions.POLICY_READ):
        return None
    return Panel(
        code="bids",
        title="投标文件",
        template="bids/panel.html",
        context={
            "case": case,
            "newest": queries.newest_policy(case),
            "deadline": queries.deadline_of(case),
            "is_open": queries.is_bidding(case),
            "closing": queries.closing_statement(case),
            "now": now,
        },
    )

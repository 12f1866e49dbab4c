"""The tab of deposits on the page of a case: for the desk that keeps them."""

from datetime import datetime

from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def deposits(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show the officers the desk, with deposits after the deadline; the clerks when refunds are due."""
    is_keeper, is_shown = queries.is_keeper(actor, case), queries.is_bidding_over(case)
    if not (is_keeper or queries.is_open_to(actor, case)):
        return None
    return Panel(
        code="deposits",
        title="投标保证金",
        template="deposits/panel.html",
        context={
            "case": case,
            "rows": queries.with_duties(list(queries.deposits_for(actor, case))),
            "may_keep": is_keeper,
            "is_shown": is_shown,
        },
        # Entries of looks at nothing would tell how often somebody had to look.
        reads="deposit.read" if is_shown else "",
    )

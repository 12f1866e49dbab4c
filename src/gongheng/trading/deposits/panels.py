"""The tab of deposits on the page of a case: for the desk that keeps them."""

from datetime import datetime

from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def deposits(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show the deposits to the officers, and to the tenderer's clerks when refunds are due."""
    is_keeper = actor.may(permissions.KEEP) and case.region_code.startswith(actor.reach)
    own = actor.organisation_code in {case.tenderer_code, case.agency_code} - {""}
    is_clerk = own and actor.may(permissions.REFUND) and queries.is_open_to_clerks(case)
    if not (is_keeper or is_clerk):
        return None
    return Panel(
        code="deposits",
        title="投标保证金",
        template="deposits/panel.html",
        context={
            "case": case,
            "rows": queries.with_duties(list(queries.deposits_for(actor, case))),
            "may_keep": is_keeper,
        },
        reads="deposit.read",
    )

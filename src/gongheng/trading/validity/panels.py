"""The tab of the validity of bids on the page of a case, once bids are open."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries as opening
from gongheng.trading.validity import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def validity(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show until when bids are valid, to those who may ask for longer."""
    if not actor.may(permissions.ASK) or not cases.is_inside(actor, case):
        return None
    if not opening.bidders_shown(case):
        return None
    return Panel(
        code="validity",
        title="投标有效期",
        template="validity/panel.html",
        reads="validity.read",
        context={
            "case": case,
            "last_day": queries.last_day(case),
            "was_asked": queries.asked_in(case).exists(),
            "is_settled": queries.is_settled(case),
        },
    )

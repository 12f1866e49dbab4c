"""The tab of early looks on the page of a case, for supervisors alone."""

from datetime import datetime

from gongheng.trading.cases.models import Case
from gongheng.trading.emergency import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def looks(*, case: Case, actor: Actor, now: datetime) -> Panel | None:
    """Show the requests of a case and the way to a new one."""
    if not actor.may(permissions.ASK):
        return None
    return Panel(
        code="emergency",
        title="应急查阅",
        template="emergency/panel.html",
        reads="emergency.listed",
        context={
            "case": case,
            "rows": queries.requests_for(actor).filter(case=case),
            "now": now,
            "may_ask": bool(queries.items_of(case)),
        },
    )

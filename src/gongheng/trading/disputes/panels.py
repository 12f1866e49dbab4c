"""The tab of objections on the page of a case."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.disputes import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def objections(*, case: Case, actor: Actor, now: datetime) -> Panel | None:
    """Show the objections of a case: all to who reads it, to a bidder the own ones."""
    if not actor.may(permissions.READ):
        return None
    found = list(queries.objections_for(actor).filter(case=case))
    if not found and not cases.is_inside(actor, case):
        return None
    return Panel(
        code="disputes",
        title="异议",
        template="disputes/panel.html",
        context={
            "rows": [(one, queries.objector(one, actor)) for one in found],
            "now": now,
        },
        reads="" if all(queries.is_own(one, actor) for one in found) else "objection.listed",
    )

"""The tab of the opening on the page of a case."""

from datetime import datetime

from gongheng.trading.cases.models import Case
from gongheng.trading.opening import destruction, queries
from gongheng.trading.opening.hall import Hall
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def opening(*, case: Case, actor: Actor, now: datetime) -> Panel | None:
    """Show where the opening stands to those who may be in its hall."""
    found = queries.of_case(case.pk)
    if found is None or not queries.attends(case, found, actor):
        return None
    return Panel(
        code="opening",
        title="开标",
        template="opening/panel.html",
        context={
            "case": case,
            "opening": found,
            "hall": Hall(case, found, actor, now),
            "keys_missing": destruction.missing(case) if destruction.cause_of(case) else 0,
        },
    )

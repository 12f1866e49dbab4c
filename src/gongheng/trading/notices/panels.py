"""The tab of the notice on the page of a case."""

from datetime import datetime

from gongheng.trading.cases.models import Case
from gongheng.trading.notices import queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def notice(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show notice, clarifications and announcements of a round: all of them are public."""
    found = queries.notice_of_round(case)
    announced = list(queries.announcements_of(case))
    if found is None and not announced:
        return None
    return Panel(
        code="notice",
        title="公告",
        template="notices/panel.html",
        context={
            "notice": found,
            "is_letter": found is not None and found.tender_project.is_by_invitation,
            "clarifications": queries.clarifications_of(found) if found else (),
            "announced": announced,
            "may_read": found is not None
            and queries.notices_for(actor).filter(pk=found.pk).exists(),
        },
    )

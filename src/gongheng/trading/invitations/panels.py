"""The tab of the invited firms on the page of a case, for the tenderer's side alone."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def invited(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show whom a lot invites to those who chose them."""
    if cases.declaration_of(case).tender_mode is not TenderMode.INVITED:
        return None
    if not actor.may(permissions.NAME) or not cases.is_inside(actor, case):
        return None
    return Panel(
        code="invitees",
        title="被邀请人",
        template="invitations/panel.html",
        reads="invitation.read",
        context={
            "rows": queries.invitees_for(actor, case),
            "is_out": queries.is_out(case),
        },
    )

"""The tab of the award on the page of a case."""

from datetime import datetime

from django.urls import reverse

from gongheng.trading.award import limits, permissions, queries
from gongheng.trading.award.kinds import BulletinKind
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Panel, provides_panel


@provides_panel
def award(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show candidates, award, letters and report; to a bidder its own letter and what is public."""
    publicity = queries.publicity_of(case)
    if publicity is None:
        return None
    is_inside = cases.is_inside(actor, case)
    if not is_inside and Role.BIDDER not in actor.roles:
        return None
    own = queries.letters_for(actor).filter(decision__case=case).first()
    return Panel(
        code="award",
        title="定标",
        template="award/panel.html",
        context={
            "publicity": publicity,
            "rows": limits.standing(case)
            if is_inside
            else [(row, None) for row in queries.candidates_of(case)],
            "is_inside": is_inside,
            "rechecks": queries.rechecks_of(case) if is_inside else (),
            "award": queries.awarded(case.code) if is_inside or own else None,
            "letters": queries.letters_of(case) if is_inside else (),
            "result": queries.published(case, BulletinKind.RESULT),
            "report": queries.report_of(case) if actor.may(permissions.READ_REPORT) else None,
            "may_read_papers": actor.may(permissions.READ_EVIDENCE),
            "own_letter": reverse("bidding-result", args=[case.pk]) if own else "",
        },
        reads="award.read" if is_inside else "",
    )

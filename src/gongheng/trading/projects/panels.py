"""The tab of a case that shows its project: the lots beside each other, plan, intake, decisions."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.projects import permissions, queries
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def project(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  the shape of a tab
    """Return the tab for the tenderer's side and the centre, whoever may read the tender."""
    lot = Lot.objects.filter(code=case.code).select_related("tender_project__project").first()
    if lot is None or not actor.may(permissions.READ):
        return None
    tender = lot.tender_project
    if not queries.tender_projects_for(actor).filter(pk=tender.pk).exists():
        return None
    lots = {one.code: one for one in queries.lots_of(tender)}
    rows = [
        {
            "lot": lots[one.code],
            "case": one,
            "state": cases.declaration_of(one).label_of(one.awaits),
        }
        for one in queries.latest_cases(tender)
    ]
    return Panel(
        code="project",
        title="项目",
        template="projects/panel.html",
        context={
            "tender": tender,
            "rows": rows,
            "plans": list(queries.plans_of(tender)),
            "filings": list(queries.filings_of(tender)),
            "decisions": list(queries.decisions_of(case.code)),
        },
    )

"""The tab of the witnesses' records on the page of a case: that they exist, and what may be read."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.witness import queries
from gongheng.trading.witness.kinds import Sitting
from gongheng.trading.witness.models import Record
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def witness(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show the case's own people which sittings were witnessed, with the proof of each paper."""
    if not cases.is_inside(actor, case):
        return None
    records = list(Record.objects.filter(case=case).order_by("opened_at", "id"))
    if not records:
        return None
    return Panel(
        code="witness",
        title="见证",
        template="witness/panel.html",
        context={
            "records": [
                (one, Sitting(one.sitting).label, queries.shows(actor, one)) for one in records
            ]
        },
    )

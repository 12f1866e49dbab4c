"""The tab of the contract on the page of a case."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import permissions, queries
from gongheng.trading.contracts.kinds import Side
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def contract(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  a panel's shape
    """Show the contract and the archive to the parties, the centre and supervision."""
    found = queries.contracts_for(actor).filter(case=case, decision__lost_at__isnull=True).first()
    archive = queries.archive_of(case) if cases.is_inside(actor, case) else None
    if found is None and archive is None:
        return None
    return Panel(
        code="contract",
        title="合同",
        template="contracts/panel.html",
        context={
            "contract": found,
            "winner_signature": queries.signature_of(found, Side.WINNER) if found else None,
            "tenderer_signature": queries.signature_of(found, Side.TENDERER) if found else None,
            "partners": queries.partners_signed(found) if found else [],
            "archive": archive,
            "may_read_archive": actor.may(permissions.READ_ARCHIVE),
        },
        reads="contract.read" if cases.is_inside(actor, case) else "",
    )

"""The tab of a case that shows its documents, their review and what was issued."""

from datetime import datetime

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import actions, permissions, queries
from gongheng.trading.documents.reading import reading
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Panel, provides_panel


@provides_panel
def documents(*, case: Case, actor: Actor, now: datetime) -> Panel | None:  # noqa: ARG001  the shape of a tab
    """Return the tab for the tenderer's side and the centre; bidders read the public page."""
    if not actor.may(permissions.READ) or not cases.is_inside(actor, case):
        return None
    document = queries.issued_in(case)
    return Panel(
        code="documents",
        title="招标文件",
        template="documents/panel.html",
        context={
            "document": document,
            "draft": queries.draft_of(case),
            "reviews": list(queries.reviews_of(case)),
            "may_write": actor.may(permissions.REVIEW) and actions.may_write(case),
            "reading": reading(document.content) if document else None,
        },
    )

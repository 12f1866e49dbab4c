"""A draft read as a notice: by the same form that people fill in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongheng.trading.notices import queries
from gongheng.trading.notices.forms import NoticeForm
from gongheng.trading.notices.models import NoticeDraft
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity.actors import Actor


def form_of(
    tender: TenderProject, *, values: Mapping[str, Any] | None, actor: Actor, now: datetime
) -> NoticeForm:
    """Return the form of a tender's notice, bound to values if there are some."""
    return NoticeForm(
        values,
        tender=tender,
        lots=list(projects.lots_of(tender)),
        taken=queries.taken_lots(tender),
        actor=actor,
        now=now,
    )


def read(draft: NoticeDraft, *, actor: Actor, now: datetime) -> NoticeForm:
    """Return the form bound to what was saved."""
    return form_of(draft.tender_project, values=draft.values, actor=actor, now=now)


def chosen_lots(form: NoticeForm) -> list[Lot]:
    """Return the lots of a valid form in the order of their codes."""
    chosen = set(form.cleaned_data["lots"])
    return [lot for lot in form.known_lots if lot.code in chosen]

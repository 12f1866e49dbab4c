"""A notice of an invented tender, as a clerk types it."""

from typing import Any

from django.forms.boundfield import BoundField

from gongheng.trading.notices import actions, drafts
from gongheng.trading.notices.actions import Publication
from gongheng.trading.notices.models import NoticeDraft
from gongheng.trading.projects.models import TenderProject
from gongheng.trading.projects.tests.support import NOW
from gongheng.trust.identity.actors import Actor

CONTACT = {
    "address": "昆明市盘龙区北京路1号",
    "person": "王芳",
    "phone": "0871-60000000",
    "email": "zhaobiao@example.cn",
}


def typed(tender: TenderProject, who: Actor, **changes: Any) -> dict[str, Any]:
    """Return a right form: what it proposes, and how to reach the people."""
    form = drafts.form_of(tender, values=None, actor=who, now=NOW)
    values = {name: _typed(form[name]) for name in form.fields}
    for whose in ("tenderer", "agency") if tender.has_agency else ("tenderer",):
        values |= {f"{whose}_{part}": text for part, text in CONTACT.items()}
    return values | changes


def _typed(field: BoundField) -> Any:
    value = field.field.prepare_value(field.value())
    return value if isinstance(value, list) else str(value or "")


def draft_of(tender: TenderProject, who: Actor, **changes: Any) -> NoticeDraft:
    return actions.save_draft(
        tender_project_id=tender.pk,
        values=typed(tender, who, **changes),
        number=0,
        actor=who,
        now=NOW,
    )


def publish(draft: NoticeDraft, who: Actor) -> Publication:
    return actions.publish(draft_id=draft.pk, number=draft.number, actor=who, now=NOW)

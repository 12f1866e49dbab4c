"""Saves drafts, publishes, changes and withdraws tender notices: the only writer of this room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongheng.data.records import queries as records
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.codes import actions as codes
from gongheng.trading.notices import (
    content,
    drafts,
    judgement,
    permissions,
    queries,
    reports,
    rules,
)
from gongheng.trading.notices.forms import NoticeForm
from gongheng.trading.notices.kinds import ChangeFacts, NoticeState
from gongheng.trading.notices.models import Notice, NoticeDraft, NoticeLot
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import TenderProject
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

INCOMPLETE = Reason(
    code="notices.incomplete",
    message="公告还有需要修改的内容，没有发布。",
    remedy="请按逐项提示修改后再发布，已填写的内容不会丢失。",
)
NOT_ALLOWED = Reason(
    code="notices.not_allowed",
    message="您的账号没有办理招标公告的权限。",
    remedy="请由招标人或代理机构的经办人办理。",
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A published notice, and whether this very call published it."""

    notice: Notice
    is_first: bool


@transaction.atomic
def save_draft(
    *,
    tender_project_id: UUID,
    values: Mapping[str, Any],
    number: int,
    actor: Actor,
    now: datetime,
) -> NoticeDraft:
    """Save what was typed over version ``number`` of the open draft; 0 begins one.

    The same once more changes nothing: a form that was sent twice is no conflict.
    Raises ``Refusal`` (rules.STALE_DRAFT) when a colleague saved in between.
    """
    # The tender's row is the lock: two clerks who begin at once must not make two drafts.
    tender = _locked_tender(tender_project_id, actor)
    draft = queries.open_draft(tender)
    if draft is not None and draft.values == dict(values):
        return draft
    rules.require_current(stated=number, current=draft.number if draft else 0)
    if draft is None:
        draft = NoticeDraft(region_code=tender.region_code, tender_project=tender, number=0)
    draft.values = dict(values)
    draft.number += 1
    draft.saved_by_name = actor.name
    draft.saved_at = now
    draft.save()
    audit.record(actor=actor, deed="notice.drafted", object_id=draft.pk, now=now)
    return draft


@transaction.atomic
def publish(*, draft_id: UUID, number: int, actor: Actor, now: datetime) -> Publication:
    """Publish version ``number`` of a draft, once: whoever comes second gets what the first made.

    Raises ``Refusal``: ``rules.STALE_DRAFT`` when the draft was changed since it was checked,
    ``INCOMPLETE`` (fact ``errors``), and what the record store refuses.
    """
    _require(actor)
    tender = _locked_tender(
        queries.drafts_of(actor).values_list("tender_project_id", flat=True).get(pk=draft_id), actor
    )
    draft = queries.drafts_of(actor).get(pk=draft_id)
    if draft.published_at is not None:
        return Publication(Notice.objects.get(pk=draft.pk), is_first=False)
    rules.require_current(stated=number, current=draft.number)
    form = drafts.form_of(tender, values=draft.values, actor=actor, now=now)
    notice = _published(draft, form, actor=actor, now=now)
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    audit.record(actor=actor, deed="notice.published", object_id=notice.pk, now=now)
    return Publication(notice, is_first=True)


def _published(draft: NoticeDraft, form: NoticeForm, *, actor: Actor, now: datetime) -> Notice:
    if not form.is_valid():
        raise Refusal(INCOMPLETE, errors=form.errors.get_json_data())
    facts, tender, lots = form.facts(), form.tender, drafts.chosen_lots(form)
    rules.require_contents(content.items(facts, tender=tender, lots=lots))
    version = reports.notice_published(facts, tender=tender, lots=lots, actor=actor, now=now)
    notice = Notice.objects.create(
        id=draft.pk,
        region_code=tender.region_code,
        tender_project=tender,
        reference=codes.issue_reference(
            region_code=settings.NODE.region_code,
            letters="ZB",
            day=now.astimezone(BEIJING).date(),
        ),
        title=facts.title,
        version_id=version.pk,
        record_key=version.key,
        documents_from=facts.documents_from,
        documents_until=facts.documents_until,
        bids_due_at=facts.bids_due_at,
        opening_at=facts.opening_at,
        published_at=now,
        published_by=actor.person_id,
        published_by_name=actor.name,
    )
    NoticeLot.objects.bulk_create(
        [NoticeLot(region_code=tender.region_code, notice=notice, lot=lot) for lot in lots]
    )
    return notice


@transaction.atomic
def change(
    *, notice_id: UUID, changes: int, facts: ChangeFacts, actor: Actor, now: datetime
) -> Notice:
    """Publish a change of a standing notice as a new version of its record.

    ``changes`` is how many changes the person saw. Raises ``Refusal``.
    """
    notice = _locked_notice(notice_id, actor)
    rules.require_open(now=now, bids_due_at=notice.bids_due_at, is_standing=notice.is_standing)
    rules.require_current(stated=changes, current=notice.changes, reason=rules.STALE_NOTICE)
    refusals = judgement.refusals_of_change(facts, announced=announced(notice), now=now)
    for refusal in refusals.values():
        raise refusal
    standing = records.public_record(notice.version_id, now=now)
    if standing is None:
        raise Refusal(rules.WITHDRAWN)
    version = reports.notice_changed(notice, facts, standing=standing, actor=actor, now=now)
    notice.version_id = version.pk
    notice.changes += 1
    notice.documents_until = facts.documents_until
    notice.bids_due_at = facts.bids_due_at
    notice.opening_at = facts.opening_at
    notice.save()
    audit.record(actor=actor, deed="notice.changed", object_id=notice.pk, now=now)
    return notice


@transaction.atomic
def withdraw(*, notice_id: UUID, reason: str, actor: Actor, now: datetime) -> Notice:
    """Withdraw a standing notice before its deadline; its lots are free for another.

    Raises ``Refusal``.
    """
    notice = _locked_notice(notice_id, actor)
    rules.require_open(now=now, bids_due_at=notice.bids_due_at, is_standing=notice.is_standing)
    rules.require_reason(reason)
    version = reports.notice_withdrawn(notice, reason=reason, actor=actor, now=now)
    notice.version_id = version.pk
    notice.state = NoticeState.WITHDRAWN
    notice.save(update_fields=["version_id", "state"])
    notice.lots.update(is_standing=False)
    audit.record(actor=actor, deed="notice.withdrawn", object_id=notice.pk, now=now)
    return notice


def announced(notice: Notice) -> ChangeFacts:
    """Return the times that a notice holds out now, in the shape of a change."""
    return ChangeFacts(
        reason="",
        may_affect_bids=False,
        documents_until=notice.documents_until,
        bids_due_at=notice.bids_due_at,
        opening_at=notice.opening_at,
    )


def _require(actor: Actor) -> None:
    if not actor.may(permissions.PUBLISH):
        raise Refusal(NOT_ALLOWED)


def _locked_tender(tender_project_id: UUID, actor: Actor) -> TenderProject:
    own = projects.tender_projects_of(actor).select_for_update(of=("self",))
    return own.get(pk=tender_project_id)


def _locked_notice(notice_id: UUID, actor: Actor) -> Notice:
    _require(actor)
    return queries.notices_of(actor).select_for_update(of=("self",)).get(pk=notice_id)

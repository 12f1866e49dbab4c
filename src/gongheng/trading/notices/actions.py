"""Saves drafts of tender notices, proposes them, and publishes what a second person confirmed.

With ``clarifying``, ``announcing`` and ``questioning`` the only writers of this room.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.trading.cases import actions as cases, gate, queries as cases_queries
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.documents import actions as documents, leaving, queries as documents_queries
from gongheng.trading.notices import (
    content,
    drafts,
    letters,
    permissions,
    queries,
    reports,
    rules,
)
from gongheng.trading.notices.content import written
from gongheng.trading.notices.forms import NoticeForm
from gongheng.trading.notices.kinds import DATASET, PUBLISH_NOTICE, NoticeFacts
from gongheng.trading.notices.models import Notice, NoticeDraft, NoticeLot
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import NOBODY, Actor

INCOMPLETE = Reason(
    code="notices.incomplete",
    message="公告还有需要修改的内容，没有发布。",
    remedy="请按逐项提示修改后再发布，已填写的内容不会丢失。",
)
PUBLISHED = Reason(
    code="notices.published",
    message="这份草稿已经发布，没有重复提交。",
    remedy="请查看已发布的公告；需要修改的，请办理澄清或者修改。",
)
NOT_ALLOWED = Reason(
    code="notices.not_allowed",
    message="您的账号没有办理招标公告的权限。",
    remedy="请由招标人或代理机构的经办人办理。",
)


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
    Raises ``Refusal``: rules.STALE_DRAFT when a colleague saved in between, rules.AWAITS_REVIEW
    while it waits for its second person.
    """
    # The tender's row is the lock: two clerks who begin at once must not make two drafts.
    tender = _locked_tender(tender_project_id, actor)
    draft = queries.open_draft(tender)
    if draft is not None and draft.values == dict(values):
        return draft
    rules.require_current(stated=number, current=draft.number if draft else 0)
    if draft is not None and queries.open_proposals(draft):
        raise Refusal(rules.AWAITS_REVIEW)
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
def propose(*, draft_id: UUID, number: int, actor: Actor, now: datetime) -> tuple[Proposal, ...]:
    """Propose version ``number`` of a draft for publication in the case of each of its lots.

    Whoever comes second gets what the first proposed. Raises ``Refusal``: ``rules.STALE_DRAFT`` when
    the draft was changed since it was checked, ``PUBLISHED``, ``INCOMPLETE`` (fact ``errors``), and
    what the case refuses.
    """
    _require(actor)
    tender = _locked_tender(
        queries.drafts_of(actor).values_list("tender_project_id", flat=True).get(pk=draft_id), actor
    )
    draft = queries.drafts_of(actor).get(pk=draft_id)
    if draft.published_at is not None:
        raise Refusal(PUBLISHED)
    rules.require_current(stated=number, current=draft.number)
    if waiting := queries.open_proposals(draft):
        return waiting
    form = complete(drafts.form_of(tender, values=draft.values, actor=actor, now=now))
    matter, together = uuid7(), [_case_of(lot) for lot in drafts.chosen_lots(form)]
    letters.invitees_of(together)
    proposals = [
        cases.propose(
            case_id=case.pk,
            step=PUBLISH_NOTICE,
            facts={**_facts(draft, form.facts()), **letters.stated(case, now=now)},
            actor=actor,
            now=now,
            matter=matter,
        )
        for case in together
    ]
    audit.record(actor=actor, deed="notice.proposed", object_id=draft.pk, now=now)
    return tuple(proposals)


def _case_of(lot: Lot) -> Case:
    case = cases_queries.case_of(lot.code)
    if case is None:
        raise Refusal(rules.UNKNOWN_LOT, lots=(lot.code,))
    return case


def _facts(draft: NoticeDraft, facts: NoticeFacts) -> dict[str, str | int | datetime]:
    return {
        "draft": str(draft.pk),
        "draft_number": draft.number,
        "documents_from": facts.documents_from,
        "documents_until": facts.documents_until,
        "bids_due_at": facts.bids_due_at,
        "opening_at": facts.opening_at,
    }


def complete(form: NoticeForm) -> NoticeForm:
    """Return a form that is right and says all the law asks for.

    Raises ``Refusal`` (INCOMPLETE, rules.CONTENTS_MISSING).
    """
    if not form.is_valid():
        raise Refusal(INCOMPLETE, errors=form.errors.get_json_data())
    lots = drafts.chosen_lots(form)
    rules.require_contents(content.items(form.facts(), tender=form.tender, lots=lots))
    return form


def passage(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the notice as it would be published. Raises ``Refusal``."""
    _, form = _proposed(proposal, now)
    facts, lots = form.facts(), drafts.chosen_lots(form)
    body = reports.notice_body(facts, tender=form.tender, lots=lots, now=now)
    texts, files = leaving.parts([one.case for one in gate.proposals_of(proposal.matter)])
    return gate.Passage(
        title=facts.title,
        texts=texts,
        files=files,
        records=((DATASET, reports.timeless(body)),),
        facts=(
            ("招标项目", form.tender.name),
            ("标段", "；".join(f"{lot.name}（{lot.code}）" for lot in lots)),
            (
                "招标文件获取时间",
                f"{written(facts.documents_from)}至{written(facts.documents_until)}",
            ),
            ("投标截止和开标时间", written(facts.bids_due_at)),
            *_invited(proposal),
        ),
    )


def _invited(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield whom a letter goes to: the second person confirms them with it."""
    named = letters.invitees_of([one.case for one in gate.proposals_of(proposal.matter)])
    for number, one in enumerate(named, start=1):
        yield f"被邀请人 {number}", f"{one.name}（{one.code}）。{one.ability}"


def _proposed(proposal: Proposal, now: datetime) -> tuple[NoticeDraft, NoticeForm]:
    """Return the draft that a proposal means, and its form. Raises ``Refusal``."""
    found = NoticeDraft.objects.select_related("tender_project__project")
    draft = found.get(pk=str(proposal.facts["draft"]))
    if draft.published_at is not None:
        raise Refusal(PUBLISHED)
    rules.require_current(stated=int(proposal.facts["draft_number"]), current=draft.number)
    return draft, complete(drafts.read(draft, actor=NOBODY, now=now))


@transaction.atomic
def carry_out(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish the notice that a second person confirmed, and move the case of each lot on."""
    draft_id = UUID(str(proposal.facts["draft"]))
    NoticeDraft.objects.select_for_update(of=("self",)).get(pk=draft_id)
    draft, form = _proposed(proposal, now)
    proposals = gate.proposals_of(proposal.matter)
    for one in proposals:
        cases.advance(case_id=one.case_id, step=one.step, facts=one.facts, actor=actor, now=now)
    notice = _published(draft, form, actor=actor, now=now)
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    for one in proposals:
        if documents_queries.draft_of(one.case):
            documents.issue(case_code=one.case.code, actor=actor, now=now)
    letters.tell(notice, [one.case for one in proposals], subject="请查收投标邀请书", now=now)
    audit.record(actor=actor, deed="notice.published", object_id=notice.pk, now=now)


def _published(draft: NoticeDraft, form: NoticeForm, *, actor: Actor, now: datetime) -> Notice:
    facts, tender, lots = form.facts(), form.tender, drafts.chosen_lots(form)
    version = reports.notice_published(facts, tender=tender, lots=lots, actor=actor, now=now)
    notice = Notice.objects.create(
        id=draft.pk,
        region_code=tender.region_code,
        tender_project=tender,
        reference=codes.issue_reference(
            region_code=settings.NODE.region_code, letters="ZB", day=day_of(now)
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


def _require(actor: Actor) -> None:
    if not actor.may(permissions.PUBLISH):
        raise Refusal(NOT_ALLOWED)


def _locked_tender(tender_project_id: UUID, actor: Actor) -> TenderProject:
    own = projects.tender_projects_of(actor).select_for_update(of=("self",))
    return own.get(pk=tender_project_id)

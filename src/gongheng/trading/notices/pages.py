"""Pages on which a clerk writes a tender notice, checks it and hands it to the second person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.data.records.reasons import INVALID
from gongheng.data.standard import registry, validator
from gongheng.kernel.findings import Finding
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.notices import (
    actions,
    content,
    desk,
    drafts,
    later_pages,
    letter_pages,
    permissions,
    queries,
    question_pages,
    reports,
    rules,
)
from gongheng.trading.notices.forms import NoticeForm
from gongheng.trading.notices.kinds import DATASET, PUBLISH_NOTICE
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.trust.identity.kinds import Outcome
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def notice_form(request: HttpRequest, tender_id: UUID) -> HttpResponse:
    """Write the notice of a tender project; every submission is kept as a draft."""
    actor, now = actor_of(request), legal_now()
    tender = get_object_or_404(projects.tender_projects_of(actor), pk=tender_id)
    draft = queries.open_draft(tender)
    if request.method != "POST":
        form = drafts.form_of(tender, values=None, actor=actor, now=now)
        if draft is not None:
            form.initial |= draft.values
        return _form_page(request, form, draft=draft, now=now)
    form = drafts.form_of(tender, values=request.POST, actor=actor, now=now)
    form.is_valid()
    try:
        draft = actions.save_draft(
            tender_project_id=tender_id,
            values=form.typed(),
            number=_number(request),
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        return _conflict_page(request, form, refusal, actor=actor, now=now)
    for note in form.notes:
        messages.info(request, note)
    if "later" in request.POST:
        messages.success(request, "草稿已保存，本单位的经办人可以继续编写。")
        return redirect("desk-case", tender_id)
    if not form.is_valid():
        return _form_page(request, form, draft=draft, now=now, status=SHOWN_AGAIN)
    return redirect("desk-notice-check", draft.pk)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("2147483647") else -1


def _form_page(
    request: HttpRequest,
    form: NoticeForm,
    *,
    draft: NoticeDraft | None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    begins = _documents_from(form)
    context = {
        "form": form,
        "trail": desk.trail_to(form.tender),
        "tender": form.tender,
        "bulletin": content.bulletin(form.tender),
        "draft": draft,
        "number": draft.number if draft else 0,
        "sale_term": rules.term("W-03", now),
        "sale_ends": rules.earliest_end_of_sale(begins, now=now),
        "bids_term": rules.term("W-06", now),
        "bids_due": rules.earliest_bids_due(begins, now=now),
    }
    return render(request, "notices/form.html", context, status=status)


def _documents_from(form: NoticeForm) -> datetime:
    """Return when documents are to be had: as typed if that can be read, else as proposed."""
    stated = form.cleaned_data.get("documents_from") if form.is_bound else None
    proposed = form.proposed["documents_from"]
    return stated if isinstance(stated, datetime) else proposed


def _conflict_page(
    request: HttpRequest, form: NoticeForm, refusal: Refusal, *, actor: Actor, now: datetime
) -> HttpResponse:
    """Show what was typed beside what a colleague saved; saving again is a decision."""
    audit.record(
        actor=actor,
        deed="notice.drafted",
        object_id=form.tender.pk,
        now=now,
        outcome=Outcome.REFUSED,
        reason=refusal.reason.code,
    )
    if refusal.reason is rules.AWAITS_REVIEW:
        raise refusal
    draft = queries.open_draft(form.tender)
    if draft is None:
        messages.warning(request, "这份草稿已由同单位的经办人发布，您刚才填写的内容没有保存。")
        return redirect("desk-case", form.tender.pk)
    form.add_error(None, f"{draft.saved_by_name}修改了这份草稿。{refusal}")
    mine = form.typed()
    for name, field in form.fields.items():
        theirs = draft.values.get(name, "")
        if theirs != mine.get(name, "") and name not in form.errors:
            form.add_error(
                name, f"{draft.saved_by_name}已把“{field.label}”保存为：{_words(theirs)}"
            )
    return _form_page(request, form, draft=draft, now=now, status=CONFLICT)


def _words(value: object) -> str:
    text = "、".join(value) if isinstance(value, list) else str(value)
    return text or "（空）"


@require_safe
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show every answer with its change link, what the checks found, and the text as it will stand."""
    actor, now = actor_of(request), legal_now()
    draft = get_object_or_404(queries.drafts_of(actor), pk=draft_id)
    if draft.published_at is not None:
        return redirect("desk-notice", draft.pk)
    if waiting := queries.open_proposals(draft):
        return redirect("case-confirm", waiting[0].pk)
    form = drafts.read(draft, actor=actor, now=now)
    if not form.is_valid():
        messages.warning(request, "公告还有需要修改的内容，请先修改。")
        return _form_page(request, form, draft=draft, now=now, status=SHOWN_AGAIN)
    return _check_page(request, draft, form, now=now)


def _check_page(
    request: HttpRequest,
    draft: NoticeDraft,
    form: NoticeForm,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    facts, lots = form.facts(), drafts.chosen_lots(form)
    early = queries.not_yet(lots)
    body = reports.notice_body(facts, tender=form.tender, lots=lots, now=now)
    findings = validator.check(DATASET, body)
    context = {
        "draft": draft,
        "trail": desk.trail_to(form.tender),
        "tender": form.tender,
        "bulletin": content.bulletin(form.tender),
        "answers": form.answers(),
        "form_address": reverse("desk-notice-form", args=[form.tender.pk]),
        "text": content.text(facts, tender=form.tender, lots=lots),
        "findings": told(findings),
        "doubt": rules.PRECONDITION if rules.seems_to_ask_first(facts.documents_method) else None,
        "early": early,
        "may_propose": not early and not any(one.severity == "error" for one in findings),
        "refusal": refusal,
    }
    return render(request, "notices/check.html", context, status=status)


def told(findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """Return findings with the Chinese name of their field."""
    fields = registry.dataset(DATASET).by_code
    return [
        (finding, fields[finding.field].label if finding.field in fields else "")
        for finding in findings
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Hand what was checked to the second person; twice is once."""
    if request.method != "POST":
        return redirect("desk-notice-check", draft_id)
    actor, now = actor_of(request), legal_now()
    draft = get_object_or_404(queries.drafts_of(actor), pk=draft_id)
    try:
        with audit.refusals(actor=actor, deed="notice.proposed", now=now, object_id=draft_id):
            proposals = actions.propose(
                draft_id=draft_id, number=_number(request), actor=actor, now=now
            )
    except Refusal as refusal:
        return _refused(request, draft, refusal, actor=actor, now=now)
    bulletin = content.bulletin(draft.tender_project)
    messages.success(
        request, f"{bulletin}已提交复核。请由本单位或代理机构的另一位经办人核对后发布。"
    )
    return redirect("case", proposals[0].case_id)


@require_safe
def publish_notice(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Lead to where the notice of a case stands: its review, its draft, or the form."""
    actor = actor_of(request)
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    if waiting := cases.open_proposal(case, PUBLISH_NOTICE):
        return redirect("case-confirm", waiting.pk)
    lot = get_object_or_404(Lot.objects.select_related("tender_project"), code=case.code)
    tender = get_object_or_404(projects.tender_projects_of(actor), pk=lot.tender_project_id)
    if (notice := queries.standing_notice(case.code)) is not None:
        return redirect("desk-notice", notice.pk)
    return redirect("desk-notice-form", tender.pk)


def _refused(
    request: HttpRequest, draft: NoticeDraft, refusal: Refusal, *, actor: Actor, now: datetime
) -> HttpResponse:
    if refusal.reason is actions.PUBLISHED:
        messages.info(request, str(refusal))
        return redirect("desk-notice", draft.pk)
    draft = get_object_or_404(queries.drafts_of(actor), pk=draft.pk)
    form = drafts.read(draft, actor=actor, now=now)
    if not form.is_valid():
        return _form_page(request, form, draft=draft, now=now, status=SHOWN_AGAIN)
    if refusal.reason is rules.STALE_DRAFT:
        words = f"{draft.saved_by_name}在您核对之后修改了这份草稿，请按现在的内容重新核对。"
        messages.warning(request, words)
        return _check_page(request, draft, form, now=now, status=CONFLICT)
    if refusal.reason is INVALID:
        return _check_page(request, draft, form, now=now, refusal=refusal, status=SHOWN_AGAIN)
    raise refusal


@require_safe
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Show a published notice: number, times, where it stands, what can be done."""
    actor, now = actor_of(request), legal_now()
    found = get_object_or_404(queries.notices_for(actor), pk=notice_id)
    lots = [row.lot for row in found.lots.select_related("lot").order_by("lot__code")]
    is_own = queries.notices_of(actor).filter(pk=notice_id).exists()
    context = {
        "notice": found,
        "trail": desk.trail_to(found.tender_project),
        "lots": lots,
        "case": cases.case_of(lots[0].code),
        "bulletin": content.bulletin(found.tender_project),
        "page": _page_of(found, lots),
        "may_change": is_own and found.is_standing and now < found.bids_due_at,
    }
    return render(request, "notices/notice.html", context)


def _page_of(found: Notice, lots: Sequence[Lot]) -> str:
    """Return where those whom a notice is for read it."""
    case = cases.case_of(lots[0].code)
    if not found.tender_project.is_by_invitation or case is None:
        return f"/notices/{found.version_id}/"
    return reverse("invitation-letter", args=[case.pk])


ROUTES = [
    *desk.ROUTES,
    *letter_pages.ROUTES,
    route(
        "desk/projects/<uuid:tender_id>/notice/",
        notice_form,
        name="desk-notice-form",
        audience=permissions.DRAFT,
    ),
    route(
        "desk/notices/<uuid:draft_id>/check/",
        check,
        name="desk-notice-check",
        audience=permissions.DRAFT,
    ),
    route(
        "desk/notices/<uuid:draft_id>/propose/",
        propose,
        name="desk-notice-propose",
        audience=permissions.PUBLISH,
    ),
    route(
        "cases/<uuid:case_id>/publish_notice/",
        publish_notice,
        name="case-publish_notice",
        audience=permissions.PUBLISH,
    ),
    route("desk/notices/<uuid:notice_id>/", notice, name="desk-notice", audience=permissions.READ),
    *later_pages.ROUTES,
    *question_pages.ROUTES,
]

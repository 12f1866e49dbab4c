"""Pages on which tender documents are written and reviewed; the public page stands beside."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import (
    actions,
    checking,
    comparing,
    content,
    permissions,
    public,
    queries,
    rules,
)
from gongheng.trading.documents.forms import (
    BasicsForm,
    CopyForm,
    ReviewForm,
    UploadForm,
    by_group,
    criteria_lines,
    facts_of_lines,
)
from gongheng.trading.documents.kinds import Conclusion
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trading.documents.reading import reading
from gongheng.trading.projects import queries as projects
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web import file_search
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def review_documents(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the draft with what is wrong in it, and take the review of a second person."""
    actor, now, case = _found(request, case_id)
    draft = queries.draft_of(case)
    form = ReviewForm(request.POST or None, initial={"revision": draft.revision if draft else 0})
    if request.method == "POST" and form.is_valid():
        told = _told(form, lambda: _review(case, form, actor, now), actor=actor, case=case)
        if told and form.cleaned_data["conclusion"] == Conclusion.FAILED:
            messages.success(request, "审查结论已记录，招标文件退回修改。")
            return redirect("case-review_documents", case.pk)
        if told:
            step = cases.declaration_of(case).invitation
            following = f"可以办理“{step.label}”" if step else "可以继续办理"
            messages.success(request, f"公平竞争审查已通过，{following}。")
            return redirect("case", case.pk)
    return _desk_page(request, actor, now, case, form)


def _review(case: Case, form: ReviewForm, actor: Actor, now: datetime) -> None:
    value = form.cleaned_data
    actions.review(
        case_id=case.pk,
        conclusion=Conclusion(value["conclusion"]),
        reasons=value["reasons"],
        exceptions=value["exceptions"],
        revision=value["revision"],
        actor=actor,
        now=now,
    )


def _desk_page(
    request: HttpRequest, actor: Actor, now: datetime, case: Case, form: ReviewForm
) -> HttpResponse:
    lot, draft = queries.lot_of(case), queries.draft_of(case)
    context = {
        "case": case,
        "draft": draft,
        "issued": queries.issued_in(case),
        "may_write": actions.may_write(case),
        "is_review": case.awaits == actions.STEP,
        "defects": checking.defects(draft, lot, on=_on(case, now)) if draft else [],
        "suspicions": checking.suspicions(draft, lot) if draft else [],
        "total": rules.total_of(content.criterion_facts(draft)) if draft else None,
        "reviews": queries.reviews_of(case),
        "is_writer": draft is not None and draft.saved_by == actor.account_id,
        "form": form,
        "upload": UploadForm(),
        "copy": _copy_form(request, case),
        "trail": _trail(case),
    }
    status = SHOWN_AGAIN if form.errors else 200
    return render(request, "documents/desk.html", context, status=status)


@require_POST
def begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin the draft, or that of an amendment of what was issued."""
    actor, now, case = _found(request, case_id)
    make = actions.begin_amendment if queries.issued_in(case) else actions.begin
    make(case_id=case.pk, actor=actor, now=now)
    return redirect("case-review_documents", case.pk)


@require_POST
def copy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Copy the documents of another lot."""
    actor, now, case = _found(request, case_id)
    form = _copy_form(request, case)
    if not form.is_valid():
        raise Http404
    source = UUID(form.cleaned_data["source"])
    actions.copy(case_id=case.pk, from_case=source, actor=actor, now=now)
    messages.success(request, "已复制，限价和保证金保留本标段的金额，请核对。")
    return redirect("case-review_documents", case.pk)


@require_http_methods(METHODS)
def basics(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write the basic data."""
    actor, now, case = _found(request, case_id)
    draft, lot = _draft(case), queries.lot_of(case)
    posted, on = request.method == "POST", _on(case, now)
    form = (
        BasicsForm(request.POST, lot=lot, on=on) if posted else BasicsForm.of(draft, lot=lot, on=on)
    )

    def save() -> None:
        actions.save(
            case_id=case.pk,
            revision=form.cleaned_data["revision"],
            facts=form.facts(),
            actor=actor,
            now=now,
        )

    if posted and form.is_valid() and _told(form, save, actor=actor, case=case):
        messages.success(request, "基本数据已保存。")
        return redirect("case-review_documents", case.pk)
    context = {"case": case, "form": form, "trail": _trail(case, is_inner=True)}
    status = SHOWN_AGAIN if form.errors else 200
    return render(request, "documents/basics.html", context, status=status)


@require_http_methods(METHODS)
def criteria(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write the criteria of all groups; empty lines are left out."""
    actor, now, case = _found(request, case_id)
    draft = _draft(case)
    posted = request.method == "POST"
    lines = criteria_lines(draft, request.POST if posted else None)
    form = _Revision(request.POST if posted else None, initial={"revision": draft.revision})

    def save() -> None:
        actions.save(
            case_id=case.pk,
            revision=form.cleaned_data["revision"],
            criteria=facts_of_lines(lines),
            actor=actor,
            now=now,
        )

    is_right = posted and form.is_valid() and lines.is_valid()
    if is_right and _told(form, save, actor=actor, case=case):
        total = rules.total_of(facts_of_lines(lines))
        messages.success(request, f"评审标准已保存，满分合计 {total:f} 分。")
        return redirect("case-review_documents", case.pk)
    context = {
        "case": case,
        "form": form,
        "lines": lines,
        "groups": by_group(lines),
        "is_wrong": posted and not lines.is_valid(),
        "total": rules.total_of(content.criterion_facts(draft)),
        "trail": _trail(case, is_inner=True),
    }
    is_wrong = context["is_wrong"] or form.errors
    return render(
        request, "documents/criteria.html", context, status=SHOWN_AGAIN if is_wrong else 200
    )


class _Revision(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput())


@require_POST
def papers(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add a file, or take one out."""
    actor, now, case = _found(request, case_id)
    if remove := request.POST.get("remove"):
        actions.detach(case_id=case.pk, attachment_id=_uuid(remove), actor=actor, now=now)
        messages.success(request, "附件已移除。")
        return redirect("case-review_documents", case.pk)
    form = UploadForm(request.POST, request.FILES)
    upload = form.cleaned_data["upload"] if form.is_valid() else None

    def attach() -> None:
        if upload:
            actions.attach(
                case_id=case.pk, name=upload.name, chunks=upload.chunks(), actor=actor, now=now
            )

    if upload and _told(form, attach, actor=actor, case=case):
        messages.success(request, f"附件“{upload.name}”已上传。")
        _tell_findings(request, case, str(upload.name))
    for error in (error for errors in form.errors.values() for error in errors):
        messages.error(request, str(error))
    return redirect("case-review_documents", case.pk)


def _tell_findings(request: HttpRequest, case: Case, name: str) -> None:
    """Read a file now, so that its reviewer need not wait, and tell what will be asked about (A-09)."""
    file = _draft(case).attachments.get(name=name)
    found = file_search.places(PAPERS, file.digest)
    if personal := sum(place.is_read for place in found):
        messages.warning(
            request, f"附件中发现 {personal} 处个人信息，公开前请核对；复核人会逐项看到。"
        )
    for place in found:
        if not place.is_read:
            messages.warning(request, f"{place.where}{file_search.UNREAD}（{place.shown}）。")


@require_safe
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the draft as it would be read, with what it changes of the issued version."""
    actor, _, case = _found(request, case_id)
    found, last = _draft(case), queries.issued_in(case)
    body = content.body(found, queries.lot_of(case))
    context = {
        "case": case,
        "document": found,
        "reading": reading(body),
        "changes": comparing.changes(last.content, body) if last else [],
        "trail": _trail(case, is_inner=actor.may(permissions.REVIEW)),
    }
    return render(request, "documents/draft.html", context)


def _found(request: HttpRequest, case_id: UUID) -> tuple[Actor, datetime, Case]:
    actor = actor_of(request)
    found = get_object_or_404(cases.cases_for(actor), pk=case_id)
    return actor, legal_now(), found


def _draft(case: Case) -> TenderDocument:
    found = queries.draft_of(case)
    if found is None:
        raise Http404
    return found


def _on(case: Case, now: datetime) -> date:
    return case.terms_on or day_of(now)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _copy_form(request: HttpRequest, case: Case) -> CopyForm:
    tender = queries.lot_of(case).tender_project
    others = [one for one in projects.latest_cases(tender) if one.code != case.code]
    choices = [
        (str(one.pk), one.title)
        for one in others
        if queries.draft_of(one) or queries.issued_in(one)
    ]
    return CopyForm(request.POST if "source" in request.POST else None, choices=choices)


def _told(form: forms.Form, deed: Callable[[], None], *, actor: Actor, case: Case) -> bool:
    """Do the deed; what is refused is said in the form, each defect in a line."""
    try:
        with audit.refusals(
            actor=actor, deed="documents.saved", now=legal_now(), object_id=case.pk
        ):
            deed()
    except Refusal as refusal:
        defects = refusal.facts.get("defects")
        lines = [str(line) for line in defects] if isinstance(defects, tuple) else [str(refusal)]
        for line in lines:
            form.add_error(None, line)
        return False
    return True


def _trail(case: Case, *, is_inner: bool = False) -> list[tuple[str, str]]:
    way = [
        (reverse("desk"), "业务工作台"),
        (reverse("case", args=[case.pk]), case.title),
    ]
    inner = (reverse("case-review_documents", args=[case.pk]), "招标文件")
    return [*way, inner] if is_inner else way


_EDITOR = (
    ("begin", begin),
    ("copy", copy),
    ("basics", basics),
    ("criteria", criteria),
    ("files", papers),
)

ROUTES = [
    *public.ROUTES,
    route(
        "cases/<uuid:case_id>/review_documents/",
        review_documents,
        name="case-review_documents",
        audience=permissions.REVIEW,
    ),
    route(
        "cases/<uuid:case_id>/documents/draft/",
        draft,
        name="documents-draft",
        audience=permissions.READ,
    ),
    *(
        route(
            f"cases/<uuid:case_id>/documents/{name}/",
            view,
            name=f"documents-{name}",
            audience=permissions.REVIEW,
        )
        for name, view in _EDITOR
    ),
]

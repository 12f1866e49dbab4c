"""The page of a case, the list of cases, and the page on which a second person decides."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.holds import queries as holds
from gongheng.registers.workdays import queries as workdays
from gongheng.trading.cases import (
    actions,
    course,
    gate,
    guide_pages,
    hold_pages,
    judging,
    listing,
    passages,
    permissions,
    queries,
    reasons,
    secrecy,
    standing as standings,
    welcome,
    work,
)
from gongheng.trading.cases.forms import ReviewForm
from gongheng.trading.cases.kinds import Phase, Verdict
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trust.identity import audit, queries as identity
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.paging import paginate
from gongheng.web.routes import SIGNED_IN, route
from gongheng.web.work import Panel, panels_of

PAGE_SIZE = 20
SHOWN_OTHERS = 8
SHOWN_AGAIN = 422
CONFLICT = 409
COURSE, PICTURE = "course", "procedure"


@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case: where it stands, what one may do, what was done; the rooms' tabs beside it."""
    actor, now = actor_of(request), legal_now()
    found = queries.case_for(actor, case_id, now=now)
    if found is None:
        raise Http404
    panels = panels_of(found, actor, now=now)
    shown = next((one for one in panels if one.code == request.GET.get("tab")), None)
    if shown is not None and shown.reads:
        audit.record(actor=actor, deed=shown.reads, object_id=found.pk, now=now)
    is_picture = shown is None and request.GET.get("tab") == PICTURE
    is_inside = queries.is_inside(actor, found)
    context = {
        "case": found,
        "tenderer": identity.organisation_named(found.tenderer_code),
        "procedure": queries.declaration_of(found),
        "phase": Phase(found.phase),
        "is_inside": is_inside,
        "course": course.course_of(found, actor=actor, is_inside=is_inside, now=now),
        "holds": holds.standing_on(found.code),
        "moved": workdays.moved_of_case(found.pk, step="" if is_inside else found.awaits),
        "may_hold": is_inside and not found.is_over and actor.may(permissions.HOLD),
        "tabs": _tabs(panels),
        "tab": shown.code if shown else PICTURE if is_picture else COURSE,
        "panel": _rendered(request, shown, found) if shown else "",
        "picture": _picture(found, now) if is_picture else None,
        "previous": found.previous if is_inside else None,
        "following": Case.objects.filter(previous=found).first() if is_inside else None,
        "trail": [(reverse("desk"), "业务工作台"), (reverse("cases"), "项目")],
    }
    return render(request, "cases/case.html", context)


def _tabs(panels: list[Panel]) -> list[tuple[str, str]]:
    rooms = [(one.code, one.title) for one in panels]
    return [(COURSE, "办理过程"), *rooms, (PICTURE, "流程图")]


def _rendered(request: HttpRequest, panel: Panel, found: Case) -> SafeString:
    return render_to_string(panel.template, {**panel.context, "case": found}, request)


def _picture(found: Case, now: datetime) -> dict[str, SafeString]:
    on = found.terms_on or day_of(now)
    return guide_pages.picture(queries.declaration_of(found), on=on, here=found.awaits)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that a person may read, or those whose turn is the person's."""
    actor, now = actor_of(request), legal_now()
    asked = listing.Asked.of(request.GET)
    rows: QuerySet[Case] = listing.chosen(asked, actor=actor).annotate(published_at=F("begun_at"))
    page = paginate(rows, cursor=request.GET.get("page", ""), size=PAGE_SIZE)
    context = {
        "asked": asked,
        "page": page,
        "lines": listing.lines(page.rows, now=now),
        "trail": [(reverse("desk"), "业务工作台")],
    }
    return render(request, "cases/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show what would go out, with its secrecy review, and take the second person's decision."""
    actor, now = actor_of(request), legal_now()
    proposal = queries.proposal_for(actor, proposal_id)
    if proposal is None:
        raise Http404
    if request.method == "POST":
        deed = f"case.reviewed.{proposal.step}"
        with audit.refusals(actor=actor, deed=deed, object_id=proposal.pk, now=now):
            if "take_back" in request.POST:
                return _taken_back(request, proposal, actor=actor, now=now)
            return _decided(request, proposal, actor=actor, now=now)
    if proposal.settled_at is not None:
        messages.info(request, reasons.PROPOSAL_SETTLED.message)
        return redirect("case", case_id=proposal.case_id)
    return _review_page(request, proposal, actor=actor, now=now)


def _decided(
    request: HttpRequest, proposal: Proposal, *, actor: Actor, now: datetime
) -> HttpResponse:
    step = queries.declaration_of(proposal.case).step(proposal.step)
    # Who only reads is told so at once, not led through the form.
    judging.require_person(standings.of(proposal.case), step, actor, is_second=True)
    form = ReviewForm(request.POST, is_open=True)
    if not form.is_valid():
        return _review_page(request, proposal, actor=actor, now=now, typed=form)
    verdict = Verdict(form.cleaned_data["verdict"])
    try:
        actions.confirm(
            proposal_id=proposal.pk,
            verdict=verdict,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        if refusal.reason is reasons.OTHER_PASSAGE:
            return _review_page(request, proposal, actor=actor, now=now, refusal=refusal)
        if refusal.reason in {reasons.REASON_MISSING, reasons.RETURN_REASON_MISSING}:
            form.add_error("reason", str(refusal))
            return _review_page(request, proposal, actor=actor, now=now, typed=form)
        raise
    said = "已复核通过并执行" if verdict is Verdict.PUBLISH else "已退回提交人修改"
    messages.success(request, f"{step.label}：{said}。")
    return redirect("case", case_id=proposal.case_id)


def _taken_back(
    request: HttpRequest, proposal: Proposal, *, actor: Actor, now: datetime
) -> HttpResponse:
    actions.take_back(case_id=proposal.case_id, step=proposal.step, actor=actor, now=now)
    messages.success(request, "已撤回，可以修改后重新提交。")
    return redirect("case", case_id=proposal.case_id)


def _review_page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    typed: ReviewForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    proposals = gate.proposals_of(proposal.matter)
    passage = gate.deed_of(proposal.step).preview(proposal, now)
    found = secrecy.findings(passage)
    step = queries.declaration_of(proposal.case).step(proposal.step)
    is_own = proposal.proposed_by == actor.account_id
    is_open = any(finding.is_open for finding in found)
    seen = {"seen": gate.digest(passage, proposals)}
    context = {
        "proposal": proposal,
        "case": proposal.case,
        "lots": proposals,
        "step": step,
        "outcome": step.outcome(proposal.outcome),
        "passage": passage,
        "records": passages.read(passage),
        "open_findings": [finding for finding in found if finding.is_open],
        "withheld": [finding for finding in found if not finding.is_open],
        "form": typed or ReviewForm(initial=seen, is_open=is_open),
        "refusal": refusal,
        "is_own": is_own,
        "may_confirm": not is_own and bool(actor.roles & {*step.second}),
        "may_take_back": bool(actor.roles & {*step.roles, *step.second}) and is_own,
        "trail": [
            (reverse("desk"), "业务工作台"),
            (reverse("case", args=[proposal.case_id]), "项目"),
        ],
    }
    status = CONFLICT if refusal else SHOWN_AGAIN if typed else 200
    return render(request, "cases/confirm.html", context, status=status)


@require_safe
def attached(request: HttpRequest, proposal_id: UUID, digest: str) -> FileResponse:
    """Hand out a file that would go out: what no program can read, the second person must."""
    actor, now = actor_of(request), legal_now()
    proposal = queries.proposal_for(actor, proposal_id)
    if proposal is None or proposal.settled_at is not None:
        raise Http404
    passage = gate.deed_of(proposal.step).preview(proposal, now)
    file = next((one for one in passage.files if one.digest == digest), None)
    if file is None:
        raise Http404
    return file.store.answer(digest, name=file.name)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the workbench: what is the person's to do, what others must do first, what was done."""
    actor, now = actor_of(request), legal_now()
    found = work.workbench(actor, now=now)
    context = {
        "actor": actor,
        "bench": found,
        "others": found.others[:SHOWN_OTHERS],
        "more_others": max(len(found.others) - SHOWN_OTHERS, 0),
        "first": welcome.first_step(actor),
        "links": welcome.links(actor),
        "may_read": actor.may(permissions.READ),
    }
    return render(request, "cases/desk.html", context)


ROUTES = [
    route("desk/", desk, name="desk", audience=SIGNED_IN),
    route("cases/", cases, name="cases", audience=permissions.READ),
    route("cases/<uuid:case_id>/", case, name="case", audience=permissions.LOOK),
    route(
        "cases/proposals/<uuid:proposal_id>/",
        confirm,
        name="case-confirm",
        audience=permissions.READ,
    ),
    route(
        "cases/proposals/<uuid:proposal_id>/files/<str:digest>/",
        attached,
        name="case-confirm-file",
        audience=permissions.READ,
        reads="case.file_read",
    ),
    *hold_pages.ROUTES,
    *guide_pages.ROUTES,
]

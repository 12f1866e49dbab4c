"""Pages of the steps of this room: register, accept, abandon, close, publish the plan, decide anew."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel import terms
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.projects import (
    closing,
    deciding,
    intake,
    permissions,
    planning,
    queries,
    rules,
)
from gongheng.trading.projects.kinds import Anew, IntakeVerdict
from gongheng.trading.projects.models import Filing, TenderProject
from gongheng.trading.projects.papers import PAPERS
from gongheng.trading.projects.step_forms import (
    AbandonForm,
    AnewForm,
    CloseForm,
    FilingForm,
    IntakeForm,
    PlanForm,
    approval_of,
)
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import Permission, route

SHOWN_AGAIN = 422
METHODS = ["GET", "HEAD", "POST"]


def _found(request: HttpRequest, case_id: UUID) -> tuple[Actor, datetime, Case, TenderProject]:
    actor = actor_of(request)
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    return actor, legal_now(), case, queries.lot_of(case.code).tender_project


def _page(
    request: HttpRequest, case: Case, tender: TenderProject, step: str, context: dict[str, Any]
) -> HttpResponse:
    """Show the page of a step, with the lots that it is done for."""
    form: forms.Form = context["form"]
    declared = cases.declaration_of(case).step(step)
    is_open = case.awaits == step or case.awaits in declared.during
    shown = {
        "case": case,
        "tender": tender,
        "step": declared,
        "waiting": queries.cases_awaiting(tender, step),
        "is_open": is_open and not case.is_over,
        "awaits": cases.declaration_of(case).label_of(case.awaits) if not is_open else "",
        "proposal": cases.open_proposal(case, step),
        "trail": [
            (reverse("desk"), "业务工作台"),
            (reverse("case", args=[case.pk]), case.title),
        ],
    }
    return render(
        request,
        f"projects/{step}.html",
        shown | context,
        status=SHOWN_AGAIN if form.errors else 200,
    )


def _done(
    form: forms.Form, deed: Callable[[], object], *, actor: Actor, case: Case, step: str
) -> bool:
    """Do the deed; what is refused is said in the form and written into the audit trail."""
    if not form.is_valid():
        return False
    try:
        with audit.refusals(actor=actor, deed=f"case.{step}", now=legal_now(), object_id=case.pk):
            deed()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _back(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("case", case.pk)


@require_http_methods(METHODS)
def register(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Check a tender against the catalogue and submit it with its approval."""
    actor, now, case, tender = _found(request, case_id)
    listing = queries.listing_of(tender, on=day_of(now))
    earlier = queries.latest_filing(tender)
    form = FilingForm(
        request.POST or None,
        request.FILES or None,
        tender=tender,
        earlier=earlier,
        is_exception=listing is not None
        and rules.is_exception(listing, is_statutory=tender.is_statutory),
    )

    def deed() -> Filing:
        return intake.submit(tender_project_id=tender.pk, facts=form.facts(), actor=actor, now=now)

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step="register"):
        return _back(request, case, "已提交，等待交易中心受理。")
    context = {"form": form, "listing": listing, "earlier": earlier}
    return _page(request, case, tender, "register", context)


@require_http_methods(METHODS)
def accept(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Accept a tender, or return it with everything that is to be corrected."""
    actor, now, case, tender = _found(request, case_id)
    form = IntakeForm(request.POST or None)

    def deed() -> Filing:
        return intake.decide(
            tender_project_id=tender.pk,
            verdict=IntakeVerdict(form.cleaned_data["verdict"]),
            corrections=form.lines(),
            actor=actor,
            now=now,
        )

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step="accept"):
        is_accepted = form.cleaned_data["verdict"] == IntakeVerdict.ACCEPTED
        return _back(request, case, "已受理。" if is_accepted else "已退回，并一次性告知补正内容。")
    context = {
        "form": form,
        "filing": queries.latest_filing(tender),
        "earlier": queries.corrections_of(tender),
        "listing": queries.listing_of(tender, on=day_of(now)),
    }
    return _page(request, case, tender, "accept", context)


@require_http_methods(METHODS)
def abandon(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take lots back before their notice."""
    actor, now, case, tender = _found(request, case_id)
    before_notice = cases.declaration_of(case).step("abandon").during
    open_cases = [one for one in queries.latest_cases(tender) if one.awaits in before_notice]
    form = AbandonForm(
        request.POST or None, cases=open_cases, initial={"lots": [one.code for one in open_cases]}
    )

    def deed() -> object:
        return intake.abandon(
            tender_project_id=tender.pk,
            lot_codes=form.cleaned_data["lots"],
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=now,
        )

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step="abandon"):
        return _back(request, case, "所选标段已撤回。")
    return _page(request, case, tender, "abandon", {"form": form})


@require_http_methods(METHODS)
def close_idle(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose to close a project in which nothing goes on; another officer decides."""
    actor, now, case, tender = _found(request, case_id)
    form = CloseForm(request.POST or None)

    def deed() -> object:
        return closing.propose(
            case_id=case_id, statement=form.cleaned_data["statement"], actor=actor, now=now
        )

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step=closing.CLOSE):
        return _back(request, case, "已提交复核，由交易中心另一人核对后关闭。")
    return _page(request, case, tender, closing.CLOSE, {"form": form})


@require_http_methods(METHODS)
def publish_plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write the tender plan and hand it to a second person."""
    actor, now, case, tender = _found(request, case_id)
    draft = queries.plan_draft(tender)
    initial = (
        {"scope": draft.scope, "planned_on": draft.planned_on, "remark": draft.remark}
        if draft
        else {"scope": tender.content}
    )
    form = PlanForm(request.POST or None, today=day_of(now), initial=initial)

    def deed() -> object:
        return planning.propose(
            tender_project_id=tender.pk, facts=form.facts(), actor=actor, now=now
        )

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step="publish_plan"):
        return _back(request, case, "招标计划已提交，等待另一位经办人复核后发布。")
    ahead = terms.in_force("B-01", day_of(now))
    earliest = day_of(now) + timedelta(days=ahead.periods)
    context = {"form": form, "term": ahead, "earliest": earliest}
    return _page(request, case, tender, "publish_plan", context)


@require_http_methods(METHODS)
def decide_anew(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Decide after a failure whether the lot is tendered again or dropped."""
    actor, now, case, tender = _found(request, case_id)
    form = AnewForm(request.POST or None)

    def deed() -> object:
        return deciding.decide_anew(
            case_id=case.pk,
            outcome=Anew(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            approval=approval_of(form.cleaned_data),
            actor=actor,
            now=now,
        )

    if request.method == "POST" and _done(form, deed, actor=actor, case=case, step="decide_anew"):
        return _after_decision(request, case)
    context = {
        "form": form,
        "term": terms.in_force("W-37", case.terms_on or day_of(now)),
        "decisions": queries.decisions_of(case.code),
        "waiting": [case],  # each lot is decided on by itself
    }
    return _page(request, case, tender, "decide_anew", context)


def _after_decision(request: HttpRequest, case: Case) -> HttpResponse:
    latest = cases.case_of(case.code) or case
    is_again = latest.pk != case.pk
    words = "已决定重新招标，请修改招标文件。" if is_again else "已决定不再招标。"
    return _back(request, latest, words)


@require_safe
def filing_file(request: HttpRequest, filing_id: UUID) -> FileResponse:
    """Give the approval's file to whoever may read the tender."""
    own = queries.tender_projects_for(actor_of(request)).order_by()
    filing = get_object_or_404(Filing, pk=filing_id, tender_project__in=own)
    return PAPERS.answer(filing.approval_digest, name=filing.approval_file)


def _step(code: str, view: Callable[..., HttpResponse], audience: Permission) -> URLPattern:
    return route(f"cases/<uuid:case_id>/{code}/", view, name=f"case-{code}", audience=audience)


ROUTES = [
    _step("register", register, permissions.REGISTER),
    _step("accept", accept, permissions.ACCEPT),
    _step("abandon", abandon, permissions.ABANDON),
    _step("close_idle", close_idle, permissions.CLOSE_IDLE),
    _step("publish_plan", publish_plan, permissions.PLAN),
    _step("decide_anew", decide_anew, permissions.DECIDE),
    route(
        "desk/filings/<uuid:filing_id>/file/",
        filing_file,
        name="filing-file",
        audience=permissions.READ,
    ),
]

"""Pages on which a bidder objects, a clerk answers, and everybody concerned reads both."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.workdays.counting import day_of, midnight_after
from gongheng.trading.bids import trail
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.disputes import actions, permissions, queries, rules
from gongheng.trading.disputes.forms import AnswerForm, ObjectionForm
from gongheng.trading.disputes.kinds import Matter
from gongheng.trading.disputes.models import Objection
from gongheng.trading.disputes.papers import PAPERS
from gongheng.trading.notices import queries as notices
from gongheng.trust.identity import audit, reading
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, Permission, View, route

SHOWN_AGAIN = 422
SHOWN = 100
"""Objections on a firm's list; a firm has fewer."""
_LEADS = {
    Matter.DOCUMENTS: "潜在投标人或者其他利害关系人对招标文件有异议的，应当在投标截止时间十日前提出。",
    Matter.OPENING: "投标人对开标有异议的，应当在开标现场提出，招标人当场答复并记录。",
    Matter.RESULT: "投标人或者其他利害关系人对评标结果有异议的，应当在中标候选人公示期间提出。",
}


def _objecting(matter: Matter) -> View:
    """Return the page on which a bidder objects to a matter."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
        actor, now = actor_of(request), legal_now()
        case = _case(actor, case_id)
        posted = request.POST if request.method == "POST" else None
        form = ObjectionForm(posted, request.FILES or None)
        if form.is_bound and form.is_valid():
            deed = "objection.raised"
            with _refusals(case, matter, deed=deed, actor=actor, now=now):
                raised = actions.raise_objection(
                    case_id=case_id, matter=matter, facts=form.facts(), actor=actor, now=now
                )
            messages.success(request, f"异议已提出，文号 {raised.document}。答复以前招标活动暂停。")
            return redirect("objection", raised.pk)
        last_day = _last_day(case, matter, now)
        context = {
            "form": form,
            "case": case,
            "matter": matter,
            "lead": _LEADS[matter],
            "last_day": last_day,
            "is_over": last_day is not None and now >= midnight_after(last_day),
            "trail": _trail(case),
        }
        return render(request, "disputes/object.html", context, status=_status(form))

    page.__name__ = matter.objection
    page.__doc__ = f"Object to the {matter.value}."
    return page


def _refusals(
    case: Case, matter: Matter, *, deed: str, actor: Actor, now: datetime
) -> AbstractContextManager[None]:
    """Keep back who was refused while that would tell who means to bid (A-01)."""
    if queries.tells_who_bids(case, matter):
        return trail.refusals(case=case, deed=deed, actor=actor, now=now)
    return audit.refusals(actor=actor, deed=deed, now=now, object_id=case.pk)


def _answering(matter: Matter) -> View:
    """Return the page on which a clerk answers the oldest open objection to a matter."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
        actor, now = actor_of(request), legal_now()
        case = get_object_or_404(cases.cases_for(actor), pk=case_id)
        objection = queries.open_objections(case, matter).first()
        if objection is None:
            messages.info(request, "没有待答复的异议。")
            return redirect("case", case_id)
        form = AnswerForm(request.POST if request.method == "POST" else None, matter=matter)
        if form.is_bound and form.is_valid():
            deed = "objection.answered"
            with audit.refusals(actor=actor, deed=deed, now=now, object_id=objection.pk):
                answered = actions.answer(
                    objection_id=_answered(request, objection),
                    facts=form.facts(),
                    actor=actor,
                    now=now,
                )
            messages.success(request, f"异议已答复，文号 {answered.answer_document}。")
            return redirect("case", case_id)
        context = {
            "form": form,
            "objection": objection,
            "objector": queries.objector(objection, actor),
            "is_late": now >= objection.due_at,
            "trail": _trail(case),
        }
        return render(request, "disputes/answer.html", context, status=_status(form))

    page.__name__ = matter.answer
    page.__doc__ = f"Answer an objection to the {matter.value}."
    return page


def _answered(request: HttpRequest, shown: Objection) -> UUID:
    """Return the objection that the page showed: a colleague may have answered it meanwhile."""
    try:
        return UUID(request.POST.get("objection", str(shown.pk)))
    except ValueError:
        raise Http404 from None


def _case(actor: Actor, case_id: UUID) -> Case:
    found = cases.case_for(actor, case_id, now=legal_now())
    if found is None:
        raise Http404
    return found


def _last_day(case: Case, matter: Matter, now: datetime) -> date | None:
    notice = notices.standing_notice(case.code)
    if matter is not Matter.DOCUMENTS or notice is None:
        return None
    return rules.last_day_for_documents(
        bids_due_at=notice.bids_due_at, terms_on=case.terms_on or day_of(now)
    )


def _trail(case: Case) -> list[tuple[str, str]]:
    return [(reverse("case", args=[case.pk]), case.title)]


def _status(form: forms.Form) -> int:
    return SHOWN_AGAIN if form.is_bound else 200


@require_safe
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Show an objection with its answer, to its firm, the tenderer, the centre and the supervisor."""
    actor = actor_of(request)
    found = get_object_or_404(queries.objections_for(actor), pk=objection_id)
    is_own = queries.is_own(found, actor)
    if is_own:
        reading.is_own(request)
    context = {
        "objection": found,
        "objector": queries.objector(found, actor),
        "is_own": is_own,
        "trail": _trail(found.case),
    }
    return render(request, "disputes/objection.html", context)


@require_safe
def evidence(request: HttpRequest, objection_id: UUID) -> FileResponse:
    """Give the evidence of an objection to those who may read it."""
    actor = actor_of(request)
    found = get_object_or_404(
        queries.objections_for(actor).exclude(paper_digest=""), pk=objection_id
    )
    if queries.is_own(found, actor):
        reading.is_own(request)
    return PAPERS.answer(found.paper_digest, name=found.paper_name)


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List the objections of a bidder's firm."""
    rows = list(queries.own_objections(actor_of(request))[:SHOWN])
    return render(request, "disputes/own.html", {"rows": rows})


def _step(step: str, view: View, audience: Permission, reads: str) -> URLPattern:
    path = f"cases/<uuid:case_id>/{step}/"
    return route(path, view, name=f"case-{step}", audience=audience, reads=reads)


ROUTES = [
    *(_step(one.objection, _objecting(one), actions.PERMISSIONS[one], OWN) for one in Matter),
    *(_step(one.answer, _answering(one), permissions.ANSWER, "objection.read") for one in Matter),
    route(
        "bidding/objections/",
        own,
        name="bidding-objections",
        audience=permissions.READ_OWN,
        reads=OWN,
    ),
    route(
        "disputes/<uuid:objection_id>/",
        objection,
        name="objection",
        audience=permissions.READ,
        reads="objection.read",
    ),
    route(
        "disputes/<uuid:objection_id>/evidence/",
        evidence,
        name="objection-evidence",
        audience=permissions.READ,
        reads="objection.read",
    ),
]

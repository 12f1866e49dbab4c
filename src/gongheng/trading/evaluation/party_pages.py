"""Pages of those outside the committee: the clerk forms it and receives the report, bidders answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Party
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import actions, permissions, queries, rules, seating
from gongheng.trading.evaluation.forms import (
    AnswerForm,
    CommitteeForm,
    ExtensionForm,
    ReplacementForm,
)
from gongheng.trading.evaluation.kinds import MemberKind, RequestKind
from gongheng.trading.evaluation.models import Committee
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
FIELDS = {rules.LETTER_DATE: "letter_on"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form_committee(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Form the committee under seal; afterwards show that it stands, and replace a member."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    committee = queries.committee_of(case)
    if committee is not None:
        return _formed(request, case, committee)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CommitteeForm(data, files, case=case, now=now)
    if form.is_bound and form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="case.form_committee", now=now, object_id=case_id
            ):
                actions.form(
                    case_id=case_id, letter=form.letter(), seats=form.seats(), actor=actor, now=now
                )
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.reason), str(refusal))
        else:
            messages.success(request, "评标委员会已组建并封存，成员名单在中标结果确定前保密。")
            return redirect("case", case_id)
    context = {
        "form": form,
        "case": case,
        "trail": _trail(case),
        "digest": form.cleaned_data.get("letter_digest", "") if form.is_bound else "",
    }
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "evaluation/form_committee.html", context, status=status)


def _formed(request: HttpRequest, case: Case, committee: Committee) -> HttpResponse:
    actor, now = actor_of(request), legal_now()
    if request.method == "POST" and "until" in request.POST:
        return _extended(request, case, committee)
    held = list(committee.members.filter(replaced_at__isnull=True).order_by("seat"))
    seats = [
        (member.seat, f"第 {member.seat} 席（{MemberKind(member.kind).label}）") for member in held
    ]
    form = ReplacementForm(request.POST if request.method == "POST" else None, seats=seats)
    if form.is_bound and form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="evaluation.member_replaced", now=now, object_id=case.pk
            ):
                actions.replace(case_id=case.pk, actor=actor, now=now, **form.cleaned_data)
        except Refusal as refusal:
            is_person = refusal.reason in {
                seating.NO_EXPERT,
                seating.SAME_ORGANISATION,
                seating.NOT_OF_TENDERER,
                seating.TWICE,
            }
            form.add_error("username" if is_person else "seat", str(refusal))
        else:
            messages.success(request, "成员已更换，被更换成员作出的评审结论无效。")
            return redirect("case-form_committee", case.pk)
    context = _of_committee(case, committee, now=now) | {"form": form}
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "evaluation/committee.html", context, status=status)


def _of_committee(case: Case, committee: Committee, *, now: datetime) -> dict[str, Any]:
    short, members = queries.short_of_time(committee)
    return {
        "case": case,
        "committee": committee,
        "trail": _trail(case),
        "members": list(committee.members.filter(replaced_at__isnull=True).order_by("seat")),
        "shows_names": queries.shows_names(case, Party.TENDERER),
        "may_replace": queries.is_before_report(case),
        "must_extend": queries.is_under_way(case)
        and rules.must_be_extended(short, members, on=case.terms_on or day_of(now)),
        "extension": ExtensionForm(),
    }


def _extended(request: HttpRequest, case: Case, committee: Committee) -> HttpResponse:
    """Give the committee more time."""
    actor, now = actor_of(request), legal_now()
    form = ExtensionForm(request.POST)
    if form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="evaluation.time_extended", now=now, object_id=case.pk
            ):
                until = form.cleaned_data["until"]
                actions.extend_time(case_id=case.pk, until=until, actor=actor, now=now)
        except Refusal as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, "评标时间已延长，已告知各成员。")
            return redirect("case-form_committee", case.pk)
    context = _of_committee(case, committee, now=now) | {"extension": form}
    return render(request, "evaluation/committee.html", context, status=SHOWN_AGAIN)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive_report(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Receive the committee's report as the tenderer."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    if request.method == "POST":
        with audit.refusals(actor=actor, deed="case.receive_report", now=now, object_id=case_id):
            actions.receive(case_id=case_id, actor=actor, now=now)
        messages.success(request, "评标报告已接收。请在三日内公示中标候选人。")
        return redirect("case", case_id)
    audit.record(actor=actor, deed="evaluation.report_read", object_id=case_id, now=now)
    context = {
        "case": case,
        "trail": _trail(case),
        "report": queries.report(case.code),
        "is_turn": case.awaits == "receive_report",
    }
    return render(request, "evaluation/receive_report.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the report's data, from which anybody recomputes the ranking."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    with audit.refusals(actor=actor, deed="evaluation.exported", now=now, object_id=case_id):
        found = queries.exported_for(actor, case)
    audit.record(actor=actor, deed="evaluation.exported", object_id=case_id, now=now)
    return JsonResponse(
        found.body,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="evaluation-{case.code}.json"'},
    )


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """List what committees have asked the person's firm."""
    rows = list(queries.requests_to(actor_of(request)))
    return render(request, "evaluation/asked.html", {"rows": rows, "now": legal_now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Answer a committee's request in writing."""
    actor, now = actor_of(request), legal_now()
    found = get_object_or_404(queries.requests_to(actor), pk=request_id)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        is_correction=found.kind == RequestKind.CORRECTION,
    )
    if form.is_bound and form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="evaluation.request_answered", now=now, object_id=request_id
            ):
                actions.answer(
                    request_id=request_id,
                    text=form.cleaned_data["text"],
                    accepts=form.cleaned_data.get("accepts"),
                    actor=actor,
                    now=now,
                )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "答复已提交评标委员会。")
            return redirect("evaluation-answer", request_id)
    context = {
        "form": form,
        "asked": found,
        "trail": [(reverse("evaluation-asked"), "评标澄清")],
        "is_open": found.state == "asked" and now < found.due_at,
    }
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "evaluation/answer.html", context, status=status)


def _trail(case: Case) -> list[tuple[str, str]]:
    return [(reverse("case", args=[case.pk]), case.title)]


ROUTES = [
    route(
        "cases/<uuid:case_id>/form_committee/",
        form_committee,
        name="case-form_committee",
        audience=permissions.FORM,
    ),
    route(
        "cases/<uuid:case_id>/receive_report/",
        receive_report,
        name="case-receive_report",
        audience=permissions.RECEIVE,
    ),
    route(
        "evaluation/<uuid:case_id>/export.json",
        export,
        name="evaluation-export",
        audience=permissions.EXPORT,
    ),
    route("bidding/clarifications/", asked, name="evaluation-asked", audience=permissions.ANSWER),
    route(
        "bidding/clarifications/<uuid:request_id>/",
        answer,
        name="evaluation-answer",
        audience=permissions.ANSWER,
    ),
]

"""Pages of the committee's requests, of the report, its signatures and its handing over."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongheng.kernel.clock import machine_now
from gongheng.kernel.money import written
from gongheng.kernel.reasons import Refusal
from gongheng.trading.evaluation import actions, desk, permissions, queries, rules
from gongheng.trading.evaluation.deciding import Gap
from gongheng.trading.evaluation.desk import Room
from gongheng.trading.evaluation.forms import CorrectionForm, RequestForm, SignatureForm
from gongheng.trading.evaluation.models import Report
from gongheng.trust.identity import actions as identity, audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show what was asked and answered; the chair asks on behalf of the committee."""
    place = desk.room_of(request, case_id)
    is_correction = "correct" in request.POST
    asking = RequestForm(
        request.POST if request.POST and not is_correction else None, bids=place.bids
    )
    correcting = CorrectionForm(
        request.POST if is_correction else None, bids=place.bids, prefix="correction"
    )
    if request.method == "POST":
        form = correcting if is_correction else asking
        if form.is_valid() and _sent(place, form, is_correction=is_correction):
            messages.success(request, "书面要求已发给投标人。")
            return redirect("evaluation-requests", case_id)
    context = {
        "room": place,
        "trail": desk.trail_to(place.case),
        "asked": [
            (row, place.name_of(row.bidder_code))
            for row in place.committee.requests.order_by("-asked_at", "-id")
        ],
        "asking": asking,
        "correcting": correcting,
        "may_ask": place.is_chair and place.is_open,
    }
    status = SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "evaluation/requests.html", context, status=status)


def _sent(place: Room, form: RequestForm, *, is_correction: bool) -> bool:
    value = form.cleaned_data
    common = {
        "case_id": place.case.pk,
        "bidder_code": place.bid(value["bid"]).bidder_code,
        "question": value["question"],
        "answer_time": value["hours"],
        "actor": place.actor,
        "now": place.now,
    }
    try:
        if is_correction and isinstance(form, CorrectionForm):
            actions.correct(words=value["words"], items=form.items(), **common)
        else:
            actions.ask(kind=value["kind"], **common)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the report or what it still lacks; each member speaks to it, the chair does the rest."""
    place = desk.room_of(request, case_id)
    if request.method == "POST" and "deed" in request.POST:
        return _done(request, place)
    form = SignatureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _signed(request, place, form):
        messages.success(request, "您的意见已经记录，报告摘要随签署保存。")
        return redirect("evaluation-report", case_id)
    return _report_page(request, place, form=form, status=SHOWN_AGAIN if form.is_bound else 200)


def _signed(request: HttpRequest, place: Room, form: SignatureForm) -> bool:
    try:
        with audit.refusals(
            actor=place.actor,
            deed="evaluation.report_signed",
            now=place.now,
            object_id=place.case.pk,
        ):
            require_password(place.actor, form.cleaned_data["password"])
            actions.sign(
                case_id=place.case.pk,
                digest=request.POST.get("digest", ""),
                opinion=form.cleaned_data["opinion"],
                reason=form.cleaned_data["reason"],
                actor=place.actor,
                now=place.now,
            )
    except Refusal as refusal:
        fields = {rules.WRONG_PASSWORD: "password", rules.DISSENT_MISSING: "reason"}
        form.add_error(fields.get(refusal.reason), str(refusal))
        return False
    return True


def require_password(actor: Actor, password: str) -> None:
    """Ask again that it is the person; guesses are counted as at the sign-in.

    Raises ``Refusal`` (rules.WRONG_PASSWORD, that of too many guesses).
    """
    try:
        account = identity.authenticate(
            username=actor.username,
            password=password,
            address=actor.address,
            device="",
            now=machine_now(),
        )
    except Refusal as refusal:
        if refusal.reason.code == "identity.wrong_credentials":
            raise Refusal(rules.WRONG_PASSWORD) from None
        raise
    if account.pk != actor.account_id:
        raise Refusal(rules.WRONG_PASSWORD)


def _done(request: HttpRequest, place: Room) -> HttpResponse:
    """Do what a button of the chair says; what is still missing is told on the page."""
    deed, case_id = request.POST["deed"], place.case.pk
    try:
        with audit.refusals(
            actor=place.actor, deed=f"evaluation.{deed}"[:60], now=place.now, object_id=case_id
        ):
            words = _carried_out(request, place, deed)
    except Refusal as refusal:
        gaps = refusal.facts.get("gaps", ())
        listed = (
            [place.words(gap) for gap in gaps if isinstance(gap, Gap)]
            if isinstance(gaps, tuple)
            else []
        )
        return _report_page(request, place, refusal=refusal, gaps=listed, status=SHOWN_AGAIN)
    messages.success(request, words)
    return redirect("evaluation-report", case_id)


def _carried_out(request: HttpRequest, place: Room, deed: str) -> str:
    case_id, actor, now = place.case.pk, place.actor, place.now
    if deed == "draw_up":
        actions.draw_up(case_id=case_id, actor=actor, now=now)
        return "评标报告已经形成，请各成员阅读并签署。"
    if deed == "withdraw":
        actions.withdraw(case_id=case_id, actor=actor, now=now)
        return "评标报告已撤回，可以修改评审意见后重新形成。"
    if deed == "note":
        text = request.POST.get("seat", "")
        seat = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004  seats are few
        reason = request.POST.get("note", "")
        actions.note_refusal(case_id=case_id, seat=seat, reason=reason, actor=actor, now=now)
        return "已记录在案。"
    raise Http404


def _report_page(
    request: HttpRequest,
    place: Room,
    *,
    form: SignatureForm | None = None,
    refusal: Refusal | None = None,
    gaps: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = queries.latest_report(place.committee)
    said = queries.signatures_of(found) if found else {}
    members = queries.standing_members(place.committee)
    context = {
        "room": place,
        "trail": desk.trail_to(place.case),
        "report": found,
        "body": found.body if found else None,
        "rows": _rows(found) if found else [],
        "base_words": written(Decimal(found.body["base"])) if found and found.body["base"] else "",
        "signatures": [(member, said.get(member.pk)) for member in members],
        "own": said.get(place.member.pk),
        "form": form or SignatureForm(),
        "refusal": refusal,
        "gaps": gaps or [],
        "is_waiting": place.report is not None,
    }
    return render(request, "evaluation/report.html", context, status=status)


def _rows(found: Report) -> list[dict[str, Any]]:
    return [
        {**row, "price_words": written(Decimal(row["evaluated_price"]))}
        for row in found.body["ranking"]
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hand the signed report over: the page of the step "evaluate"."""
    place = desk.room_of(request, case_id)
    actor, now = actor_of(request), legal_now()
    if request.method == "POST":
        with audit.refusals(actor=actor, deed="case.evaluate", now=now, object_id=case_id):
            actions.submit(case_id=case_id, actor=actor, now=now)
        messages.success(request, "评标报告已提交招标人，评标结束。")
        return redirect("evaluation-report", case_id)
    found = place.report
    opinions = queries.opinions_on(found) if found else []
    context = {
        "room": place,
        "trail": desk.trail_to(place.case),
        "report": found,
        "missing": opinions.count(None),
        "is_signed": rules.is_signed(opinions),
    }
    return render(request, "evaluation/conclude.html", context)


ROUTES = [
    route(
        "evaluation/<uuid:case_id>/requests/",
        requests,
        name="evaluation-requests",
        audience=permissions.CONCLUDE,
    ),
    route(
        "evaluation/<uuid:case_id>/report/",
        report,
        name="evaluation-report",
        audience=permissions.CONCLUDE,
    ),
    route(
        "cases/<uuid:case_id>/evaluate/",
        conclude,
        name="case-evaluate",
        audience=permissions.CONCLUDE,
    ),
]

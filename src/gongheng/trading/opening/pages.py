"""The opening hall, and the two steps that the host proposes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import (
    actions,
    api,
    evidence,
    holder_pages,
    later_pages,
    permissions,
    queries,
    recording,
    rules,
    sealed,
)
from gongheng.trading.opening.forms import AnswerForm, CauseForm, DecisionForm, ReleaseForm
from gongheng.trading.opening.hall import Hall
from gongheng.trading.opening.kinds import Answer, Cause, DecisionKind, Stage
from gongheng.trading.opening.models import Entry, Opening
from gongheng.trading.opening.papers import PAPERS
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

SHOWN_AGAIN = 422
ONE_MINUTE = timedelta(minutes=1)
WATCH_SECONDS = "15"
FORM = ["GET", "HEAD", "POST"]


def _attended(request: HttpRequest, case_id: UUID) -> tuple[Case, Opening | None, Actor]:
    """Return a case and its opening for somebody who may be in the hall, else 404."""
    actor = actor_of(request)
    case = get_object_or_404(Case, pk=case_id)
    opening = queries.of_case(case_id)
    if not queries.attends(case, opening, actor):
        raise Http404
    return case, opening, actor


def _begun(request: HttpRequest, case_id: UUID) -> tuple[Case, Opening, Actor]:
    case, opening, actor = _attended(request, case_id)
    if opening is None:
        raise Refusal(rules.NOT_BEGUN)
    return case, opening, actor


@require_safe
def hall(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the hall: before the hour a clock, then stage, own row, all bids."""
    case, opening, actor = _attended(request, case_id)
    if opening is None:
        context = {
            "case": case,
            "opening_at": queries.opening_at(case),
            "minutes": queries.window(case) // ONE_MINUTE,
            "allows_recovery": queries.allows_recovery(case),
            "is_watching": _is_watching(request),
            "now": legal_now(),
        }
        answer = render(request, "opening/waiting.html", context)
    else:
        answer = _hall_page(request, case, opening, actor)
    if _is_watching(request):
        # Works without scripts, and only where somebody asked for it: nobody's typing is lost.
        answer.headers["Refresh"] = WATCH_SECONDS
    return answer


def _is_watching(request: HttpRequest) -> bool:
    return request.method != "POST" and "watch" in request.GET


def _hall_page(
    request: HttpRequest,
    case: Case,
    opening: Opening,
    actor: Actor,
    *,
    status: int = 200,
    **forms: Any,  # noqa: ANN401  the form that was sent, by its name in the template
) -> HttpResponse:
    seen = Hall(case, opening, actor, legal_now())
    words = request.GET.get("q", "")
    has_form = not _is_watching(request)
    context = {
        "is_watching": not has_form,
        "case": case,
        "hall": seen,
        "words": words,
        "page": seen.bids(page=request.GET.get("page", ""), words=words),
        "release_form": ReleaseForm() if seen.may_release and has_form else None,
        "allows_recovery": queries.allows_recovery(case),
        "answer_form": AnswerForm() if seen.may_answer and has_form else None,
    }
    return render(request, "opening/hall.html", context | forms, status=status)


@require_http_methods(FORM)
def release(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a bidder's release file, or release by the recovery code."""
    if request.method != "POST":
        return redirect("opening-hall", case_id)
    case, opening, actor = _begun(request, case_id)
    form = ReleaseForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="opening.released", now=legal_now(), object_id=case_id
            ):
                entry = _release(form, case_id, actor)
        except Refusal as refusal:
            form.add_error("file" if form.cleaned_data.get("file") else "code", str(refusal))
        else:
            messages.success(request, _said_of(entry))
            return redirect("opening-hall", case_id)
    return _hall_page(request, case, opening, actor, status=SHOWN_AGAIN, release_form=form)


def _release(form: ReleaseForm, case_id: UUID, actor: Actor) -> Entry:
    now = legal_now()
    if statements := form.cleaned_data.get("statements"):
        return actions.release(case_id=case_id, statements=statements, now=now, actor=actor)
    code = form.cleaned_data["code"]
    return actions.release_by_code(case_id=case_id, code=code, actor=actor, now=now)


def _said_of(entry: Entry) -> str:
    if entry.released_at is None:
        return "已收到一部分的解密文件，还有部分没有解密，请继续上传。"
    return "解密文件已收到。清单固定、保管方交出份额以后，系统才会打开投标文件。"


@require_http_methods(FORM)
def answer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answer for the opening record."""
    if request.method != "POST":
        return redirect("opening-hall", case_id)
    case, opening, actor = _begun(request, case_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm(
                case_id=case_id,
                answer=Answer(form.cleaned_data["answer"]),
                words=form.cleaned_data["words"],
                actor=actor,
                now=legal_now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "答复已记录。")
            return redirect("opening-hall", case_id)
    return _hall_page(request, case, opening, actor, status=SHOWN_AGAIN, answer_form=form)


@require_http_methods(FORM)
def cause(request: HttpRequest, case_id: UUID, entry_id: UUID) -> HttpResponse:
    """Decide by whose cause a bid was not opened."""
    case, opening, actor = _begun(request, case_id)
    entry = get_object_or_404(opening.entries, pk=entry_id)
    initial = {"cause": entry.cause, "evidence": entry.evidence}
    data = request.POST if request.method == "POST" else None
    form = CauseForm(data, request.FILES or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.decide_cause(
                entry_id=entry_id,
                cause=Cause(form.cleaned_data["cause"]),
                evidence=form.cleaned_data["evidence"],
                paper=form.cleaned_data["paper"],
                actor=actor,
                now=legal_now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{entry.bidder_name}：原因已认定。")
            return redirect("opening-hall", case_id)
    context = {"case": case, "entry": entry, "form": form, "is_host": queries.is_host(case, actor)}
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "opening/cause.html", context, status=status)


@require_safe
def cause_paper(request: HttpRequest, case_id: UUID, entry_id: UUID) -> FileResponse:
    """Hand out what proves by whose cause a bid was not opened, to host and centre."""
    _, opening, _ = _begun(request, case_id)
    entry = get_object_or_404(opening.entries.exclude(paper_digest=""), pk=entry_id)
    return PAPERS.answer(entry.paper_digest, name=entry.paper_name)


@require_http_methods(FORM)
def retry(request: HttpRequest, case_id: UUID, entry_id: UUID) -> HttpResponse:
    """Let a bid be decrypted once more after the platform's file was restored."""
    _, opening, actor = _begun(request, case_id)
    entry = get_object_or_404(opening.entries, pk=entry_id)
    if request.method == "POST":
        actions.retry(entry_id=entry.pk, actor=actor, now=legal_now())
        messages.success(request, f"{entry.bidder_name}：将重新解密。")
    return redirect("opening-hall", case_id)


@require_http_methods(FORM)
def decision(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose more time, or confirm or refuse what was proposed."""
    case, opening, actor = _begun(request, case_id)
    waiting = queries.open_decision(opening)
    if waiting is not None:
        return _settle(request, case, opening, actor)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.propose_decision(
                opening_id=opening.pk,
                kind=DecisionKind(form.cleaned_data["kind"]),
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                actor=actor,
                now=legal_now(),
            )
        except Refusal as refusal:
            form.add_error("until" if refusal.reason is rules.TIME_UNFIT else None, str(refusal))
        else:
            messages.success(request, "已提交，由交易中心确认后生效。")
            return redirect("opening-hall", case_id)
    context = {"case": case, "form": form, "is_host": queries.is_host(case, actor)}
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "opening/decision.html", context, status=status)


def _settle(request: HttpRequest, case: Case, opening: Opening, actor: Actor) -> HttpResponse:
    waiting = queries.open_decision(opening)
    if waiting is not None and request.method == "POST":
        is_confirmed = "confirm" in request.POST
        actions.settle_decision(
            decision_id=waiting.pk, is_confirmed=is_confirmed, actor=actor, now=legal_now()
        )
        messages.success(request, "决定已生效。" if is_confirmed else "已退回。")
        return redirect("opening-hall", case.pk)
    is_centre = queries.is_centre(case, actor)
    context = {
        "case": case,
        "decision": waiting,
        "kind": DecisionKind(waiting.kind).label if waiting else "",
        "is_centre": is_centre,
    }
    return render(request, "opening/settle.html", context)


@require_http_methods(FORM)
def open_bids(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose to make the opening's content known."""
    return _step_page(request, case_id, recording.OPEN, recording.propose_opening)


@require_http_methods(FORM)
def publish_opening(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose to publish the opening record."""
    return _step_page(request, case_id, recording.PUBLISH, recording.propose_record)


def _step_page(request: HttpRequest, case_id: UUID, step: str, propose: Any) -> HttpResponse:  # noqa: ANN401  one of the two proposals
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    refusal = None
    if request.method == "POST":
        try:
            with audit.refusals(
                actor=actor, deed=f"case.proposed.{step}", now=now, object_id=case_id
            ):
                propose(case_id=case_id, actor=actor, now=now)
        except Refusal as found:
            refusal = found
        else:
            messages.success(request, "已提交，由交易中心复核后执行。")
            return redirect("case", case_id)
    opening = queries.of_case(case_id)
    context = {
        "case": case,
        "step": step,
        "title": cases.declaration_of(case).step(step).label,
        "opening": opening,
        "hall": Hall(case, opening, actor, now) if opening else None,
        "proposal": cases.open_proposal(case, step),
        "is_host": queries.is_host(case, actor),
        "refusal": refusal,
    }
    return render(request, "opening/step.html", context, status=SHOWN_AGAIN if refusal else 200)


@require_safe
def closing(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the closing statement as a file: bidders release their halves for it."""
    case, _, _ = _begun(request, case_id)
    return later_pages.file_of(sealed.closing_of(case).as_json(), f"closing-{case.code}.json")


@require_safe
def evidence_bundle(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give everybody the proof of a published opening record."""
    opening = queries.of_case(case_id)
    if opening is None or opening.stage != Stage.PUBLISHED:
        raise Http404
    later = queries.later_of(opening, request.GET.get("event", ""))
    if request.GET.get("event") and (later is None or later.shown_at is None):
        raise Http404
    return later_pages.file_of(evidence.bundle(opening, later), f"opening-{opening.case_code}.json")


@require_safe
def own_evidence(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a bidder the proof of its own bid beside the public one."""
    _, opening, actor = _begun(request, case_id)
    entry = queries.entry_of(opening, actor)
    if entry is None or opening.stage != Stage.PUBLISHED:
        raise Http404
    audit.record(actor=actor, deed="opening.evidence_read", object_id=opening.pk, now=legal_now())
    name = f"opening-{opening.case_code}-{entry.number}.json"
    return later_pages.file_of(evidence.for_party(opening, entry), name)


@require_safe
def whole_evidence(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give supervision everything that was stated at a published opening."""
    _, opening, actor = _begun(request, case_id)
    if Role.SUPERVISOR not in actor.roles:
        raise PermissionDenied
    if opening.stage not in {Stage.PUBLISHED, Stage.FAILED}:
        raise Http404
    audit.record(actor=actor, deed="opening.evidence_read", object_id=opening.pk, now=legal_now())
    name = f"opening-{opening.case_code}-supervision.json"
    return later_pages.file_of(evidence.for_supervision(opening), name)


_HALL = "opening/<uuid:case_id>/"
ROUTES = [
    route(_HALL, hall, name="opening-hall", audience=permissions.ATTEND),
    route(f"{_HALL}release/", release, name="opening-release", audience=permissions.RELEASE),
    route(f"{_HALL}record/", answer, name="opening-answer", audience=permissions.ANSWER),
    route(
        f"{_HALL}bids/<uuid:entry_id>/cause/",
        cause,
        name="opening-cause",
        audience=permissions.OPEN,
    ),
    route(
        f"{_HALL}bids/<uuid:entry_id>/cause/paper/",
        cause_paper,
        name="opening-cause-paper",
        audience=permissions.OPEN,
        reads="opening.cause_paper_read",
    ),
    route(
        f"{_HALL}bids/<uuid:entry_id>/retry/",
        retry,
        name="opening-retry",
        audience=permissions.OPEN,
    ),
    route(f"{_HALL}decision/", decision, name="opening-decision", audience=permissions.OPEN),
    route(f"{_HALL}closing.json", closing, name="opening-closing", audience=permissions.ATTEND),
    route(f"{_HALL}evidence.json", evidence_bundle, name="opening-evidence", audience=PUBLIC),
    route(
        f"{_HALL}evidence/own.json",
        own_evidence,
        name="opening-evidence-own",
        audience=permissions.ATTEND,
    ),
    route(
        f"{_HALL}evidence/whole.json",
        whole_evidence,
        name="opening-evidence-whole",
        audience=permissions.ATTEND,
    ),
    route(
        "cases/<uuid:case_id>/open_bids/",
        open_bids,
        name="case-open_bids",
        audience=permissions.OPEN,
    ),
    route(
        "cases/<uuid:case_id>/publish_opening/",
        publish_opening,
        name="case-publish_opening",
        audience=permissions.PUBLISH,
    ),
    *later_pages.ROUTES,
    *holder_pages.ROUTES,
    *api.ROUTES,
]

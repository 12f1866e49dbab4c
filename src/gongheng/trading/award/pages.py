"""Pages of the tenderer between the report and the contract."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import (
    actions,
    bulletins,
    letter_pages,
    limits,
    permissions,
    queries,
    reporting,
)
from gongheng.trading.award.forms import (
    PLACES,
    AwardForm,
    LossForm,
    PublicityForm,
    RecheckForm,
    ReportForm,
    ResultForm,
    publicity_again,
)
from gongheng.trading.award.kinds import BulletinKind, RecheckCause, Recommended
from gongheng.trading.award.papers import PAPERS
from gongheng.trading.award.rules import next_in_order
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

METHODS = ["GET", "HEAD", "POST"]
PROPOSED = "已提交，等待本单位另一位经办人复核后生效。"


@require_http_methods(METHODS)
def publish_candidates(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Draft the publicity of the report's candidates."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    found = _recommended(case)
    initial = _publicity_initial(case, actor, now)
    posted = request.POST if request.method == "POST" else None
    form = PublicityForm(posted, candidates=found, initial=initial)
    if posted is not None and steps.filed(
        form,
        lambda: bulletins.propose_publicity(
            case_id=case_id, facts=form.facts(), actor=actor, now=now
        ),
        name="case.proposed.publish_candidates",
        object_id=case_id,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, f"中标候选人公示{PROPOSED}")
        return redirect("case", case_id)
    context = {
        **steps.head(case, "publish_candidates", actor=actor, now=now),
        "form": form,
        "candidates": found,
        "start": _start_deadline(case, now),
        "earliest": queries.term_of(case, "W-28", now).deadline("今日发布", now),
    }
    return _page(request, "award/publish_candidates.html", context, form)


def _recommended(case: Case) -> tuple[Recommended, ...]:
    try:
        return queries.recommended(case)
    except Refusal:
        return ()


def _start_deadline(case: Case, now: datetime) -> object | None:
    received = queries.last_done(case, "receive_report")
    if received is None:
        return None
    return queries.term_of(case, "W-28", now, key="start").deadline(
        "收到评标报告", received.done_at
    )


def _publicity_initial(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    lot, report = queries.lot_of(case), evaluation.report(case.code)
    again = queries.published(case, BulletinKind.CANDIDATES)
    title = f"{lot.title}中标候选人公示"
    rejected = (
        "；".join(f"{row.bidder_name}：{row.reason}" for row in report.rejected) if report else ""
    )
    return {
        "title": title if again is None else f"{title}（复核后）",
        "ends_on": bulletins.earliest_end(case, now),
        "summary": f"评标委员会按照招标文件规定的标准和方法完成评标。否决投标：{rejected or '无'}。",
        "objection_method": (
            f"投标人或者其他利害关系人有异议的，应当在公示期内通过本平台向{lot.tender_project.tenderer_name}"
            "提出，招标人自收到异议之日起三日内答复。"
        ),
        "responsible": actor.name,
        "other": "",
        **publicity_again(queries.drafted(case, BulletinKind.CANDIDATES)),
    }


@require_http_methods(METHODS)
def award(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Propose whom to award, in the order of the candidates."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    rows = limits.standing(case)
    candidates = [row for row, _ in rows]
    lost = frozenset(row.bidder_code for row, cause in rows if cause)
    following = next_in_order(candidates, lost=lost)
    initial = {"choice": following.bidder_code if following else ""}
    posted = request.POST if request.method == "POST" else None
    form = AwardForm(posted, candidates=candidates, initial=initial)
    if posted is not None and steps.filed(
        form,
        lambda: actions.propose_award(
            case_id=case_id,
            bidder_code=form.bidder_code,
            reason=form.cleaned_data["reason"],
            consent=form.cleaned_data["consent"],
            actor=actor,
            now=now,
        ),
        name="case.proposed.award",
        object_id=case_id,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, f"定标意见{PROPOSED}")
        return redirect("case", case_id)
    context = {
        **steps.head(case, "award", actor=actor, now=now),
        "form": form,
        "rows": rows,
        "publicity": queries.publicity_of(case),
        "may_record": case.awaits == "award",
    }
    return _page(request, "award/award.html", context, form)


@require_http_methods(METHODS)
def loss(request: HttpRequest, case_id: UUID, bidder_code: str) -> HttpResponse:
    """Record that a candidate cannot be awarded."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    known = {row.bidder_code: row for row in queries.candidates_of(case)}
    if bidder_code not in known:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = LossForm(posted, request.FILES or None)
    if posted is not None and steps.filed(
        form,
        lambda: actions.record_loss(
            case_id=case_id,
            bidder_code=bidder_code,
            **form.facts(),
            actor=actor,
            now=now,
        ),
        name="award.loss_recorded",
        object_id=case_id,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "已登记。现在可以依序选择其后的候选人。")
        return redirect("case-award", case_id)
    context = {
        "case": case,
        "candidate": known[bidder_code],
        "form": form,
        "trail": [*steps.trail(case), (reverse("case-award", args=[case_id]), "确定中标人")],
    }
    return _page(request, "award/loss.html", context, form)


@require_http_methods(METHODS)
def recheck(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the original committee to look at the candidates again."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    posted = request.POST if request.method == "POST" else None
    form = RecheckForm(posted, request.FILES or None, candidates=queries.candidates_of(case))
    if posted is not None and steps.filed(
        form,
        lambda: actions.recheck(
            case_id=case_id,
            cause=RecheckCause(form.cleaned_data["cause"]),
            bidder_code=form.cleaned_data["choice"],
            reason=form.cleaned_data["reason"],
            paper=form.cleaned_data["paper"],
            actor=actor,
            now=now,
        ),
        name="case.recheck_candidates",
        object_id=case_id,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "已交原评标委员会复核，复核后须重新公示中标候选人。")
        return redirect("case", case_id)
    context = {**steps.head(case, "recheck_candidates", actor=actor, now=now), "form": form}
    return _page(request, "award/recheck.html", context, form)


@require_http_methods(METHODS)
def publish_result(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Draft the award notice."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    lot = queries.lot_of(case)
    again = queries.published(case, BulletinKind.RESULT)
    title = f"{lot.title}中标结果公告"
    initial = {
        "title": title if again is None else f"{title}（重新定标）",
        "responsible": actor.name,
    }
    posted = request.POST if request.method == "POST" else None
    form = ResultForm(posted, initial=initial)
    if posted is not None and steps.filed(
        form,
        lambda: bulletins.propose_result(case_id=case_id, facts=form.facts(), actor=actor, now=now),
        name="case.proposed.publish_result",
        object_id=case_id,
        actor=actor,
        now=now,
    ):
        messages.success(request, f"中标结果公告{PROPOSED}")
        return redirect("case", case_id)
    context = {
        **steps.head(case, "publish_result", actor=actor, now=now),
        "form": form,
        "award": queries.awarded(case.code),
    }
    return _page(request, "award/publish_result.html", context, form)


@require_http_methods(METHODS)
def report_to_supervisor(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Complete the written report and hand it in."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, sections=reporting.proposed_sections(case, now=now))
    if posted is not None and steps.filed(
        form,
        lambda: actions.report_to_supervisor(
            case_id=case_id, sections=form.sections(), actor=actor, now=now
        ),
        name="case.report_to_supervisor",
        object_id=case_id,
        actor=actor,
        now=now,
    ):
        messages.success(request, "书面报告已提交行政监督部门。")
        return redirect("award-report", case_id)
    awarded = queries.last_done(case, "award")
    term = queries.term_of(case, "W-32", now)
    context = {
        **steps.head(case, "report_to_supervisor", actor=actor, now=now),
        "form": form,
        "report": queries.report_of(case),
        "deadline": term.deadline("确定中标人", awarded.done_at) if awarded else None,
        "tender": queries.lot_of(case).tender_project,
    }
    return _page(request, "award/report_to_supervisor.html", context, form)


@require_safe
def report(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the written report as it was handed in; the supervisor's first look is its receipt."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    actions.note_report_read(case_id=case_id, actor=actor, now=now)
    found = queries.report_of(case)
    if found is None:
        raise Http404
    lot = queries.lot_of(case)
    context = {
        "case": case,
        "report": found,
        "tender": lot.tender_project,
        "title": lot.title,
        "trail": steps.trail(case),
    }
    return render(request, "award/report.html", context)


@require_safe
def paper(request: HttpRequest, case_id: UUID, digest: str) -> FileResponse:
    """Hand out a paper that proves a cause; the read is written down."""
    actor = actor_of(request)
    case = steps.case_of(actor, case_id)
    name = queries.papers_for(actor, case).get(digest)
    if name is None:
        raise Http404
    return PAPERS.answer(digest, name=name)


def _page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    form: Any,  # noqa: ANN401  any form of the room
) -> HttpResponse:
    status = steps.SHOWN_AGAIN if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


ROUTES = [
    route(
        "cases/<uuid:case_id>/publish_candidates/",
        publish_candidates,
        name="case-publish_candidates",
        audience=permissions.PUBLISH_CANDIDATES,
    ),
    route("cases/<uuid:case_id>/award/", award, name="case-award", audience=permissions.DECIDE),
    route(
        "cases/<uuid:case_id>/award/loss/<slug:bidder_code>/",
        loss,
        name="award-loss",
        audience=permissions.DECIDE,
    ),
    route(
        "cases/<uuid:case_id>/award/papers/<slug:digest>/",
        paper,
        name="award-paper",
        audience=permissions.READ_EVIDENCE,
        reads="award.paper_read",
    ),
    route(
        "cases/<uuid:case_id>/recheck_candidates/",
        recheck,
        name="case-recheck_candidates",
        audience=permissions.RECHECK,
    ),
    route(
        "cases/<uuid:case_id>/publish_result/",
        publish_result,
        name="case-publish_result",
        audience=permissions.PUBLISH_RESULT,
    ),
    route(
        "cases/<uuid:case_id>/report_to_supervisor/",
        report_to_supervisor,
        name="case-report_to_supervisor",
        audience=permissions.REPORT,
        reads="award.report_read",
    ),
    route(
        "cases/<uuid:case_id>/supervisor_report/",
        report,
        name="award-report",
        audience=permissions.READ_REPORT,
        reads="award.report_read",
    ),
    *letter_pages.ROUTES,
]

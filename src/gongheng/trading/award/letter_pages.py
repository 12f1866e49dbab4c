"""Sending the letters of an award, and the bidder's own page with its letter."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.money import capitals
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import actions, permissions, queries
from gongheng.trading.award.models import Letter
from gongheng.trading.cases import queries as cases, step_pages as steps
from gongheng.trading.cases.kinds import Information, Party, Sight
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.opening import queries as opening
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route


@require_http_methods(["GET", "HEAD", "POST"])
def notify(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Send the award letter and the results, all at once."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    refusal = None
    if request.method == "POST":
        try:
            with audit.refusals(actor=actor, deed="case.notify_award", now=now, object_id=case_id):
                sent = actions.notify(case_id=case_id, actor=actor, now=now)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, f"已同时发出中标通知书和中标结果通知书，共 {len(sent)} 份。")
            return redirect("case", case_id)
    context = {
        **steps.head(case, "notify_award", actor=actor, now=now),
        "award": queries.awarded(case.code),
        "bids": _bids(case),
        "letters": queries.letters_of(case),
        "refusal": refusal,
    }
    status = steps.SHOWN_AGAIN if refusal else 200
    return render(request, "award/notify.html", context, status=status)


def _bids(case: Case) -> list[opening.OpenedBid]:
    try:
        return opening.opened(case.code)
    except Refusal:
        return []


@require_safe
def result(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a bidder its own letter, with its own total and rank, and note that it was read."""
    actor, now = actor_of(request), legal_now()
    letter = queries.letters_for(actor).filter(decision__case_id=case_id).first()
    if letter is None:
        raise Http404
    actions.note_read(letter_id=letter.pk, actor=actor, now=now)
    case = letter.decision.case
    context = {
        "letter": letter,
        "case": case,
        "lot": queries.lot_of(case),
        "winner": letter.decision.candidate,
        "amount_in_capitals": _capitals(letter),
        "own": _own_standing(case, letter.bidder_code),
        "contract_by": _contract_by(case, letter.sent_at, now) if letter.is_award else None,
        "trail": [(reverse("desk"), "业务工作台")],
    }
    return render(request, "award/letter.html", context)


def _capitals(letter: Letter) -> str:
    winner = letter.decision.candidate
    return capitals(winner.price) if winner else ""


def _own_standing(case: Case, bidder_code: str) -> dict[str, object] | None:
    """Return a bidder's own score and rank or rejection, as far as the case lets it see them."""
    seen = cases.sight(case, information=Information.MEMBER_SCORES, party=Party.BIDDER_OWN)
    report = evaluation.report(case.code)
    if seen is Sight.NOTHING or report is None:
        return None
    for row in report.ranking:
        if row.bidder_code == bidder_code:
            return {"rank": row.rank, "score": row.score, "price": row.price}
    for rejected in report.rejected:
        if rejected.bidder_code == bidder_code:
            return {"rejected": rejected.reason}
    return None


def _contract_by(case: Case, sent_at: datetime, now: datetime) -> object:
    return queries.term_of(case, "W-33", now).deadline("发出中标通知书", sent_at)


ROUTES = [
    route(
        "cases/<uuid:case_id>/notify_award/",
        notify,
        name="case-notify_award",
        audience=permissions.NOTIFY,
    ),
    route(
        "bidding/<uuid:case_id>/result/",
        result,
        name="bidding-result",
        audience=permissions.READ_RESULT,
    ),
]

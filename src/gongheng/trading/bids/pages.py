"""The bidder's pages: what to do for a lot, hand in, receipts, withdraw; the officer's closing."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import (
    actions,
    api,
    permissions,
    policy_pages,
    preparing,
    queries,
    trail,
    uploads,
)
from gongheng.trading.bids.forms import WithdrawalForm
from gongheng.trading.bids.intake_page import EnvelopeHandler
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.policy_pages import attached
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of, system_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422


def _announced(case_id: UUID, actor: Actor) -> Case:
    """Return a lot whose notice is out to the person: before that there is nothing to see."""
    case = get_object_or_404(Case, pk=case_id)
    is_open_to = cases.is_open_to(case, actor=actor, now=legal_now())
    if not queries.is_announced(case) or not is_open_to:
        raise Http404
    return case


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def bidding(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show what a bidder has to do for a lot; a POST hands the sealed bid in."""
    actor = actor_of(request)
    case = _announced(case_id, actor)
    handler = EnvelopeHandler(request, case_id=case.pk, actor=actor)
    # Before anything reads the form: the check of the token would read the file into memory.
    request.upload_handlers = [handler]
    try:
        return _bidding(request, case, handler)
    finally:
        handler.drop()


@csrf_protect
def _bidding(request: HttpRequest, case: Case, handler: EnvelopeHandler) -> HttpResponse:
    actor, now = actor_of(request), legal_now()
    if request.method != "POST":
        _close_if_due(case, now=now)
        return _bidding_page(request, case, now=now)
    try:
        with trail.refusals(case=case, deed="bid.submitted", actor=actor, now=now):
            _ = request.FILES  # read what was not read yet
            receipt = handler.submit()
    except Refusal as refusal:
        return _bidding_page(request, case, now=legal_now(), refusal=refusal, status=SHOWN_AGAIN)
    messages.success(request, "投标文件已收到并存妥，回执如下。请下载回执妥善保存。")
    return redirect("bidding-receipt", receipt.pk)


def _bidding_page(
    request: HttpRequest,
    case: Case,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    case.refresh_from_db()
    own = queries.bids_for(actor).filter(case=case)
    context = {
        "case": case,
        "trail": [(reverse("my-bids"), "我的投标")],
        "preparation": preparing.preparation(case, actor=actor, now=now),
        "bids": own.prefetch_related("receipts"),
        "standing": own.filter(state=BidState.STANDING).first(),
        "refusal": refusal,
        "node_url": settings.NODE.url,
        "closing": queries.closing_statement(case),
        "decryption": _page_of("opening-hall", case),
    }
    return render(request, "bids/bidding.html", context, status=status)


def _page_of(name: str, case: Case) -> str:
    """Return the address of a later room's page, empty where that room is not there."""
    try:
        return reverse(name, args=[case.pk])
    except NoReverseMatch:
        return ""


def _close_if_due(case: Case, *, now: datetime) -> None:
    """Close a lot whose deadline has come, when nobody has yet (the loop, or another reader)."""
    deadline = queries.deadline_of(case)
    if queries.is_bidding(case) and deadline and now >= deadline:
        actions.close_due(now=now, actor=system_of(settings.NODE.region_code), only=case.pk)


@require_safe
def my_bids(request: HttpRequest) -> HttpResponse:
    """List what the own firm handed in, and the lots that take bids now."""
    actor, now = actor_of(request), legal_now()
    own = list(queries.bids_for(actor).prefetch_related("receipts"))
    context = {
        "trail": [("/desk/", "业务工作台")],
        "bids": own,
        "open": preparing.open_lots(actor=actor, now=now),
        "now": now,
    }
    return render(request, "bids/mine.html", context)


@require_safe
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Show a receipt of the own firm."""
    row = get_object_or_404(queries.receipts_for(actor_of(request)), pk=receipt_id)
    context = {
        "receipt": row,
        "facts": row.body["facts"],
        "bid": row.bid,
        "case": row.bid.case,
        "trail": [
            (reverse("my-bids"), "我的投标"),
            (reverse("bidding", args=[row.bid.case_id]), row.bid.case.title),
        ],
        "public_key": settings.NODE.public_key,
        "is_logged": queries.receipt_proof(row) is not None,
        "deadline": queries.deadline_of(row.bid.case),
        "refund": queries.refund_after(row),
    }
    return render(request, "bids/receipt.html", context)


@require_safe
def receipt_file(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Give a receipt of the own firm as a file that proves itself."""
    row = get_object_or_404(queries.receipts_for(actor_of(request)), pk=receipt_id)
    name = f"receipt-{row.bid.case_code}-{row.number}.json"
    return attached(queries.receipt_document(row), name)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, bid_id: UUID) -> HttpResponse:
    """Take the standing bid back, after a confirmation that names it."""
    actor, now = actor_of(request), legal_now()
    bid = get_object_or_404(queries.bids_for(actor), pk=bid_id)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            with trail.refusals(case=bid.case, deed="bid.withdrawn", actor=actor, now=now):
                row = actions.withdraw(bid_id=bid_id, actor=actor, now=now)
        except Refusal as found:
            refusal = found
        else:
            messages.success(
                request, "投标文件已撤回，密封的文件仍按规定保存。截止前可以重新递交。"
            )
            return redirect("bidding-receipt", row.pk)
    context = {
        "form": form,
        "bid": bid,
        "case": bid.case,
        "refusal": refusal,
        "deadline": queries.deadline_of(bid.case),
        "trail": [
            (reverse("my-bids"), "我的投标"),
            (reverse("bidding", args=[bid.case_id]), bid.case.title),
        ],
    }
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "bids/withdraw.html", context, status=status)


@require_safe
def submit_bid(request: HttpRequest, case_id: UUID) -> HttpResponse:  # noqa: ARG001  a view's shape
    """Lead from the step to the page of the lot."""
    return redirect("bidding", case_id)


@require_http_methods(["GET", "HEAD", "POST"])
def close_bids(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Close a lot by hand where the platform has not done it at the deadline."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    refusal = None
    if request.method == "POST":
        try:
            with audit.refusals(actor=actor, deed="case.close_bids", now=now, object_id=case_id):
                actions.close(case_id=case_id, actor=actor, now=now)
        except Refusal as found:
            refusal = found
        else:
            messages.success(request, "投标截止已办理，截止声明已签署并公开。")
            return redirect("case-close_bids", case_id)
    case.refresh_from_db()
    deadline = queries.deadline_of(case)
    context = {
        "case": case,
        "trail": [("/desk/", "业务工作台")],
        "deadline": deadline,
        "is_open": queries.is_bidding(case),
        "is_due": bool(deadline and now >= deadline),
        "closing": queries.closing_statement(case),
        "refusal": refusal,
        "now": now,
    }
    return render(request, "bids/close.html", context, status=SHOWN_AGAIN if refusal else 200)


ROUTES = [
    *api.ROUTES,
    *uploads.ROUTES,
    *policy_pages.ROUTES,
    route("bidding/", my_bids, name="my-bids", audience=permissions.SUBMIT),
    route("bidding/<uuid:case_id>/", bidding, name="bidding", audience=permissions.SUBMIT),
    route(
        "bidding/receipts/<uuid:receipt_id>/",
        receipt,
        name="bidding-receipt",
        audience=permissions.SUBMIT,
    ),
    route(
        "bidding/receipts/<uuid:receipt_id>/file/",
        receipt_file,
        name="bidding-receipt-file",
        audience=permissions.SUBMIT,
    ),
    route(
        "bidding/bids/<uuid:bid_id>/withdraw/",
        withdraw,
        name="bidding-withdraw",
        audience=permissions.SUBMIT,
    ),
    route(
        "cases/<uuid:case_id>/submit_bid/",
        submit_bid,
        name="case-submit_bid",
        audience=permissions.SUBMIT,
    ),
    route(
        "cases/<uuid:case_id>/close_bids/",
        close_bids,
        name="case-close_bids",
        audience=permissions.CLOSE,
    ),
]

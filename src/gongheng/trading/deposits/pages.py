"""The deposit desk, and the steps by which deposits are found to be settled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.data.standard.forms import half_width
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases, step_pages as steps
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import actions, permissions, queries
from gongheng.trading.deposits.forms import PLACES, DepositForm, KeepForm, RefundForm
from gongheng.trading.deposits.kinds import KeptCause
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.papers import PAPERS
from gongheng.trading.documents import queries as documents
from gongheng.trust.identity import audit, reading
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import Permission, View, route

TAB = "?tab=deposits"


@require_safe
def desk(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the deposits of a case to the desk that keeps them; while bids come in one slip's alone."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    is_shown = queries.is_bidding_over(case)
    number = "" if is_shown else half_width(request.GET.get("number", "")).strip()
    rows = list(queries.deposits_for(actor, case)) if is_shown else _of_slip(actor, case, number)
    if not is_shown:
        reading.is_own(request)
        for row in rows:
            # Under the deposit's own id: entries under the case would tell how many there are.
            audit.record(actor=actor, deed="deposit.read", object_id=row.pk, now=now)
    document = documents.issued_in(case)
    context = {
        "case": case,
        "rows": queries.with_duties(rows),
        "asked": document.bond_amount if document else None,
        "may_keep": True,
        "is_shown": is_shown,
        "number": number,
        **_keeping(case, actor=actor, now=now),
        "trail": steps.trail(case),
    }
    return render(request, "deposits/desk.html", context)


def _of_slip(actor: Actor, case: Case, number: str) -> list[Deposit]:
    found = queries.by_slip(actor, case, number)
    return [found] if found else []


def _keeping(case: Case, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return whether the person may propose to keep a deposit, and what waits for a second officer."""
    offers = cases.offers(case, actor=actor, now=now)
    proposal = cases.open_proposal(case, queries.KEEP)
    keeping = queries.keeping_named(case, str(proposal.facts["keeping"])) if proposal else None
    is_offered = any(offer.step.code == queries.KEEP for offer in offers)
    return {
        "may_propose": is_offered and proposal is None,
        "proposal": proposal,
        "keeping": keeping,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record a deposit that came in."""
    # It shows what the officer types: entries of it would tell how many deposits a lot has.
    reading.is_own(request)
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    form = DepositForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.record(case_id=case_id, facts=form.facts(), actor=actor, now=now),
        name="deposit.recorded",
        object_id="",
        actor=actor,
        now=now,
        places=PLACES,
    ):
        for note in form.notes:
            messages.info(request, note)
        number = form.cleaned_data["number"]
        messages.success(
            request, f"凭证号 {number} 的投标保证金已登记。投标截止前只能按凭证号查询。"
        )
        return redirect("deposits", case_id)
    document = documents.issued_in(case)
    context = {
        "form": form,
        "case": case,
        "asked": document.bond_amount if document else None,
        "trail": [*steps.trail(case), _to_desk(case_id)],
    }
    return render(request, "deposits/new.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, deposit_id: UUID) -> HttpResponse:
    """Give a deposit back, with interest."""
    actor, now = actor_of(request), legal_now()
    deposit = _deposit(actor, deposit_id)
    form = RefundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.give_back(deposit_id=deposit_id, actor=actor, now=now, **form.cleaned_data),
        name="deposit.returned",
        object_id=deposit_id,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        deposit.refresh_from_db()
        interest = f"，利息 {deposit.interest:,.2f} 元" if deposit.is_money else ""
        messages.success(request, f"已退还{deposit.bidder_name}的投标保证金{interest}。")
        return redirect("deposits", deposit.case_id)
    return _settling_page(request, "deposits/return.html", deposit, form)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, deposit_id: UUID) -> HttpResponse:
    """Propose to keep a deposit for a cause of the law; another officer decides."""
    actor, now = actor_of(request), legal_now()
    deposit = _deposit(actor, deposit_id)
    form = KeepForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.propose_keeping(
            deposit_id=deposit_id,
            cause=KeptCause(form.cleaned_data["cause"]),
            reason=form.cleaned_data["reason"],
            evidence=form.cleaned_data["evidence"],
            paper=form.cleaned_data["paper"],
            actor=actor,
            now=now,
        ),
        name="deposit.keeping_proposed",
        object_id=deposit_id,
        actor=actor,
        now=now,
    ):
        messages.success(
            request, f"不予退还{deposit.bidder_name}的投标保证金已提交，等待另一人复核。"
        )
        return redirect("deposits", deposit.case_id)
    return _settling_page(request, "deposits/keep.html", deposit, form)


@require_safe
def kept_paper(request: HttpRequest, deposit_id: UUID) -> FileResponse:
    """Hand out what proves that a deposit may be kept, to the second officer already."""
    readable = cases.cases_for(actor_of(request)).order_by().values("pk")
    deposit = get_object_or_404(Deposit, pk=deposit_id, case__in=readable)
    digest, name = queries.paper_of(deposit)
    if not digest:
        raise Http404
    return PAPERS.answer(digest, name=name)


def _settling_page(
    request: HttpRequest, template: str, deposit: Deposit, form: RefundForm | KeepForm
) -> HttpResponse:
    context = {
        "form": form,
        "deposit": deposit,
        "case": deposit.case,
        "duty": queries.duty_of(deposit),
        "trail": [*steps.trail(deposit.case), _to_desk(deposit.case_id)],
    }
    return render(request, template, context, status=_status(form))


def _confirming(step: str, done: str) -> View:
    """Return the page of a step that finds all deposits of a round settled."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
        actor, now = actor_of(request), legal_now()
        case = steps.case_of(actor, case_id)
        refusal = None
        if request.method == "POST":
            try:
                with audit.refusals(actor=actor, deed=f"case.{step}", now=now, object_id=case_id):
                    actions.confirm(case_id=case_id, step=step, actor=actor, now=now)
            except Refusal as refused:
                refusal = refused
            else:
                messages.success(request, done)
                return redirect("case", case_id)
        rows = list(queries.deposits_for(actor, case))
        context = {
            **steps.head(case, step, actor=actor, now=now),
            "rows": queries.with_duties(rows),
            "held": [row for row in rows if row.is_held],
            "may_keep": actor.may(permissions.KEEP),
            "is_shown": queries.is_open_to(actor, case),
            "refusal": refusal,
        }
        status = steps.SHOWN_AGAIN if refusal else 200
        return render(request, "deposits/confirm.html", context, status=status)

    return page


def _deposit(actor: Actor, deposit_id: UUID) -> Deposit:
    readable = cases.cases_for(actor).order_by().values("pk")
    found = Deposit.objects.select_related("case").filter(case__in=readable)
    deposit = get_object_or_404(found, pk=deposit_id)
    if not deposit.is_held:
        raise Http404
    return deposit


def _to_desk(case_id: UUID) -> tuple[str, str]:
    return reverse("deposits", args=[case_id]), "投标保证金台账"


def _status(form: DepositForm | RefundForm | KeepForm) -> int:
    return steps.SHOWN_AGAIN if form.is_bound and form.errors else 200


def _step(step: str, permission: Permission, done: str) -> tuple[str, View, str, Permission]:
    return f"cases/<uuid:case_id>/{step}/", _confirming(step, done), f"case-{step}", permission


STEPS = (
    _step("refund_deposits", permissions.REFUND, "投标保证金及利息已全部退还。"),
    _step("refund_terminated", permissions.REFUND_TERMINATED, "终止后应退的款项已全部退还。"),
    _step(
        "return_bids", permissions.RETURN_BIDS, "投标文件和保证金已退还，未开启文件的密钥已销毁。"
    ),
)
ROUTES = [
    route(
        "deposits/<uuid:case_id>/",
        desk,
        name="deposits",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    route(
        f"cases/<uuid:case_id>/{queries.KEEP}/",
        desk,
        name=f"case-{queries.KEEP}",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    route(
        "deposits/<uuid:case_id>/new/",
        new,
        name="deposits-new",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    route(
        "deposits/<uuid:deposit_id>/return/",
        give_back,
        name="deposits-return",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    route(
        "deposits/<uuid:deposit_id>/keep/",
        keep,
        name="deposits-keep",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    route(
        "deposits/<uuid:deposit_id>/keep/paper/",
        kept_paper,
        name="deposits-kept-paper",
        audience=permissions.KEEP,
        reads="deposit.read",
    ),
    *(
        route(path, view, name=name, audience=permission, reads="deposit.read")
        for path, view, name, permission in STEPS
    ),
]

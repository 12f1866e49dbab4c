"""The deposit desk, and the steps by which deposits are found to be settled."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases, step_pages as steps
from gongheng.trading.deposits import actions, permissions, queries
from gongheng.trading.deposits.forms import PLACES, DepositForm, KeepForm, RefundForm
from gongheng.trading.deposits.kinds import KeptCause
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.papers import PAPERS
from gongheng.trading.documents import queries as documents
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import Permission, View, route

TAB = "?tab=deposits"


@require_safe
def desk(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the deposits of a case to the desk that keeps them."""
    actor = actor_of(request)
    case = steps.case_of(actor, case_id)
    rows = list(queries.deposits_for(actor, case))
    document = documents.issued_in(case)
    context = {
        "case": case,
        "rows": queries.with_duties(rows),
        "held": [row for row in rows if row.is_held],
        "asked": document.bond_amount if document else None,
        "may_keep": True,
        "trail": steps.trail(case),
    }
    return render(request, "deposits/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record a deposit that came in."""
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
        messages.success(request, "投标保证金已登记。开标前只有本台账的受理人员可以看到。")
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
    """Keep a deposit for a cause of the law."""
    actor, now = actor_of(request), legal_now()
    deposit = _deposit(actor, deposit_id)
    form = KeepForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.keep(
            deposit_id=deposit_id,
            cause=KeptCause(form.cleaned_data["cause"]),
            reason=form.cleaned_data["reason"],
            evidence=form.cleaned_data["evidence"],
            paper=form.cleaned_data["paper"],
            actor=actor,
            now=now,
        ),
        name="deposit.kept",
        object_id=deposit_id,
        actor=actor,
        now=now,
    ):
        messages.success(request, f"已登记不予退还{deposit.bidder_name}的投标保证金。")
        return redirect("deposits", deposit.case_id)
    return _settling_page(request, "deposits/keep.html", deposit, form)


@require_safe
def kept_paper(request: HttpRequest, deposit_id: UUID) -> StreamingHttpResponse:
    """Hand out what proves that a deposit may be kept; the read is written down."""
    readable = cases.cases_for(actor_of(request)).order_by().values("pk")
    found = Deposit.objects.filter(case__in=readable).exclude(kept_paper_digest="")
    deposit = get_object_or_404(found, pk=deposit_id)
    return PAPERS.answer(deposit.kept_paper_digest, name=deposit.kept_paper_name)


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

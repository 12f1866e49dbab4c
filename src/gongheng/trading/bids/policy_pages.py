"""Pages on which the tenderer's clerk makes the rules of opening of a lot."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import ceremony, permissions, queries
from gongheng.trading.bids.forms import AnnouncementForm, PolicyForm, SignedPolicyForm
from gongheng.trading.bids.kinds import PRICE_LATER, USUAL_PARTS
from gongheng.trading.bids.models import CasePolicy
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
LEAST_BIDDING = timedelta(days=20)
"""What W-06 asks between documents and deadline: a notice still to come cannot set one before."""


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show how far the rules of opening have come, and do the next deed."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(cases.cases_for(actor), pk=case_id)
    if request.method != "POST":
        return _page(request, case, now=now)
    if not actor.may(permissions.POLICY):
        raise PermissionDenied
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        return redirect("case-policy", case_id)
    try:
        with audit.refusals(actor=actor, deed="policy.made", now=now, object_id=case_id):
            return deed(request, case, actor, now)
    except Refusal as refusal:
        return _page(request, case, now=now, refusal=refusal, status=SHOWN_AGAIN)


def _ask(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    ceremony.request_keys(case_id=case.pk, actor=actor, now=now)
    messages.success(request, "已请各保管方为本标段生成密钥；他们的机器会自动交来声明。")
    return redirect("case-policy", case.pk)


def _announce(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    form = AnnouncementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, now=now, announcement_form=form, status=SHOWN_AGAIN)
    value = form.cleaned_data["announcement"]
    found = ceremony.enter_announcement(case_id=case.pk, value=value, actor=actor, now=now)
    messages.success(request, f"已收到{found.body.name}的声明，签名核对无误。")
    return redirect("case-policy", case.pk)


def _draft(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    form = PolicyForm(request.POST, now=now)
    if not form.is_valid():
        return _page(request, case, now=now, draft_form=form, status=SHOWN_AGAIN)
    ceremony.draft_policy(
        case_id=case.pk,
        not_before=form.cleaned_data["not_before"],
        takes_fingerprint=form.cleaned_data["takes_fingerprint"],
        parts=PRICE_LATER if form.cleaned_data["opens_price_later"] else USUAL_PARTS,
        actor=actor,
        now=now,
    )
    messages.success(request, "规则已拟定。请下载规则文件，在本单位电脑上签署后传回。")
    return redirect("case-policy", case.pk)


def _sign(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    form = SignedPolicyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, now=now, sign_form=form, status=SHOWN_AGAIN)
    value = form.cleaned_data["signed"]
    ceremony.sign_policy(case_id=case.pk, value=value, actor=actor, now=now)
    messages.success(request, "开启规则已由双方签署并存证，摘要已写入招标文件。")
    return redirect("case-policy", case.pk)


def _bind(request: HttpRequest, case: Case, actor: Actor, now: datetime) -> HttpResponse:
    ceremony.bind_policy(case_id=case.pk, actor=actor, now=now)
    messages.success(request, "规则摘要已写入招标文件。")
    return redirect("case-policy", case.pk)


_DEEDS: dict[str, Callable[[HttpRequest, Case, Actor, datetime], HttpResponse]] = {
    "ask": _ask,
    "announce": _announce,
    "draft": _draft,
    "sign": _sign,
    "bind": _bind,
}


def _page(
    request: HttpRequest,
    case: Case,
    *,
    now: datetime,
    announcement_form: AnnouncementForm | None = None,
    draft_form: PolicyForm | None = None,
    sign_form: SignedPolicyForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    requests = list(queries.key_requests(case))
    newest = queries.newest_policy(case)
    held = Policy.of_json(newest.body) if newest else None
    document = queries.document_of(case)
    context = {
        "case": case,
        "trail": [("/desk/", "业务工作台")],
        "requests": requests,
        "are_all_announced": bool(requests) and all(row.announcement for row in requests),
        "newest": newest,
        "policy": held,
        "is_frozen": queries.is_announced(case) or case.is_over,
        "may_make": actor_of(request).may(permissions.POLICY),
        "is_unbound": bool(
            newest and newest.signed and document and document.policy_digest != newest.digest
        ),
        "announcement_form": announcement_form or AnnouncementForm(),
        "draft_form": draft_form or _fresh_form(now),
        "sign_form": sign_form or SignedPolicyForm(),
        "refusal": refusal,
    }
    return render(request, "bids/policy.html", context, status=status)


def _fresh_form(now: datetime) -> PolicyForm:
    earliest = (now + LEAST_BIDDING).astimezone(BEIJING).replace(second=0, microsecond=0)
    return PolicyForm(now=now, initial={"not_before": earliest})


@require_safe
def policy_file(request: HttpRequest, case_id: UUID, number: int) -> HttpResponse:
    """Give a version of the rules as a file, to be signed or looked at."""
    case = get_object_or_404(cases.cases_for(actor_of(request)), pk=case_id)
    row = get_object_or_404(CasePolicy, case=case, number=number)
    return attached(row.signed or row.body, f"policy-{case.code}-{number}.json")


@require_safe
def bidding_policy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the signed rules of a lot to whomever its notice is for, once it is out."""
    case = get_object_or_404(Case, pk=case_id)
    row = queries.signed_policy(case)
    is_open_to = cases.is_open_to(case, actor=actor_of(request), now=legal_now())
    if row is None or not queries.is_announced(case) or not is_open_to:
        raise Http404
    return attached(row.signed, f"policy-{case.code}.json")


@require_safe
def closing(request: HttpRequest, case_id: UUID) -> HttpResponse:  # noqa: ARG001  a view's shape
    """Give anybody the closing statement of a lot."""
    case = get_object_or_404(Case, pk=case_id)
    row = queries.closing_statement(case)
    if row is None:
        raise Http404
    return attached(row.body, f"closing-{case.code}.json")


def attached(content: object, name: str) -> HttpResponse:
    """Return a JSON file that the browser saves."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    answer = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


ROUTES = [
    route(
        "cases/<uuid:case_id>/policy/",
        policy,
        name="case-policy",
        audience=permissions.POLICY_READ,
    ),
    route(
        "cases/<uuid:case_id>/policy/<int:number>/file/",
        policy_file,
        name="case-policy-file",
        audience=permissions.POLICY_READ,
    ),
    route(
        "bidding/<uuid:case_id>/policy/", bidding_policy, name="bidding-policy", audience="public"
    ),
    route("bidding/<uuid:case_id>/closing/", closing, name="bidding-closing", audience="public"),
]

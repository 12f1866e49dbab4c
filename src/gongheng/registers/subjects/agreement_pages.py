"""Pages on which tenderers and agencies register and confirm their agreements."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from gongheng.kernel.codes import uscc
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import actions, desk_forms, queries, reasons
from gongheng.registers.subjects.actions import AgreementFacts
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now

SHOWN_AGAIN = 422


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show one's own agreements, and register another."""
    actor, now = actor_of(request), legal_now()
    form = desk_forms.AgreementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with audit.refusals(actor=actor, deed="agreement.registered", now=now):
                actions.register_agreement(
                    facts=_facts(form, actor.organisation_code), actor=actor, now=now
                )
        except Refusal as refusal:
            form.add_error("other_code", str(refusal))
        else:
            messages.success(request, "委托协议已登记，待对方确认后生效。")
            return redirect("agreements")
    context = {
        "form": form,
        "agreements": list(queries.agreements_of(actor)[:50]),
        "own_code": actor.organisation_code,
        "trail": [("/desk/", "业务工作台")],
    }
    status = SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "subjects/agreements.html", context, status=status)


def _facts(form: desk_forms.AgreementForm, own: str) -> AgreementFacts:
    value = form.cleaned_data
    other = value["other_code"].strip().upper()
    if not uscc.is_valid(other):
        raise Refusal(reasons.BAD_CREDIT_CODE)
    is_tenderer = value["own_side"] == "tenderer"
    return AgreementFacts(
        tenderer_code=own if is_tenderer else other,
        agency_code=other if is_tenderer else own,
        scope=value["scope"],
        commissions=tuple(value["commissions"]),
        starts_on=value["starts_on"],
        ends_on=value["ends_on"],
        document_name=value["document"].name[:200],
        document_digest=value["digest"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Confirm what the other side registered."""
    actor, now = actor_of(request), legal_now()
    agreement = get_object_or_404(queries.agreements_of(actor), pk=agreement_id)
    if request.method == "POST":
        with audit.refusals(
            actor=actor, deed="agreement.confirmed", now=now, object_id=agreement_id
        ):
            actions.confirm_agreement(agreement_id=agreement_id, actor=actor, now=now)
        messages.success(request, "委托协议已确认，在委托期限内有效。")
        return redirect("agreements")
    context = {
        "agreement": agreement,
        "is_ours_to_confirm": agreement.confirmed_at is None
        and agreement.registered_by_code != actor.organisation_code,
        "trail": [("/desk/", "业务工作台"), ("/agreements/", "委托协议")],
    }
    return render(request, "subjects/agreement.html", context)

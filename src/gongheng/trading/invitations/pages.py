"""The page on which the tenderer's clerk names whom to invite."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongheng.kernel import terms
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.subjects import reasons as subjects
from gongheng.trading.cases import queries as cases, step_pages as steps
from gongheng.trading.cases.duties import LEAST_INVITED
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.invitations import actions, permissions, queries, rules
from gongheng.trading.invitations.forms import InviteeForm
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

PLACES = {
    rules.INVITED_TWICE: "code",
    rules.A_PARTY: "code",
    rules.NO_ABILITY: "ability",
    subjects.UNKNOWN: "code",
    subjects.NOT_VERIFIED: "code",
}
"""Which field a refusal is about."""


@require_http_methods(["GET", "HEAD", "POST"])
def invitees(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show whom a lot invites; name another, or take one out."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    if cases.declaration_of(case).tender_mode is not TenderMode.INVITED:
        raise Http404
    if taken_out := request.POST.get("remove"):
        actions.remove(case_id=case.pk, invitee_id=_uuid(taken_out), actor=actor, now=now)
        messages.success(request, "已移出被邀请人。")
        return redirect("case-invitees", case.pk)
    form = InviteeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and steps.filed(
        form,
        lambda: actions.name(
            case_id=case.pk,
            code=form.cleaned_data["code"],
            ability=form.cleaned_data["ability"],
            actor=actor,
            now=now,
        ),
        name="invitation.named",
        object_id=case.pk,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "已列入被邀请人。投标邀请书发出以前，任何投标人都不知道。")
        return redirect("case-invitees", case.pk)
    context = {
        "case": case,
        "form": form,
        "rows": queries.invitees_for(actor, case),
        "term": terms.in_force(LEAST_INVITED.rule, case.terms_on or day_of(now)),
        "is_out": queries.is_out(case),
        "trail": steps.trail(case),
    }
    status = steps.SHOWN_AGAIN if form.errors else 200
    return render(request, "invitations/invitees.html", context, status=status)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


ROUTES = [
    route(
        "cases/<uuid:case_id>/invitees/",
        invitees,
        name="case-invitees",
        audience=permissions.NAME,
        reads="invitation.read",
    ),
]

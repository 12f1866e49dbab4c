"""The page on which longer validity is asked for, and the bidder's page to reply."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongheng.trading.cases import step_pages as steps
from gongheng.trading.validity import actions, forms, permissions, queries
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, route

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show until when bids are valid and who replied what; ask for longer."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    form = forms.ExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and steps.filed(
        form,
        lambda: actions.ask(case_id=case.pk, **form.cleaned_data, actor=actor, now=now),
        name="validity.asked",
        object_id=case.pk,
        actor=actor,
        now=now,
        places=forms.PLACES,
    ):
        messages.success(request, "已向全部投标人发出要求。答复会显示在本页。")
        return redirect("case-validity", case.pk)
    asked = list(queries.asked_in(case))
    context = {
        "case": case,
        "form": form,
        "last_day": queries.last_day(case),
        "rounds": [(each, queries.told(each)) for each in asked],
        "may_ask": not queries.is_settled(case)
        and not queries.is_pending(asked[0] if asked else None, now=now),
        "trail": steps.trail(case),
    }
    status = steps.SHOWN_AGAIN if form.errors else 200
    return render(request, "validity/ask.html", context, status=status)


@require_http_methods(METHODS)
def reply(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a bidder what it is asked, and take its reply."""
    actor, now = actor_of(request), legal_now()
    extension = queries.asked_of(actor).filter(case_id=case_id).first()
    if extension is None:
        raise Http404
    form = forms.ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and steps.filed(
        form,
        lambda: actions.reply(
            extension_id=extension.pk,
            consents=form.cleaned_data["consents"],
            actor=actor,
            now=now,
        ),
        name="validity.replied",
        object_id=extension.pk,
        actor=actor,
        now=now,
    ):
        messages.success(request, "已答复招标人。")
        return redirect("bidding-validity", case_id)
    context = {
        "case": extension.case,
        "extension": extension,
        "last_day": queries.last_day(extension.case),
        "reply": queries.reply_of(extension, actor.organisation_code),
        "is_late": now >= extension.reply_by,
        "form": form,
        "trail": [(reverse("desk"), "业务工作台")],
    }
    status = steps.SHOWN_AGAIN if form.errors else 200
    return render(request, "validity/reply.html", context, status=status)


ROUTES = [
    route(
        "cases/<uuid:case_id>/validity/",
        ask,
        name="case-validity",
        audience=permissions.ASK,
        reads="validity.read",
    ),
    route(
        "bidding/<uuid:case_id>/validity/",
        reply,
        name="bidding-validity",
        audience=permissions.REPLY,
        reads=OWN,
    ),
]

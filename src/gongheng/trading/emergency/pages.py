"""Pages on which a supervisor asks for an early look, another decides, and both look."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.emergency import actions, permissions, queries, rules
from gongheng.trading.emergency.forms import DecisionForm, RequestForm
from gongheng.trading.emergency.kinds import State
from gongheng.trading.emergency.models import Request
from gongheng.trading.emergency.papers import PAPERS
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN = 200
PLACES = {rules.NOT_SECRET: "item", rules.ASKED_ALREADY: "item", rules.NO_ANSWER: "answer"}


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the requests of the area."""
    rows = list(queries.requests_for(actor_of(request))[:SHOWN])
    return render(request, "emergency/list.html", {"rows": rows, "now": legal_now()})


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask for an early look at an item of a case."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    found = queries.items_of(case)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RequestForm(*posted, items=found)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.ask(case_id=case.pk, facts=form.facts(), actor=actor, now=now),
        name="emergency.asked",
        object_id=case.pk,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "申请已提交，等待另一名监管人员批准；批准前不能查阅。")
        return redirect("emergency-list")
    context = {"case": case, "form": form, "items": found, "trail": steps.trail(case)}
    status = steps.SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "emergency/ask.html", context, status=status)


@require_safe
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a request, what became of it, and who looked when."""
    return _one(request, _found(request, request_id), DecisionForm())


def _found(request: HttpRequest, request_id: UUID) -> Request:
    return get_object_or_404(queries.requests_for(actor_of(request)), pk=request_id)


def _one(
    request: HttpRequest, found: Request, form: DecisionForm, status: int = 200, fault: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), legal_now()
    is_decidable = queries.waiting_for(actor, now=now).filter(pk=found.pk).exists()
    context = {
        "one": found,
        "form": form if is_decidable else None,
        "fault": fault,
        "may_look": _may_look(found, actor, now),
        "is_ended": found.ends_at is not None and now >= found.ends_at,
        "looks": found.looks.order_by("id"),
        "trail": [(reverse("emergency-list"), "应急查阅")],
    }
    return render(request, "emergency/one.html", context, status=status)


def _may_look(found: Request, actor: Actor, now: datetime) -> bool:
    is_in_force = found.ends_at is not None and now < found.ends_at
    return (
        actor.may(permissions.ASK)
        and found.state == State.APPROVED
        and is_in_force
        and actor.account_id in (found.asked_by, found.decided_by)
    )


@require_POST
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take the second person's word."""
    actor, now = actor_of(request), legal_now()
    found, form = _found(request, request_id), DecisionForm(request.POST)
    if steps.filed(
        form,
        lambda: actions.decide(
            request_id=found.pk,
            approves=form.cleaned_data["verdict"] == "approve",
            answer=form.cleaned_data["answer"],
            actor=actor,
            now=now,
        ),
        name="emergency.decided",
        object_id=found.pk,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "意见已登记；批准的，安全审计员已收到通知。")
        return redirect("emergency", found.pk)
    fault = " ".join(str(words) for words in form.non_field_errors())
    return _one(request, found, form, steps.SHOWN_AGAIN, fault)


@never_cache
@require_POST
def look(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show the item once; each time is written down and told to the auditor."""
    actor, now = actor_of(request), legal_now()
    found = _found(request, request_id)
    try:
        with audit.refusals(actor=actor, deed="emergency.looked", now=now, object_id=found.pk):
            found, lines = actions.look(request_id=found.pk, actor=actor, now=now)
    except Refusal as refusal:
        form = DecisionForm()
        return _one(request, found, form, steps.SHOWN_AGAIN, str(refusal))
    trail = [
        (reverse("emergency-list"), "应急查阅"),
        (reverse("emergency", args=[found.pk]), found.item_label),
    ]
    context = {"one": found, "lines": lines, "looked_at": now, "actor": actor, "trail": trail}
    return render(request, "emergency/look.html", context)


@require_safe
def paper(request: HttpRequest, request_id: UUID) -> FileResponse:
    """Give the order that a request rests on."""
    found = _found(request, request_id)
    return PAPERS.answer(found.paper_digest, name=found.paper_name)


_READ = "emergency.read"

ROUTES = [
    route(
        "emergency/",
        listed,
        name="emergency-list",
        audience=permissions.READ,
        reads="emergency.listed",
    ),
    route("cases/<uuid:case_id>/emergency/", ask, name="emergency-ask", audience=permissions.ASK),
    route(
        "emergency/<uuid:request_id>/",
        one,
        name="emergency",
        audience=permissions.READ,
        reads=_READ,
    ),
    route(
        "emergency/<uuid:request_id>/paper/",
        paper,
        name="emergency-paper",
        audience=permissions.READ,
        reads=_READ,
    ),
    route(
        "emergency/<uuid:request_id>/decide/",
        decide,
        name="emergency-decide",
        audience=permissions.ASK,
        reads=_READ,
    ),
    route(
        "emergency/<uuid:request_id>/look/",
        look,
        name="emergency-look",
        audience=permissions.ASK,
        reads=_READ,
    ),
]

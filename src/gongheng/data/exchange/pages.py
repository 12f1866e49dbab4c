"""The exchange page: every line, its queue and lag, what was refused and how to mend it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongheng.data.exchange import actions, permissions, presenting, queries
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Show every line of this node."""
    shown = [presenting.shown_line(line, now=machine_now()) for line in queries.lines()]
    context = {"lines": shown, "may_operate": actor_of(request).may(permissions.OPERATE)}
    return render(request, "exchange/lines.html", context)


def _back(request: HttpRequest, deed: str, refusal: Refusal | None) -> HttpResponse:
    if refusal is None:
        messages.success(request, deed)
    else:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("exchange-lines"))


@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Queue a refused version again."""
    try:
        actions.resend(
            delivery_id=delivery_id,
            actor=actor_of(request),
            now=legal_now(),
            machine_now=machine_now(),
        )
    except Refusal as refusal:
        return _back(request, "", refusal)
    return _back(request, "已重新排队，将在数秒内报送。", None)


@require_POST
def try_at_once(request: HttpRequest, peer: str) -> HttpResponse:
    """Try a line again without waiting."""
    try:
        actions.try_at_once(peer=peer, actor=actor_of(request), now=legal_now())
    except Refusal as refusal:
        return _back(request, "", refusal)
    return _back(request, "已安排立即重试。", None)


@require_POST
def lift_alarm(request: HttpRequest, peer: str) -> HttpResponse:
    """Lift the alarm of a child's log."""
    try:
        actions.lift_alarm(peer=peer, actor=actor_of(request), now=legal_now())
    except Refusal as refusal:
        return _back(request, "", refusal)
    return _back(request, "警报已解除，下一份检查点将作为新的起点。", None)


ROUTES = [
    route("exchange/", lines, name="exchange-lines", audience=permissions.VIEW),
    route(
        "exchange/deliveries/<int:delivery_id>/resend/",
        resend,
        name="exchange-resend",
        audience=permissions.OPERATE,
    ),
    route(
        "exchange/<str:peer>/try/",
        try_at_once,
        name="exchange-try",
        audience=permissions.OPERATE,
    ),
    route(
        "exchange/<str:peer>/lift-alarm/",
        lift_alarm,
        name="exchange-lift-alarm",
        audience=permissions.OPERATE,
    ),
]

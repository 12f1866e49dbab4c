"""The inbox: what a person and the person's organisation were told."""

from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongheng.registers.messages import actions, queries, rules
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.paging import paginate
from gongheng.web.routes import SIGNED_IN, route

PAGE_SIZE = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the messages, the newest first."""
    actor = actor_of(request)
    rows = queries.inbox_of(actor).select_related("message")
    is_unread = request.GET.get("unread") == "1"
    if is_unread:
        rows = rows.filter(read_at__isnull=True)
    listed = rows.annotate(published_at=F("received_at"))
    page = paginate(listed, cursor=request.GET.get("page", ""), size=PAGE_SIZE)
    return render(request, "messages/inbox.html", {"page": page, "is_unread": is_unread})


@require_safe
def message(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Show a message; the first look is the proof that it was read."""
    actor = actor_of(request)
    delivery = actions.read(delivery_id=delivery_id, actor=actor, now=legal_now())
    context = {
        "delivery": delivery,
        "message": delivery.message,
        "ways": queries.ways_of(delivery, actor),
        "law": rules.RECEIVED_ON_ENTRY,
        "trail": [(reverse("messages"), "消息")],
    }
    return render(request, "messages/message.html", context)


ROUTES = [
    route("messages/", inbox, name="messages", audience=SIGNED_IN),
    route("messages/<uuid:delivery_id>/", message, name="message", audience=SIGNED_IN),
]

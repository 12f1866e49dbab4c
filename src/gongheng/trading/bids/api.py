"""The door for the machines of the bodies that hold shares; each request is signed by the body."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.bids import ceremony, holder_work
from gongheng.trust.envelope.fields import instant_text
from gongheng.trust.envelope.holder_requests import UNSIGNED
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

NOT_JSON = Reason(
    code="bids.not_json",
    message="请求的内容不是 JSON，或已损坏。",
    remedy="请核对发送的内容后再发送一次。",
)


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view with its refusals said in JSON (decorator)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401  Django's own shape
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(refusal)

    return answer


def refused(refusal: Refusal) -> HttpResponse:
    """Return a refusal in JSON: 403 for an unsigned request, else 409."""
    said = refusal.reason.as_json()
    if isinstance(size := refusal.facts.get("size"), int):
        said["size"] = str(size)
    return JsonResponse(
        said,
        status=403 if refusal.reason is UNSIGNED else 409,
        json_dumps_params={"ensure_ascii": False},
    )


def content_of(request: HttpRequest) -> object:
    """Return the JSON that was sent. Raises ``Refusal`` (NOT_JSON)."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refusal(NOT_JSON) from error


@require_GET
@answering
def work(request: HttpRequest) -> HttpResponse:
    """Say what a body has to do: announce a key, release shares."""
    body, now = holder_work.body_of(request), legal_now()
    content = {
        "v": 1,
        "node": settings.NODE.code,
        "legal_time": instant_text(now),
        "work": holder_work.work_of(body, now=now),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_POST
@answering
def announcement(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the announcement of a body's key for a lot."""
    body = holder_work.body_of(request)
    ceremony.announce(case_id=case_id, body=body, value=content_of(request), now=legal_now())
    return JsonResponse({"v": 1, "case": str(case_id)}, status=201)


ROUTES = [
    route("holders/v1/work", work, name="holders-work", audience=PEER),
    route(
        "holders/v1/cases/<uuid:case_id>/announcement",
        announcement,
        name="holders-announcement",
        audience=PEER,
    ),
]

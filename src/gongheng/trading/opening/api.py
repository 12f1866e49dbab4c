"""The doors for machines: bidders' releases, and what holders read and hand in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.trading.bids import holder_work as bodies
from gongheng.trading.bids.api import answering, content_of
from gongheng.trading.opening import actions, destruction, holder_work, phases
from gongheng.trust.envelope.fields import instant_text
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

_CHINESE = {"ensure_ascii": False}


@csrf_exempt
@require_POST
@answering
def release(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a bidder's halves from its own machine: one statement, or a list of them.

    The halves prove by themselves that they come from who sealed the bid: no account is asked for.
    """
    content = content_of(request)
    statements = content if isinstance(content, list) else [content]
    entry = actions.release(case_id=case_id, statements=statements, now=legal_now())
    released_at = instant_text(entry.released_at) if entry.released_at else ""
    answer = {"v": 1, "envelope": entry.envelope, "released_at": released_at, "state": entry.state}
    return JsonResponse(answer, status=201)


@require_GET
@answering
def opening(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a holder policy, closing statement and frozen lists."""
    found = holder_work.opening_for(bodies.body_of(request), case_id)
    return JsonResponse(found, json_dumps_params=_CHINESE)


@require_GET
@answering
def covers(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a holder the next covers of the listed envelopes of a part."""
    found = holder_work.covers_for(
        bodies.body_of(request),
        case_id,
        part=request.GET.get("part", ""),
        after=request.GET.get("after", ""),
    )
    return JsonResponse({"v": 1, "covers": list(found)}, json_dumps_params=_CHINESE)


@csrf_exempt
@require_POST
@answering
def shares(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a holder's shares of one part."""
    bodies.body_of(request)
    row = phases.take_shares(case_id=case_id, statement=content_of(request), now=legal_now())
    return JsonResponse({"v": 1, "digest": row.digest}, status=201)


@csrf_exempt
@require_POST
@answering
def destroyed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a holder's statement that its key is destroyed."""
    bodies.body_of(request)
    row = destruction.take(case_id=case_id, statement=content_of(request), now=legal_now())
    return JsonResponse({"v": 1, "holder": row.holder}, status=201)


ROUTES = [
    route("bidding/<uuid:case_id>/release", release, name="bidding-release", audience=PEER),
    route(
        "holders/v1/cases/<uuid:case_id>/opening", opening, name="holders-opening", audience=PEER
    ),
    route("holders/v1/cases/<uuid:case_id>/covers", covers, name="holders-covers", audience=PEER),
    route("holders/v1/cases/<uuid:case_id>/shares", shares, name="holders-shares", audience=PEER),
    route(
        "holders/v1/cases/<uuid:case_id>/destruction",
        destroyed,
        name="holders-destruction",
        audience=PEER,
    ),
]

"""The exchange's two doors for children: hand in a batch, ask for verdicts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.data.exchange import accepting, protocol, queries, stations
from gongheng.data.exchange.reasons import (
    FORGED,
    PROOF_NEEDED,
    ROLLED_BACK,
    TOO_LARGE,
    UNKNOWN_PEER,
)
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

_STATUS = {
    UNKNOWN_PEER: 403,
    FORGED: 403,
    PROOF_NEEDED: 409,
    ROLLED_BACK: 423,
    TOO_LARGE: 413,
}
_READ_AT_ONCE = 1024 * 1024


def _refused(refusal: Refusal) -> HttpResponse:
    reason = refusal.reason
    said = {
        "code": reason.code,
        "message": reason.message,
        "law": str(reason.law or ""),
        "remedy": reason.remedy,
        "size": refusal.facts.get("size"),
        "fault": refusal.facts.get("fault"),
        "what": refusal.facts.get("what"),
    }
    return JsonResponse(
        {name: value for name, value in said.items() if value is not None},
        status=_STATUS.get(reason, 400),
        json_dumps_params={"ensure_ascii": False},
    )


def _answering(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refusal as refusal:
            return _refused(refusal)

    return answer


def _body(request: HttpRequest) -> bytes:
    """Return the request's body. Raises ``Refusal`` (``TOO_LARGE``) before it fills the memory."""
    parts = []
    size = 0
    while part := request.read(_READ_AT_ONCE):
        size += len(part)
        if size > protocol.LARGEST_BATCH:
            raise Refusal(TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


@csrf_exempt
@require_POST
@_answering
def batches(request: HttpRequest) -> HttpResponse:
    """Take a signed batch; the answer is the signed delivery receipt."""
    receipt = accepting.take(_body(request), now=legal_now())
    return JsonResponse(receipt.as_json(), status=202)


@require_GET
@_answering
def verdicts(request: HttpRequest) -> HttpResponse:
    """Return the verdicts on a child's records from a position of our log on, signed."""
    signed = protocol.from_authorization(request.headers.get("Authorization", ""))
    peer = stations.child(signed.unverified().get("sender"))
    question = signed.read(protocol.QUESTION, stations.key_of(peer))
    protocol.require_for_us(question.get("receiver"), own=stations.own_code())
    protocol.require_fresh(protocol.instant(question, "made_at"), now=machine_now())
    after = question.get("after")
    page = queries.verdicts_for(peer.code, after=after if isinstance(after, int) else 0)
    answer = protocol.Signed.of(protocol.VERDICTS, page, stations.own_key())
    return JsonResponse(answer.as_json())


ROUTES = [
    route("exchange/v1/batches", batches, name="exchange-batches", audience=PEER),
    route("exchange/v1/verdicts", verdicts, name="exchange-verdicts", audience=PEER),
]

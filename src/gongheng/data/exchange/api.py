"""The exchange's two doors for children: hand in a batch, ask for verdicts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.data.exchange import accepting, hearing, protocol, queries, stations
from gongheng.data.exchange.reasons import TOO_LARGE
from gongheng.kernel.reasons import Refusal
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

_READ_AT_ONCE = 1024 * 1024


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
@hearing.answering
def batches(request: HttpRequest) -> HttpResponse:
    """Take a signed batch; the answer is the signed delivery receipt."""
    receipt = accepting.take(_body(request), now=legal_now())
    return JsonResponse(receipt.as_json(), status=202)


@require_GET
@hearing.answering
def verdicts(request: HttpRequest) -> HttpResponse:
    """Return the verdicts on a child's records from a position of our log on, signed."""
    peer, question = hearing.heard(hearing.in_header(request), protocol.QUESTION)
    after = question.get("after")
    page = queries.verdicts_for(peer.code, after=after if isinstance(after, int) else 0)
    answer = protocol.Signed.of(protocol.VERDICTS, page, stations.own_key())
    return JsonResponse(answer.as_json())


ROUTES = [
    route("exchange/v1/batches", batches, name="exchange-batches", audience=PEER),
    route("exchange/v1/verdicts", verdicts, name="exchange-verdicts", audience=PEER),
]

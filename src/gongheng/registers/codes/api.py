"""The code service's door for cities: reserve numbers."""

from collections.abc import Mapping
from typing import Any

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gongheng.data.exchange.stations import Peer
from gongheng.kernel.reasons import Refusal
from gongheng.registers import home
from gongheng.registers.codes import ranges, rules
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

MOST_WANTS = 200


def _reserve(peer: Peer, question: Mapping[str, Any]) -> dict[str, object]:
    wants = question.get("wants")
    if not isinstance(wants, list) or len(wants) > MOST_WANTS:
        raise Refusal(rules.BAD_SERIES)
    now = legal_now()
    return {"ranges": [ranges.grant(peer, want, now=now) for want in wants]}


ROUTES = [
    route(
        "registers/v1/ranges",
        csrf_exempt(require_POST(home.answering("ranges", _reserve))),
        name="registers-ranges",
        audience=PEER,
    ),
]

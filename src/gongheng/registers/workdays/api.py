"""The province's door for cities: the notices by which days are counted, each signed."""

from collections.abc import Mapping
from typing import Any

from django.views.decorators.http import require_GET

from gongheng.data.exchange.stations import Peer
from gongheng.registers import home
from gongheng.registers.workdays import queries
from gongheng.web.routes import PEER, route


def _notices(_peer: Peer, _question: Mapping[str, Any]) -> dict[str, object]:
    return {"statements": [row.statement for row in queries.confirmed()]}


ROUTES = [
    route(
        "registers/v1/calendar",
        require_GET(home.answering("calendar", _notices)),
        name="registers-calendar",
        audience=PEER,
    ),
]

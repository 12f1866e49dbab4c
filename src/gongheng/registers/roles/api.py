"""The province's door for cities: the role templates that count, signed (001-22)."""

from collections.abc import Mapping
from typing import Any

from django.views.decorators.http import require_GET

from gongheng.data.exchange import stations
from gongheng.data.exchange.stations import Peer
from gongheng.registers import home
from gongheng.trust.identity import role_sets
from gongheng.web.routes import PEER, route


def statement() -> str:
    """Return the templates that count, signed by this node as their keeper."""
    return role_sets.statement(code=stations.own_code(), key=stations.own_key())


def _templates(_peer: Peer, _question: Mapping[str, Any]) -> dict[str, object]:
    return {"statement": statement()}


ROUTES = [
    route(
        "registers/v1/roles",
        require_GET(home.answering("roles", _templates)),
        name="registers-roles",
        audience=PEER,
    ),
]

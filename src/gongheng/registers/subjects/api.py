"""The register's doors for cities: hand in, ask, register a key; every answer is signed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.data.exchange.stations import Peer
from gongheng.registers import home
from gongheng.registers.subjects import accepting
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route


def _apply(peer: Peer, question: Mapping[str, Any]) -> dict[str, object]:
    return accepting.take_application(peer, question, now=legal_now())


def _subject(_peer: Peer, question: Mapping[str, Any]) -> dict[str, object]:
    return {"statement": accepting.statement_on(str(question.get("code", "")))}


def _key(_peer: Peer, question: Mapping[str, Any]) -> dict[str, object]:
    return accepting.take_key(question, now=legal_now())


def _posted(what: str, door: home.Door) -> Callable[..., HttpResponse]:
    view: Callable[..., HttpResponse] = csrf_exempt(require_POST(home.answering(what, door)))
    return view


def _asked(what: str, door: home.Door) -> Callable[..., HttpResponse]:
    view: Callable[..., HttpResponse] = require_GET(home.answering(what, door))
    return view


ROUTES = [
    route(
        "registers/v1/subjects",
        _posted("applications", _apply),
        name="registers-subjects",
        audience=PEER,
    ),
    route(
        "registers/v1/subjects/<str:code>",
        _asked("subject", _subject),
        name="registers-subject",
        audience=PEER,
    ),
    route(
        "registers/v1/applications/<uuid:application>",
        _asked("application", accepting.application_of),
        name="registers-application",
        audience=PEER,
    ),
    route("registers/v1/keys", _posted("keys", _key), name="registers-keys", audience=PEER),
]

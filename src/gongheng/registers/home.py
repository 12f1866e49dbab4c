"""Where the unified registers are kept (001-10), and how a city speaks with that place.

Every question and every answer is a signed statement. An answer repeats the digest of its
question, so that an earlier answer cannot be shown again; a refusal is an answer, too.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from django.http import HttpRequest, HttpResponse, JsonResponse

from gongheng.data.exchange import hearing, protocol, stations
from gongheng.data.exchange.reasons import BAD_RECEIPT, FORGED, UNKNOWN_PEER, UNREADABLE
from gongheng.data.exchange.stations import Peer, keeper
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import sm3

_log = logging.getLogger("gongheng.registers")
TIMEOUT = httpx.Timeout(10, connect=3)
LARGEST = 1024 * 1024

REFUSED = Reason(
    code="registers.refused",
    message="省级平台没有受理。",
    remedy="请按省级平台的答复处理。",
)
AWAY = Reason(
    code="registers.away",
    message="暂时无法连接省级平台。",
    remedy="系统会自动重试；请检查网络和 node.toml 中上级平台的地址。",
)

LONGEST_PAUSE = timedelta(seconds=15)

__all__ = ["AWAY", "LARGEST", "REFUSED", "TIMEOUT", "Line", "answering", "ask", "heard", "keeper"]


class Line:
    """The line of one loop to the keeper: after a failure it rests, longer each time."""

    def __init__(self) -> None:
        self._failures = 0
        self._next_try_at = machine_now()

    def keeper(self) -> Peer | None:
        """Return whom to ask now: nobody where the registers are kept, or while the line rests."""
        return keeper() if machine_now() >= self._next_try_at else None

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Take a refusal for a failure of the line, which ends the try."""
        try:
            yield
        except Refusal as refusal:
            self._failed(refusal)
        else:
            self._failures = 0

    def _failed(self, refusal: Refusal) -> None:
        """Rest, and tell the operator of a new fault once."""
        if self._failures == 0:
            _log.warning("registers: %s %s", refusal.reason.code, refusal.facts)
        self._failures += 1
        pause = timedelta(seconds=0.5 * 2 ** min(self._failures, 10))
        self._next_try_at = machine_now() + min(pause, LONGEST_PAUSE)


def ask(
    client: httpx.Client,
    at: Peer,
    path: str,
    what: str,
    payload: Mapping[str, object],
    *,
    method: str = "POST",
) -> dict[str, Any]:
    """Ask the keeper of the registers; return what it answers under its signature.

    Raises ``Refusal``: ``AWAY``, ``REFUSED`` (facts ``code``, ``words``), ``BAD_RECEIPT``, ``FORGED``.
    """
    question = {
        **payload,
        "sender": stations.own_code(),
        "receiver": at.code,
        "made_at": machine_now().isoformat(),
    }
    signed = protocol.Signed.of(_label(what), question, stations.own_key())
    address = f"{at.url.rstrip('/')}/registers/v1/{path}"
    try:
        if method == "GET":
            head = {"Authorization": protocol.authorization(signed)}
            got = client.get(address, headers=head)
        else:
            got = client.post(address, json=signed.as_json())
        raw = got.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Refusal(AWAY, cause=type(error).__name__) from None
    if not (isinstance(raw, dict) and "statement" in raw):
        raise Refusal(BAD_RECEIPT, status=got.status_code)
    answer = protocol.Signed.from_json(raw).read(_label(what, "answer"), stations.key_of(at))
    protocol.require_for_us(answer.get("receiver"), own=stations.own_code())
    if answer.get("question") != _digest(signed):
        raise Refusal(FORGED, what="question")
    match answer.get("refused"):
        case {"code": str(code), "words": str(words)}:
            raise Refusal(REFUSED, code=code, words=words)
        case _:
            return answer


def heard(request: HttpRequest, what: str) -> tuple[Peer, protocol.Signed, dict[str, Any]]:
    """Return who asks, the signed question and its content. Raises ``Refusal``."""
    if request.method == "GET":
        signed = hearing.in_header(request)
    else:
        signed = protocol.Signed.from_json(_json(request))
    peer, question = hearing.heard(signed, _label(what))
    return peer, signed, question


def _json(request: HttpRequest) -> object:
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Refusal(UNREADABLE, what="size")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(UNREADABLE, what="json") from None


Door = Callable[[Peer, dict[str, Any]], Mapping[str, object]]


def answering(what: str, door: Door) -> Callable[..., HttpResponse]:
    """Return a view that hears a question of a child, and signs what ``door`` answers.

    Who cannot be known gets an unsigned refusal. Words in the path are part of the question and are
    compared with it by the door.
    """

    def view(request: HttpRequest, **path: object) -> HttpResponse:
        try:
            peer, signed, question = heard(request, what)
        except Refusal as refusal:
            status = 403 if refusal.reason in {UNKNOWN_PEER, FORGED} else 400
            return JsonResponse(
                _words_of(refusal), status=status, json_dumps_params={"ensure_ascii": False}
            )
        status = 200
        try:
            _require_same(path, question)
            answer = dict(door(peer, question))
        except Refusal as refusal:
            answer, status = {"refused": _words_of(refusal)}, 409
        head = {"receiver": peer.code, "question": _digest(signed)}
        said = protocol.Signed.of(_label(what, "answer"), answer | head, stations.own_key())
        return JsonResponse(said.as_json(), status=status)

    return view


def _require_same(path: Mapping[str, object], question: Mapping[str, object]) -> None:
    if any(str(question.get(name)) != str(value) for name, value in path.items()):
        raise Refusal(UNREADABLE, what="path")


def _words_of(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.reason.code, "words": str(refusal)}


def _digest(signed: protocol.Signed) -> str:
    return sm3(signed.as_text().encode()).hex()


def _label(what: str, part: str = "question") -> str:
    return f"gongheng.registers.{what}.{part}.v1"

"""Who speaks at a door of the node: a child, by a signed statement that was made just now.

Every room that children speak to hears them here, and says in the same form what it refuses.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.protocol import Signed
from gongheng.data.exchange.reasons import (
    FORGED,
    PROOF_NEEDED,
    ROLLED_BACK,
    TOO_LARGE,
    UNKNOWN_PEER,
)
from gongheng.data.exchange.stations import Peer
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal

STATUS: Mapping[Reason, int] = {
    UNKNOWN_PEER: 403,
    FORGED: 403,
    PROOF_NEEDED: 409,
    ROLLED_BACK: 423,
    TOO_LARGE: 413,
}
_TOLD = ("size", "fault", "what")
"""Facts of a refusal that help the sender and nobody else."""

View = Callable[..., HttpResponseBase]


def in_header(request: HttpRequest) -> Signed:
    """Return the statement in a request's head, not yet verified. Raises ``Refusal``."""
    return protocol.from_authorization(request.headers.get("Authorization", ""))


def heard(signed: Signed, label: str) -> tuple[Peer, dict[str, object]]:
    """Return the child that signed a statement for us just now, and what it says.

    Raises ``Refusal``: ``UNREADABLE``, ``UNKNOWN_PEER``, ``FORGED``, ``NOT_FOR_US``, ``STALE``.
    """
    peer = stations.child(signed.unverified().get("sender"))
    said = signed.read(label, stations.key_of(peer))
    protocol.require_for_us(said.get("receiver"), own=stations.own_code())
    protocol.require_fresh(protocol.instant(said, "made_at"), now=machine_now())
    return peer, said


def answering(view: View, *, status: Mapping[Reason, int] = STATUS) -> View:
    """Return a view that says as JSON what ``view`` refuses; 400 where ``status`` says nothing."""

    def answer(request: HttpRequest, **path: object) -> HttpResponseBase:
        try:
            return view(request, **path)
        except Refusal as refusal:
            return _refused(refusal, status.get(refusal.reason, 400))

    return answer


def _refused(refusal: Refusal, status: int) -> JsonResponse:
    said = {**refusal.reason.as_json(), **{name: refusal.facts.get(name) for name in _TOLD}}
    return JsonResponse(
        {name: value for name, value in said.items() if value is not None},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )

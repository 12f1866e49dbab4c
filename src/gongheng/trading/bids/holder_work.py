"""What a body that holds shares has to do, as its own machine asks for it; rooms add to it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.models import HolderBody, KeyRequest
from gongheng.trading.bids.rules import LONGEST_REQUEST
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import holder_requests

Item = Mapping[str, object]
Source = Callable[..., Iterable[Item]]
"""``source(body=..., now=...)``: what the body has to do, each with ``deed``, ``case``, ``lot``."""

_sources: list[Source] = []


def provides(source: Source) -> Source:
    """Enter a source of work (decorator)."""
    _sources.append(source)
    return source


def work_of(body: HolderBody, *, now: datetime) -> list[Item]:
    """Return everything that a body has to do now."""
    return [item for source in _sources for item in source(body=body, now=now)]


@provides
def announcements(*, body: HolderBody, now: datetime) -> Iterable[Item]:  # noqa: ARG001  asked at any time
    """Yield the lots for which the body still owes the announcement of a key."""
    owed = KeyRequest.objects.filter(body=body, announcement__isnull=True, case__is_over=False)
    for request in owed.select_related("case").order_by("asked_at", "id"):
        yield {
            "deed": "announce",
            "case": str(request.case_id),
            "lot": request.case.code,
            "title": request.case.title,
            "code": body.code,
            "name": body.name,
        }


def body_of(request: HttpRequest) -> HolderBody:
    """Return the body whose standing key signed a request. Raises ``Refusal`` (UNSIGNED)."""
    claim = holder_requests.claim_of(request.headers.get("Authorization", ""))
    body = HolderBody.objects.filter(code=claim.code, until__isnull=True).first()
    if body is None or int(request.headers.get("Content-Length") or 0) > LONGEST_REQUEST:
        raise Refusal(holder_requests.UNSIGNED)
    holder_requests.require_signed(
        claim,
        key=PublicKey.from_hex(body.standing_key),
        node=settings.NODE.code,
        method=request.method or "",
        path=request.get_full_path(),
        body=request.body,
        now=machine_now(),
    )
    return body

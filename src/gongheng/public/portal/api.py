"""The log for everybody: newest checkpoint, consistency proofs, public key; and the node's health."""

import base64
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger import queries as log
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

LATE = timedelta(minutes=2)
"""How long a leaf may wait for its checkpoint before the node calls itself broken."""
_LARGEST = 2**62


def _problem(message: str, *, status: int) -> JsonResponse:
    options = {"ensure_ascii": False}
    return JsonResponse({"message": message}, status=status, json_dumps_params=options)


@never_cache
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Return the newest signed checkpoint as its note."""
    latest = log.latest_checkpoint()
    if latest is None:
        return _problem("日志尚无检查点。平台启动后约 10 秒内产生，请稍后再取。", status=404)
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Return the proof that the log of size ``new`` continues the log of size ``old``."""
    sizes = [_size(request.GET.get(name, "")) for name in ("old", "new")]
    old, new = sizes
    if old is None or new is None or not 0 < old <= new <= log.size():
        message = "参数 old 和 new 应为整数，且 0 < old ≤ new ≤ 当前日志长度。"
        return _problem(message, status=400)
    proofs = {
        algorithm: [base64.b64encode(step).decode() for step in steps]
        for algorithm, steps in log.consistency(old, new).items()
    }
    return JsonResponse({"old": old, "new": new, **proofs})


def _size(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST))):
        return None
    return int(text)


@require_safe
def public_key(_request: HttpRequest) -> HttpResponse:
    """Return the key that this node signs checkpoints with."""
    key = PublicKey.from_hex(settings.NODE.public_key)
    return JsonResponse(
        {
            "node": settings.NODE.code,
            "name": settings.NODE.name,
            "algorithm": "SM2",
            "hex": key.to_hex(),
            "pem": key.to_pem().decode(),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Return whether database and log work; 503 when one does not."""
    try:
        size, waiting, latest = log.size(), log.waiting(), log.latest_checkpoint()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "broken", "database": "unreachable"}, status=503)
    age = (legal_now() - latest.made_at).total_seconds() if latest else None
    covered = latest.size if latest else 0
    is_late = (size > covered or waiting > 0) and (age is None or age > LATE.total_seconds())
    return JsonResponse(
        {
            "status": "broken" if is_late else "ok",
            "database": "ok",
            "node": settings.NODE.code,
            "log_size": size,
            "log_waiting": waiting,
            "checkpoint_size": covered,
            "checkpoint_age_seconds": None if age is None else round(age, 3),
        },
        status=503 if is_late else 200,
    )


ROUTES = [
    route("health/", health, name="portal-health", audience=PUBLIC),
    route("ledger/v1/checkpoint", checkpoint, name="ledger-checkpoint", audience=PUBLIC),
    route("ledger/v1/consistency", consistency, name="ledger-consistency", audience=PUBLIC),
    route("ledger/v1/public-key", public_key, name="ledger-public-key", audience=PUBLIC),
]

"""The log's open door: checkpoints and proofs that it only grew, for everybody and every cosigner."""

import base64

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from gongheng.kernel.reasons import Reason
from gongheng.trust.ledger import queries
from gongheng.trust.ledger.models import Checkpoint
from gongheng.web.routes import PUBLIC, route

NO_CHECKPOINT = Reason(
    code="ledger.no_checkpoint",
    message="存证日志没有这样的检查点。",
    remedy="请从 /log/checkpoint 取得最新的检查点。",
)
NO_CONSISTENCY = Reason(
    code="ledger.no_consistency",
    message="只能证明较小的日志延续为较大的日志，且两者都不超过日志现在的大小。",
    remedy="请按检查点所述的大小填写，先小后大。",
)


@require_safe
def latest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's own shape
    """Answer with the signed note of the largest size."""
    return _note(queries.latest_checkpoint())


@require_safe
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:  # noqa: ARG001  Django's own shape
    """Answer with the signed note of one size."""
    return _note(queries.checkpoint_of(size))


@require_safe
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:  # noqa: ARG001  Django's own shape
    """Answer with the proofs, for both trees, that the log of ``new`` continues that of ``old``."""
    if not 0 < old <= new <= queries.size():
        return _absent(NO_CONSISTENCY)
    proofs = queries.consistency(old, new)
    steps = {
        algorithm: [base64.b64encode(step).decode() for step in proof]
        for algorithm, proof in proofs.items()
    }
    return JsonResponse({"old": old, "new": new, **steps})


def _note(found: Checkpoint | None) -> HttpResponse:
    if found is None:
        return _absent(NO_CHECKPOINT)
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


def _absent(reason: Reason) -> HttpResponse:
    return JsonResponse({"code": reason.code, "message": str(reason)}, status=404)


ROUTES = [
    route("log/checkpoint", latest, name="log-checkpoint", audience=PUBLIC),
    route("log/checkpoint/<int:size>", checkpoint, name="log-checkpoint-of", audience=PUBLIC),
    route(
        "log/consistency/<int:old>/<int:new>", consistency, name="log-consistency", audience=PUBLIC
    ),
]

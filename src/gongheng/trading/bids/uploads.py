"""Uploads in parts, for ``gongheng bid submit``: a broken line goes on where it broke."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import actions, permissions, queries, rules, storage, trail
from gongheng.trading.bids.api import answering, content_of
from gongheng.trading.bids.models import BidReceipt, Upload
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

_AT_ONCE = 64 * 1024
"""Bytes of a part that are read at a time; fewer are lost when the line breaks."""


@require_POST
@answering
def begin(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin an upload of so many bytes; the answer says where its parts go."""
    actor, now = actor_of(request), legal_now()
    case = get_object_or_404(Case, pk=case_id)
    if not cases.is_open_to(case, actor=actor, now=now):
        raise Http404
    content = content_of(request)
    size = content.get("size") if isinstance(content, dict) else None
    with trail.refusals(case=case, deed="bid.submitted", actor=actor, now=now):
        upload = actions.begin_upload(
            case_id=case_id, size=size if isinstance(size, int) else 0, actor=actor, now=now
        )
    return JsonResponse(_standing(upload, offset=0), status=201)


@require_http_methods(["GET", "PUT"])
@answering
def part(request: HttpRequest, case_id: UUID, upload_id: UUID, offset: int) -> HttpResponse:
    """Take the part that begins at ``offset``; GET tells where the next one begins."""
    actor = actor_of(request)
    upload = queries.uploads_for(actor).filter(pk=upload_id, case_id=case_id).first()
    if upload is None:
        raise Refusal(rules.NO_UPLOAD)
    if request.method == "GET":
        return JsonResponse(_told(upload))
    try:
        with trail.refusals(case=upload.case, deed="bid.submitted", actor=actor, now=legal_now()):
            done = actions.add_part(
                upload_id=upload_id,
                offset=offset,
                pieces=lambda: request.read(_AT_ONCE),
                actor=actor,
                clock=legal_now,
            )
    except UnreadablePostError:
        return JsonResponse(_told(upload))
    if isinstance(done, int):
        return JsonResponse(_standing(upload, offset=done))
    return JsonResponse(_received(done), status=201)


def _told(upload: Upload) -> dict[str, object]:
    if upload.bid is not None:
        return _received(upload.bid.receipts.get(deed="submitted"))
    path = storage.part_path(upload.pk)
    if not path.exists():
        raise Refusal(rules.NO_UPLOAD)
    return _standing(upload, offset=path.stat().st_size)


def _standing(upload: Upload, *, offset: int) -> dict[str, object]:
    return {
        "upload": str(upload.pk),
        "size": upload.size,
        "offset": offset,
        "next": reverse("bidding-upload-part", args=[upload.case_id, upload.pk, offset]),
    }


def _received(receipt: BidReceipt) -> dict[str, object]:
    return {
        "receipt": receipt.body,
        "file": reverse("bidding-receipt-file", args=[receipt.pk]),
        "page": reverse("bidding-receipt", args=[receipt.pk]),
    }


ROUTES = [
    route(
        "bidding/<uuid:case_id>/uploads/",
        begin,
        name="bidding-upload",
        audience=permissions.SUBMIT,
    ),
    route(
        "bidding/<uuid:case_id>/uploads/<uuid:upload_id>/<int:offset>/",
        part,
        name="bidding-upload-part",
        audience=permissions.SUBMIT,
    ),
]

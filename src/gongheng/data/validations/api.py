"""The doors for children: hand in a file to be judged, ask how far it is, take the list of errors.

Whoever asks signs, as in the exchange; the answers about a job are signed by this node. A file
travels as it is, its size and digest in the signed statement of the request's head.
"""

from collections.abc import Iterator
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongheng.data.bulk.reasons import NO_ENGINE
from gongheng.data.exchange import hearing, protocol, stations
from gongheng.data.exchange.stations import Peer
from gongheng.data.validations import actions, pages, queries, storage, wire
from gongheng.data.validations.models import Job
from gongheng.data.validations.reasons import NO_ERRORS, TOO_LARGE, TOO_MANY, UNKNOWN_JOB
from gongheng.kernel.reasons import Refusal
from gongheng.web.clock import legal_now
from gongheng.web.routes import PEER, route

_STATUS = {
    **hearing.STATUS,
    TOO_LARGE: 413,
    TOO_MANY: 429,
    UNKNOWN_JOB: 404,
    NO_ERRORS: 404,
    NO_ENGINE: 503,
}


def _answering(view: hearing.View) -> hearing.View:
    return hearing.answering(view, status=_STATUS)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(storage.AT_ONCE):
        yield chunk


@csrf_exempt
@require_POST
@_answering
def files(request: HttpRequest) -> HttpResponse:
    """Take a file of a child; the answer is the state of its job."""
    signed = hearing.in_header(request)
    peer, said = hearing.heard(signed, wire.FILE)
    handed = wire.handed(said, _chunks(request))
    job = actions.submit_of_peer(handed, peer=peer, now=legal_now())
    return _told(job, peer, signed, status=202)


@require_GET
@_answering
def state(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Say how far a job of the child is, and in the end what was found."""
    signed = hearing.in_header(request)
    peer, job = _job(signed, job_id)
    return _told(job, peer, signed)


@require_GET
@_answering
def errors(request: HttpRequest, job_id: UUID) -> FileResponse:
    """Give the list of all errors, values of persons masked; the state says its digest."""
    _, job = _job(hearing.in_header(request), job_id)
    if not job.errors_digest:
        raise Refusal(NO_ERRORS)
    return pages.errors_of(job)


def _job(signed: protocol.Signed, job_id: UUID) -> tuple[Peer, Job]:
    """Return who asks, and the job, which must be the asker's own."""
    peer, said = hearing.heard(signed, wire.QUESTION)
    job = queries.jobs_of_peer(peer.code).filter(pk=job_id).first()
    if job is None or said.get("job") != str(job_id):
        raise Refusal(UNKNOWN_JOB)
    return peer, job


def _told(job: Job, peer: Peer, asked: protocol.Signed, *, status: int = 200) -> HttpResponse:
    said = {
        **queries.told(job),
        "receiver": peer.code,
        "question": wire.digest_of(asked),
    }
    answer = protocol.Signed.of(wire.ANSWER, said, stations.own_key())
    return JsonResponse(answer.as_json(), status=status)


ROUTES = [
    route("validations/v1/files", files, name="validations-files", audience=PEER),
    route("validations/v1/files/<uuid:job_id>", state, name="validations-state", audience=PEER),
    route(
        "validations/v1/files/<uuid:job_id>/errors.csv",
        errors,
        name="validations-errors",
        audience=PEER,
    ),
]

"""The public page of tender documents: read and downloaded without sign-up, and nobody is noted.

Names and number of those who obtained documents are secret (A-01), so nothing is written here: no
row and no audit entry.
"""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import actions as engine, queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import comparing, queries, rules
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trading.documents.reading import reading
from gongheng.trust.identity.actors import actor_of
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

DOWNLOAD = "download_documents"


@require_safe
def documents(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the newest version, what each version changed, and what can be downloaded."""
    now = legal_now()
    case = _known(request, case_id, now=now)
    versions = list(queries.versions_of(case))
    if not versions:
        raise Http404
    newest = versions[0]
    is_open = _is_open(request, case, newest, now=now)
    context = {
        "case": case,
        "document": newest,
        "is_open": is_open,
        "hours": queries.hours_of(case),
        "reading": reading(newest.content) if is_open else None,
        "versions": _with_changes(versions) if is_open else [],
        "trail": [(reverse("portal-home"), "首页")],
    }
    return render(request, "documents/public.html", context)


@require_safe
def as_json(request: HttpRequest, case_id: UUID, number: int) -> HttpResponse:
    """Give the canonical form of a version: its SM3 is the digest that is shown."""
    found = _downloadable(request, case_id, number)
    answer = HttpResponse(canonical(found.content), content_type="application/json")
    name = f"{found.case_code}-v{found.number}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def attachment(request: HttpRequest, case_id: UUID, number: int, digest: str) -> FileResponse:
    """Give a file of a version."""
    found = _downloadable(request, case_id, number)
    file = found.attachments.filter(digest=digest).first()
    if file is None:
        raise Http404
    return PAPERS.answer(file.digest, name=file.name, media_type=file.media_type)


@require_safe
def download(request: HttpRequest, case_id: UUID) -> HttpResponse:  # noqa: ARG001  Django's own shape
    """Lead from the step of a case to the public page."""
    return redirect("documents", case_id)


def _downloadable(request: HttpRequest, case_id: UUID, number: int) -> TenderDocument:
    """Return a version that may be had now. Raises ``Refusal`` (NOT_ON_VIEW), ``Http404``."""
    now = legal_now()
    case = _known(request, case_id, now=now)
    found = get_object_or_404(queries.versions_of(case), number=number)
    newest = queries.issued_in(case)
    if newest is None or not _is_open(request, case, newest, now=now):
        raise Refusal(rules.NOT_ON_VIEW)
    return found


def _known(request: HttpRequest, case_id: UUID, *, now: datetime) -> Case:
    """Return a case whose documents may be known of: by anybody, of an invitation by the invited."""
    case = get_object_or_404(Case, pk=case_id)
    is_known = queries.is_announced(case, now=now)
    if not is_known or not cases.is_open_to(case, actor=actor_of(request), now=now):
        raise Http404
    return case


def _is_open(request: HttpRequest, case: Case, newest: TenderDocument, *, now: datetime) -> bool:
    """Tell whether documents are had now; a bidder's download is judged as the step that it is."""
    if not queries.is_on_view(case, newest, now=now):
        return False
    actor = actor_of(request)
    if Role.BIDDER in actor.roles and queries.is_on_sale(case, now=now):
        try:
            engine.require(case_id=case.pk, step=DOWNLOAD, actor=actor, now=now)
        except Refusal:
            return False
    return True


def _with_changes(
    versions: list[TenderDocument],
) -> list[tuple[TenderDocument, list[comparing.Change]]]:
    earlier: list[TenderDocument | None] = [*versions[1:], None]
    return [
        (one, comparing.changes(before.content, one.content) if before else [])
        for one, before in zip(versions, earlier, strict=True)
    ]


ROUTES = [
    route("documents/<uuid:case_id>/", documents, name="documents", audience=PUBLIC),
    route(
        "documents/<uuid:case_id>/<int:number>.json",
        as_json,
        name="documents-json",
        audience=PUBLIC,
    ),
    route(
        "documents/<uuid:case_id>/<int:number>/<str:digest>/",
        attachment,
        name="documents-attachment",
        audience=PUBLIC,
    ),
    route(
        "cases/<uuid:case_id>/download_documents/",
        download,
        name="case-download_documents",
        audience=PUBLIC,
    ),
]

"""The pages of a case: the dossier, its archive, and finding it by a code."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongheng.public.dossier.archive import archive
from gongheng.public.dossier.queries import case_of, reference_of
from gongheng.public.dossier.viewing import view_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

CODE_LENGTH = 200


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to the case that it names."""
    asked = request.GET.get("code", "").strip()
    if not asked:
        return render(request, "dossier/find.html", {"asked": ""})
    reference = _known(asked)
    return _unknown(request, asked) if not reference else _to(reference)


@require_safe
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case from plan to performance."""
    known = _known(reference)
    if not known:
        return _unknown(request, reference)
    if known != reference:
        return _to(known)
    now = legal_now()
    view = view_of(case_of(reference, now=now), now=now)
    return render(request, "dossier/dossier.html", {"view": view, "now": now})


@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand out the archive of a case."""
    known = _known(reference)
    if not known:
        return _unknown(request, reference)
    if known != reference:
        return HttpResponseRedirect(reverse("dossier-archive", args=[known]))
    now = legal_now()
    answer = HttpResponse(archive(case_of(reference, now=now), now=now), "application/zip")
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"项目卷宗-{reference}.zip")
        or "attachment"
    )
    return answer


def _known(asked: str) -> str:
    is_text = len(asked) <= CODE_LENGTH and "\x00" not in asked
    return reference_of(asked, now=legal_now()) if is_text else ""


def _to(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("dossier", args=[reference]))


def _unknown(request: HttpRequest, asked: str) -> HttpResponse:
    context = {"asked": asked[:CODE_LENGTH].replace("\x00", ""), "is_unknown": True}
    return render(request, "dossier/find.html", context, status=404)


ROUTES = [
    route("dossiers/", find, name="dossier-find", audience=PUBLIC),
    route("dossiers/<str:reference>/", dossier, name="dossier", audience=PUBLIC),
    route(
        "dossiers/<str:reference>/archive.zip", download, name="dossier-archive", audience=PUBLIC
    ),
]

"""Putting the papers of a case away, and the manifest that says what there is."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel import terms
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.contracts import actions, archiving, forms, permissions, queries
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show what is there and what is missing, and close the archive."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    posted = request.POST if request.method == "POST" else None
    form = forms.ArchiveForm(posted)
    if posted is not None and steps.filed(
        form,
        lambda: actions.close_archive(
            case_id=case_id,
            explanation=form.cleaned_data["explanation"],
            actor=actor,
            now=now,
        ),
        name="case.archive",
        object_id=case_id,
        actor=actor,
        now=now,
        places=forms.PLACES,
    ):
        messages.success(request, "已归档。归档清单列出每份材料及其摘要，可以下载核对。")
        return redirect("case", case_id)
    sheets = archiving.sheets_of(case, now=now)
    term = terms.in_force("Z-02", case.terms_on or day_of(now))
    context = {
        **steps.head(case, "archive", actor=actor, now=now),
        "form": form,
        "sheets": sheets,
        "missing": [sheet for sheet in sheets if sheet.is_missing],
        "archive": queries.archive_of(case),
        "term": term,
    }
    status = steps.SHOWN_AGAIN if form.is_bound and form.errors else 200
    return render(request, "contracts/archive.html", context, status=status)


@require_safe
def manifest(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hand out the manifest of a closed archive; the read is written down."""
    case = steps.case_of(actor_of(request), case_id)
    found = queries.archive_of(case)
    if found is None:
        raise Http404
    answer = JsonResponse(
        {**found.manifest, "digest": found.digest, "kept_until": found.kept_until.isoformat()},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="archive-{case.code}.json"'
    return answer


ROUTES = [
    route(
        "cases/<uuid:case_id>/archive/",
        archive,
        name="case-archive",
        audience=permissions.CLOSE_ARCHIVE,
        reads="archive.read",
    ),
    route(
        "cases/<uuid:case_id>/archive/manifest.json",
        manifest,
        name="archive-manifest",
        audience=permissions.READ_ARCHIVE,
        reads="archive.manifest_read",
    ),
]

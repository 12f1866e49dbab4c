"""Hand in a file, see how far it is, read what was found."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.data.bulk import reasons as of_files
from gongheng.data.standard import registry
from gongheng.data.validations import actions, permissions, queries, reasons, storage
from gongheng.data.validations.forms import FileForm
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
SHOWN = 20
EXAMPLES = 3
REFRESH_SECONDS = "3"
_REASONS = {**of_files.BY_CODE, **reasons.BY_CODE}


@require_http_methods(["GET", "HEAD", "POST"])
def validations(request: HttpRequest) -> HttpResponse:
    """Take a file; list the person's own jobs."""
    actor, form = actor_of(request), FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            handed = actions.Handed(
                name=file.name,
                chunks=file.chunks(),
                dataset=form.cleaned_data["dataset"],
                is_strict=form.cleaned_data["is_strict"],
            )
            try:
                with audit.refusals(actor=actor, deed=actions.SUBMITTED, now=legal_now()):
                    job = actions.submit(handed, actor=actor, now=legal_now())
            except Refusal as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("validation", job.pk)
    context = {
        "form": form,
        "jobs": queries.jobs_of(actor)[:SHOWN],
        "has_engine": actions.has_engine(),
        "no_engine": of_files.NO_ENGINE,
    }
    status = SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "validations/list.html", context, status=status)


@require_safe
def validation(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show a job: its place in the queue, how far it is, what was found."""
    job = get_object_or_404(queries.jobs_of(actor_of(request)), pk=job_id)
    state = State(job.state)
    context: dict[str, Any] = {
        "job": job,
        "state": state,
        "reason": _REASONS.get(job.reason),
        "trail": [(reverse("validations"), "批量校验")],
    }
    if not state.is_over:
        context["before"] = queries.before(job)
    if job.summary is not None:
        context |= _found(job.summary)
        context["has_errors"] = (storage.folder_of(job.pk) / storage.ERRORS).exists()
    answer = render(request, "validations/job.html", context)
    if not state.is_over:
        answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


def _found(summary: dict[str, Any]) -> dict[str, Any]:
    faults = [fault | {"examples": fault["examples"][:EXAMPLES]} for fault in summary["faults"]]
    files = [each | {"reason": _REASONS.get(each["code"])} for each in summary["files"]]
    datasets = [
        {"name": registry.dataset(code).name, **counts}
        for code, counts in summary["datasets"].items()
        if counts["records"]
    ]
    return {
        "datasets": datasets,
        "faults": faults,
        "files": files,
        "not_asked": summary["not_asked"],
        "audit": summary["audit"],
    }


@require_safe
def validation_state(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Give a program the state and, in the end, the summary of a job."""
    job = get_object_or_404(queries.jobs_of(actor_of(request)), pk=job_id)
    return JsonResponse(queries.told(job), json_dumps_params={"ensure_ascii": False})


@require_safe
def validation_errors(request: HttpRequest, job_id: UUID) -> HttpResponse | FileResponse:
    """Give the list of all errors, values of persons masked."""
    job = get_object_or_404(queries.jobs_of(actor_of(request)), pk=job_id, state=State.DONE)
    path = storage.folder_of(job.pk) / storage.ERRORS
    if not path.exists():
        raise Http404
    return errors_of(job)


def errors_of(job: Job) -> FileResponse:
    """Return the list of errors of a job as a file to keep."""
    return FileResponse(
        (storage.folder_of(job.pk) / storage.ERRORS).open("rb"),
        as_attachment=True,
        filename=f"{job.name}-errors.csv",
        content_type="text/csv",
    )


_JOB = "validations/<uuid:job_id>"
ROUTES = [
    route("validations/", validations, name="validations", audience=permissions.USE),
    route(f"{_JOB}/", validation, name="validation", audience=permissions.USE),
    route(f"{_JOB}.json", validation_state, name="validation-state", audience=permissions.USE),
    route(
        f"{_JOB}/errors.csv", validation_errors, name="validation-errors", audience=permissions.USE
    ),
]

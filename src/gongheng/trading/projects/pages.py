"""Pages on which a clerk registers a project and adds its lots."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongheng.data.records.reasons import INVALID
from gongheng.data.standard.forms import StandardForm
from gongheng.kernel.findings import Finding
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.projects import actions, permissions, queries, step_pages
from gongheng.trading.projects.forms import LotForm, RegistrationForm
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
DESK = [("/desk/", "业务工作台")]
"""The beginning of the trail of every page here; the desk itself stands in a later room."""


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Register a project and its first tender."""
    actor, now = actor_of(request), legal_now()
    if request.method != "POST":
        return _project_page(request, RegistrationForm(actor=actor))
    form = RegistrationForm(request.POST, actor=actor)
    if not form.is_valid():
        return _project_page(request, form)

    def register() -> str:
        with audit.refusals(actor=actor, deed="project.registered", now=now):
            tender = actions.register(
                project=form.project_facts(),
                tender_project=form.tender_project_facts(),
                actor=actor,
                now=now,
                submission=_submission(request),
            )
        return str(tender.pk)

    tender_id = told(form, register)
    if tender_id is None:
        return _project_page(request, form)
    tell_notes(request, form)
    messages.success(request, "项目已登记并取得编号。接下来请添加标段。")
    return redirect("desk-case", tender_id)


@require_http_methods(["GET", "HEAD", "POST"])
def new_lot(request: HttpRequest, tender_id: UUID) -> HttpResponse:
    """Add a lot to a tender project."""
    actor, now = actor_of(request), legal_now()
    tender = get_object_or_404(queries.tender_projects_of(actor), pk=tender_id)
    form = LotForm(request.POST) if request.method == "POST" else LotForm()
    context = {
        "form": form,
        "tender": tender,
        "submission": _submission(request),
        "trail": [*DESK, (reverse("desk-case", args=[tender_id]), "招标项目")],
    }

    def add() -> str:
        with audit.refusals(actor=actor, deed="lot.added", now=now, object_id=tender_id):
            lot = actions.add_lot(
                tender_project_id=tender_id,
                facts=form.facts(),
                actor=actor,
                now=now,
                submission=_submission(request),
            )
        return lot.name

    if request.method != "POST":
        return render(request, "projects/new_lot.html", context)
    name = told(form, add) if form.is_valid() else None
    if name is None:
        return render(request, "projects/new_lot.html", context, status=SHOWN_AGAIN)
    tell_notes(request, form)
    messages.success(request, f"标段“{name}”已添加并取得统一交易标识码。")
    return redirect("desk-case", tender_id)


def told(form: StandardForm, deed: Callable[[], str]) -> str | None:
    """Do the deed; when it is refused, say why in the form and return nothing."""
    try:
        return deed()
    except Refusal as refusal:
        findings = refusal.facts.get("findings")
        if refusal.reason is INVALID and isinstance(findings, list):
            _add_findings(form, findings)
        if not form.errors:
            form.add_error(None, str(refusal))
        return None


def _add_findings(form: StandardForm, findings: list[Finding]) -> None:
    for dataset in {dataset for dataset, _ in form.standards()}:
        form.add_findings(dataset, findings)
    told_codes = {code for _, code in form.standards()}
    for finding in findings:
        if finding.field not in told_codes:
            form.add_error(None, f"{finding.message}{finding.remedy}")


def _submission(request: HttpRequest) -> UUID:
    """Return the mark of this form, kept through its corrections; a new one for a new form."""
    try:
        return UUID(request.POST.get("submission", ""))
    except ValueError:
        return uuid7()


def tell_notes(request: HttpRequest, form: StandardForm) -> None:
    """Show on the next page what was helped along in this one."""
    for note in form.notes:
        messages.info(request, note)


def _project_page(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    status = SHOWN_AGAIN if form.is_bound else 200
    context = {"form": form, "submission": _submission(request), "trail": DESK}
    return render(request, "projects/new_project.html", context, status=status)


ROUTES = [
    *step_pages.ROUTES,
    route(
        "desk/projects/new/", new_project, name="desk-new-project", audience=permissions.REGISTER
    ),
    route(
        "desk/projects/<uuid:tender_id>/lots/new/",
        new_lot,
        name="desk-new-lot",
        audience=permissions.REGISTER,
    ),
]

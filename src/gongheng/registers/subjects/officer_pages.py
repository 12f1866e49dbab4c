"""Pages on which officers verify applications and look up subjects."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.data.exchange.stations import keeper
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import (
    actions,
    checking,
    content,
    desk_forms,
    permissions,
    queries,
    rules,
)
from gongheng.registers.subjects.kinds import ApplicationState, Purpose, SubjectKind, SubjectState
from gongheng.registers.subjects.models import Application, Subject, SubjectVersion
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now

SHOWN_AGAIN = 422
MOST_SHOWN = 50
TRAIL = [("/subjects/", "主体库")]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, and find subjects by name or code."""
    actor, now = actor_of(request), legal_now()
    asked = request.GET.get("q", "").strip()[:100]
    subjects = queries.subjects_for(actor)
    if asked:
        subjects = subjects.filter(Q(name__contains=asked) | Q(code=asked.upper()))
    waiting = queries.applications_for(actor).filter(state__in=queries.OPEN)
    context = {
        "waiting": waiting.order_by("due_at")[:MOST_SHOWN],
        "subjects": subjects.order_by("-changed_at", "-id")[:MOST_SHOWN],
        "asked": asked,
        "now": now,
        "keeper": keeper(),
        "may_verify": actor.may(permissions.VERIFY),
    }
    return render(request, "subjects/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show the claim beside the business register's answer, and take the decision."""
    actor = actor_of(request)
    known = get_object_or_404(queries.applications_for(actor), pk=application_id)
    form = desk_forms.DecisionForm(request.POST or None)
    if request.method != "POST":
        return _page(request, known, form)
    if form.is_valid():
        try:
            with audit.refusals(
                actor=actor, deed="subject.decided", now=legal_now(), object_id=known.pk
            ):
                words = _decide(request, known, form, actor)
        except Refusal as refusal:
            form.add_error(_field_of(request), str(refusal))
        else:
            messages.success(request, words)
            return redirect("subjects")
    return _page(request, known, form, status=SHOWN_AGAIN)


def _decide(
    request: HttpRequest, known: Application, form: desk_forms.DecisionForm, actor: Actor
) -> str:
    now = legal_now()
    if "approve" in request.POST:
        actions.approve(application_id=known.pk, actor=actor, now=now)
        return f"“{known.name}”的申请已通过。"
    if "return" in request.POST:
        corrections = form.found(SubjectKind(known.kind))
        actions.send_back(application_id=known.pk, corrections=corrections, actor=actor, now=now)
        return f"已一次性告知“{known.name}”需要补正的内容。"
    actions.reject(
        application_id=known.pk, reason=form.cleaned_data["reason"], actor=actor, now=now
    )
    return f"已决定不予通过“{known.name}”的申请。"


def _field_of(request: HttpRequest) -> str | None:
    if "approve" in request.POST:
        return None
    return "corrections" if "return" in request.POST else "reason"


def _page(
    request: HttpRequest, known: Application, form: desk_forms.DecisionForm, *, status: int = 200
) -> HttpResponse:
    kind = SubjectKind(known.kind)
    changes = _changes(known) if known.purpose == Purpose.CHANGE else []
    context = {
        "application": known,
        "form": form,
        "trail": TRAIL,
        "rows": content.rows(kind, known.body, is_covered=False),
        "changes": changes,
        "findings": checking.findings(known),
        "purpose": Purpose(known.purpose).label,
        "kind": kind.label,
        "may_decide": keeper() is None and known.state == ApplicationState.SUBMITTED,
        "may_return": known.returned_at is None,
        "state": ApplicationState(known.state).label,
        "keeper": keeper(),
    }
    return render(request, "subjects/application.html", context, status=status)


def _changes(known: Application) -> list[tuple[str, str, str]]:
    """Return label, old and new words of what a change would change."""
    kind = SubjectKind(known.kind)
    version = SubjectVersion.objects.filter(
        subject__code=known.code, number=known.base_version
    ).first()
    if version is None:
        return []
    return [
        (
            each["label"],
            content.words(kind, each["field"], each["old"]),
            content.words(kind, each["field"], each["new"]),
        )
        for each in rules.differences(version.body, known.body, content.labels(kind))
    ]


@require_safe
def one(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Show a subject with its versions."""
    subject = get_object_or_404(queries.subjects_for(actor_of(request)), pk=subject_id)
    return _subject_page(request, subject, desk_forms.ReasonForm())


@require_POST
def turn(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Suspend a subject, or end its suspension, for a reason."""
    actor, now = actor_of(request), legal_now()
    subject = get_object_or_404(queries.subjects_within(actor), pk=subject_id)
    form = desk_forms.ReasonForm(request.POST)
    if form.is_valid():
        deed = actions.resume if subject.state == SubjectState.SUSPENDED else actions.suspend
        reason = form.cleaned_data["reason"]
        try:
            with audit.refusals(actor=actor, deed="subject.turned", now=now, object_id=subject_id):
                deed(code=subject.code, reason=reason, actor=actor, now=now)
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, "已登记，立即生效。")
            return redirect("subjects-one", subject_id)
    return _subject_page(request, subject, form, status=SHOWN_AGAIN)


def _subject_page(
    request: HttpRequest, subject: Subject, form: desk_forms.ReasonForm, *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    is_within = actor.reaches(subject.region_code)
    may_turn = actor.may(permissions.VERIFY) and keeper() is None and is_within
    genuine = _is_genuine(subject)
    version = subject.versions.filter(number=subject.version).first()
    kind = SubjectKind(subject.kind)
    context = {
        "subject": subject,
        "genuine": genuine,
        "kind": kind.label,
        "state": SubjectState(subject.state).label,
        "rows": content.rows(kind, version.body, is_covered=False) if version else [],
        "versions": list(queries.versions_of(subject)),
        "key": queries.key_of(subject.code) if genuine else None,
        "age": queries.age_of(subject, now=machine_now()),
        "form": form,
        "trail": TRAIL,
        "may_suspend": may_turn and subject.state == SubjectState.VERIFIED,
        "may_resume": may_turn and subject.state == SubjectState.SUSPENDED,
        "keeper": keeper(),
    }
    return render(request, "subjects/one.html", context, status=status)


def _is_genuine(subject: Subject) -> bool:
    try:
        queries.subject(subject.code)
    except Refusal:
        return False
    return True

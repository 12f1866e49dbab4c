"""Pages of subjects: register, see one's own state, verify; and the list of routes of the room."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.data.exchange.stations import keeper
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import (
    actions,
    agreement_pages,
    checking,
    content,
    desk_forms,
    forms,
    officer_pages,
    permissions,
    queries,
    rules,
)
from gongheng.registers.subjects.actions import Applicant
from gongheng.registers.subjects.kinds import ApplicationState, SubjectKind
from gongheng.registers.subjects.models import Application, Subject
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of, address_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, PUBLIC, SIGNED_IN, route

SHOWN_AGAIN = 422
_WRITTEN = frozenset({"kind", "code"})


@never_cache
@sensitive_post_parameters("password", "password_again", "identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register by credit code: first the type and the code, then the rest, prefilled."""
    is_started = bool(_WRITTEN & request.GET.keys())
    start = forms.StartForm(request.GET if is_started else None)
    if not start.is_valid():
        status = SHOWN_AGAIN if is_started else 200
        return render(request, "subjects/start.html", {"form": start}, status=status)
    kind, code = SubjectKind(start.cleaned_data["kind"]), start.cleaned_data["code"]
    entry, was_asked = checking.entry_of(code) if code else (None, False)
    try:
        rules.require_alive(entry)
    except Refusal as refusal:
        start.add_error("code", _gone_words(refusal))
        return render(request, "subjects/start.html", {"form": start}, status=SHOWN_AGAIN)
    context = {"kind": kind, "entry": entry, "was_asked": was_asked, "keeper": keeper()}
    if request.method != "POST":
        form = forms.sign_up_form(kind, initial=forms.prefilled(code, entry))
        return render(request, "subjects/register.html", context | {"form": form})
    form = forms.sign_up_form(kind, request.POST)
    application = _signed_up(request, form, kind) if form.is_valid() else None
    if application is None:
        return render(
            request, "subjects/register.html", context | {"form": form}, status=SHOWN_AGAIN
        )
    messages.success(request, "登记申请已提交。请用刚才设置的账号登录，查看核验进度。")
    return redirect("subject-mine")


def _gone_words(refusal: Refusal) -> str:
    successor = refusal.facts.get("successor")
    more = f"登记机关的信息显示其权利义务由{successor}承继。" if successor else ""
    return f"{refusal}{more}"


def _signed_up(request: HttpRequest, form: forms.BodyForm, kind: SubjectKind) -> Application | None:
    value = form.cleaned_data
    try:
        return actions.sign_up(
            kind=kind,
            body=form.body(),
            username=value["username"],
            password=value["password"],
            applicant=Applicant(
                name=value["applicant_name"],
                phone=value.get("contact_phone") or value.get("phone") or "",
                address=address_of(request),
            ),
            now=legal_now(),
        )
    except Refusal as refusal:
        form.show(refusal)
        return None


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own subject: its state, who decides until when, its versions and key."""
    actor = actor_of(request)
    subject = _own(actor)
    applications = list(queries.applications_of(actor)[:20])
    context = {
        "subject": subject,
        "age": queries.age_of(subject, now=machine_now()) if subject else None,
        "applications": applications,
        "open": next((each for each in applications if each.state in queries.OPEN), None),
        "rows": _rows_of(subject),
        "versions": list(queries.versions_of(subject)) if subject else [],
        "key": queries.key_of(subject.code) if subject else None,
        "waiting_key": subject.keys.filter(confirmed_at=None, ends_at=None).first()
        if subject
        else None,
        "keeper": keeper(),
    }
    return render(request, "subjects/mine.html", context)


def _own(actor: Actor) -> Subject | None:
    """Return the subject that a person acts for; who merely signed up for it is shown nothing."""
    return queries.subject(actor.organisation_code) if actor.may(permissions.ACT) else None


def _rows_of(subject: Subject | None) -> list[tuple[str, str, str]]:
    version = subject and subject.versions.filter(number=subject.version).first()
    if not subject or not version:
        return []
    return content.rows(SubjectKind(subject.kind), version.body, is_covered=False)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for a change of one's own verified facts; the page shows old beside new first."""
    actor, now = actor_of(request), legal_now()
    version = queries.require_verified(actor.organisation_code)
    kind = SubjectKind(version.subject.kind)
    form = forms.body_form(kind, request.POST or None, initial=forms.typed(kind, version.body))
    context = {"form": form, "version": version, "trail": _TRAIL, "here": "信息变更"}
    if request.method != "POST":
        return render(request, "subjects/change.html", context)
    if not form.is_valid():
        return render(request, "subjects/change.html", context, status=SHOWN_AGAIN)
    body = version.body | form.body()
    if "sure" not in request.POST:
        changes = _shown(kind, rules.differences(version.body, body, content.labels(kind)))
        return render(request, "subjects/change.html", context | {"changes": changes})
    try:
        with audit.refusals(actor=actor, deed="subject.applied", now=now):
            actions.change(body=body, base_version=_number(request), actor=actor, now=now)
    except Refusal as refusal:
        form.show(refusal)
        return render(request, "subjects/change.html", context, status=SHOWN_AGAIN)
    messages.success(request, "变更申请已提交，核验通过后生效；在此之前仍以原信息参加交易。")
    return redirect("subject-mine")


def _shown(kind: SubjectKind, changes: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        each
        | {
            "old": content.words(kind, each["field"], each["old"]),
            "new": content.words(kind, each["field"], each["new"]),
        }
        for each in changes
    ]


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1  # noqa: PLR2004


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Put right what was returned, beside what the officer said."""
    actor, now = actor_of(request), legal_now()
    application = get_object_or_404(queries.applications_of(actor), pk=application_id)
    if application.state != ApplicationState.RETURNED:
        return redirect("subject-mine")
    kind = SubjectKind(application.kind)
    form = forms.body_form(kind, request.POST or None, initial=forms.typed(kind, application.body))
    context = {"form": form, "application": application, "trail": _TRAIL, "here": "补正"}
    if request.method != "POST":
        return render(request, "subjects/correct.html", context)
    if form.is_valid():
        try:
            actions.resubmit(
                application_id=application_id,
                body=application.body | form.body(),
                actor=actor,
                now=now,
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, "补正后的申请已重新提交。")
            return redirect("subject-mine")
    return render(request, "subjects/correct.html", context, status=SHOWN_AGAIN)


@require_http_methods(["GET", "HEAD", "POST"])
def deregister(request: HttpRequest) -> HttpResponse:
    """Ask to be taken out of the register, after a page that says what follows."""
    actor, now = actor_of(request), legal_now()
    version = queries.require_verified(actor.organisation_code)
    context = {"version": version, "trail": _TRAIL, "here": "注销登记"}
    if request.method != "POST":
        return render(request, "subjects/deregister.html", context)
    with audit.refusals(actor=actor, deed="subject.applied", now=now):
        actions.ask_deregistration(actor=actor, now=now)
    messages.success(request, "注销申请已提交，核验通过后生效。")
    return redirect("subject-mine")


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest) -> HttpResponse:
    """Register the key that the subject signs and seals with."""
    actor, now = actor_of(request), legal_now()
    version = queries.require_verified(actor.organisation_code)
    form = desk_forms.KeyForm(request.POST or None)
    context = {
        "form": form,
        "version": version,
        "key": queries.key_of(actor.organisation_code),
        "trail": _TRAIL,
        "here": "签名密钥",
    }
    if request.method != "POST":
        return render(request, "subjects/key.html", context)
    if form.is_valid():
        try:
            with audit.refusals(actor=actor, deed="subject.key_registered", now=now):
                actions.register_key(
                    code=actor.organisation_code,
                    public_key_hex=form.public_key_hex,
                    proof=form.cleaned_data["proof"],
                    actor=actor,
                    now=now,
                )
        except Refusal as refusal:
            form.add_error("proof", str(refusal))
        else:
            messages.success(request, _key_words())
            return redirect("subject-mine")
    return render(request, "subjects/key.html", context, status=SHOWN_AGAIN)


def _key_words() -> str:
    if keeper() is None:
        return "公钥已登记，从现在起生效。"
    return "公钥已提交省级主体库，确认后生效，一般只需几秒。"


_TRAIL = [("/subject/", "我的主体信息")]

ROUTES = [
    route("register/", register, name="subject-register", audience=PUBLIC),
    route("subject/", mine, name="subject-mine", audience=SIGNED_IN, reads=OWN),
    route("subject/change/", change, name="subject-change", audience=permissions.ACT, reads=OWN),
    route(
        "subject/applications/<uuid:application_id>/",
        correct,
        name="subject-correct",
        audience=SIGNED_IN,
        reads=OWN,
    ),
    route(
        "subject/deregister/",
        deregister,
        name="subject-deregister",
        audience=permissions.ACT,
        reads=OWN,
    ),
    route("subject/key/", key, name="subject-key", audience=permissions.ACT, reads=OWN),
    route(
        "subjects/",
        officer_pages.listing,
        name="subjects",
        audience=permissions.LOOK_UP,
        reads="subject.listed",
    ),
    route(
        "subjects/applications/<uuid:application_id>/",
        officer_pages.application,
        name="subjects-application",
        audience=permissions.VERIFY,
        reads="subject.application_read",
    ),
    route(
        "subjects/<uuid:subject_id>/",
        officer_pages.one,
        name="subjects-one",
        audience=permissions.LOOK_UP,
        reads="subject.read",
    ),
    route(
        "subjects/<uuid:subject_id>/turn/",
        officer_pages.turn,
        name="subjects-turn",
        audience=permissions.VERIFY,
        reads="subject.read",
    ),
    route("agreements/", agreement_pages.listing, name="agreements", audience=permissions.AGREE),
    route(
        "agreements/<uuid:agreement_id>/",
        agreement_pages.confirm,
        name="agreements-confirm",
        audience=permissions.AGREE,
    ),
]

"""Signing in and out."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import (
    actions,
    audit,
    codes,
    devices,
    officers_pages,
    own_pages,
    queries,
    role_pages,
)
from gongheng.trust.identity.actors import NOBODY, actor_of, address_of
from gongheng.trust.identity.forms import CodeForm, SignInForm
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.models import Account
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, SIGNED_IN, route

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "identity.waiting_for_code"
PATIENCE = timedelta(minutes=5)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password and lead back to the page that was wanted."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if request.method != "POST":
        if actor_of(request).is_signed_in:
            return HttpResponseRedirect(_safe(request, wanted))
        return _page(request, SignInForm(), wanted)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, wanted, status=422)
    try:
        account = _authenticated(request, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, wanted, status=422)
    if codes.secret_of(account) is not None:
        request.session.cycle_key()
        request.session[WAITING] = [str(account.pk), wanted, machine_now().isoformat()]
        return redirect("identity-code")
    return _welcome(request, account, wanted)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code of somebody whose password was right, for a short while."""
    account, wanted = _waiting(request)
    if account is None:
        return redirect("identity-login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.judge_code(account=account, code=form.cleaned_data["code"], now=machine_now())
        except Refusal as refusal:
            audit.record(
                actor=NOBODY,
                deed="session.begun",
                object_id=account.pk,
                now=legal_now(),
                outcome=Outcome.REFUSED,
                reason=refusal.reason.code,
                address=address_of(request),
            )
            form.add_error("code", str(refusal))
        else:
            request.session.pop(WAITING)
            return _welcome(request, account, wanted)
    status = 422 if form.errors else 200
    return render(request, "identity/code.html", {"form": form}, status=status)


def _waiting(request: HttpRequest) -> tuple[Account | None, str]:
    """Return whose code is waited for, and the page that was wanted."""
    match request.session.get(WAITING):
        case [str(account_id), str(wanted), str(since)]:
            if machine_now() - datetime.fromisoformat(since) < PATIENCE:
                return Account.objects.filter(pk=account_id, is_active=True).first(), wanted
        case _:
            pass
    return None, ""


def _authenticated(request: HttpRequest, form: SignInForm) -> Account:
    username = form.cleaned_data["username"]
    known = queries.account_named(username)
    try:
        return actions.authenticate(
            username=username,
            password=form.cleaned_data["password"],
            address=address_of(request),
            device=devices.mark_of(request, known.pk) if known else "",
            now=machine_now(),
        )
    except Refusal as refusal:
        audit.record(
            actor=NOBODY,
            deed="session.begun",
            object_id=known.pk if known else "",  # a strange name may be a mistyped password
            now=legal_now(),
            outcome=Outcome.REFUSED,
            reason=refusal.reason.code,
            address=address_of(request),
        )
        raise


def _welcome(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    device = devices.mark_of(request, account.pk) or uuid7().hex
    login(request, account, backend=BACKEND)  # gives the session a new key
    del request.actor  # type: ignore[attr-defined]  # was nobody until now
    actor = replace(actor_of(request), device=device)
    audit.record(actor=actor, deed="session.begun", object_id=account.pk, now=legal_now())
    response = HttpResponseRedirect(_safe(request, wanted))
    devices.remember(response, device, account.pk)
    return response


def _safe(request: HttpRequest, wanted: str) -> str:
    """Return the wanted address if it is one of ours, else the first page after signing in."""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if is_ours and not wanted.startswith((reverse("identity-login"), reverse("identity-logout"))):
        return wanted
    return settings.LOGIN_REDIRECT_URL


def _page(
    request: HttpRequest, form: SignInForm, wanted: str, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "next": wanted}
    return render(request, "identity/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; what it held is gone."""
    actor = actor_of(request)
    audit.record(
        actor=actor, deed="session.ended", object_id=actor.account_id or "", now=legal_now()
    )
    logout(request)
    return redirect("identity-login")


ROUTES = [
    route("login/", sign_in, name="identity-login", audience=PUBLIC),
    route("login/code/", code, name="identity-code", audience=PUBLIC),
    route("logout/", sign_out, name="identity-logout", audience=SIGNED_IN),
    *own_pages.ROUTES,
    *officers_pages.ROUTES,
    *role_pages.ROUTES,
]

"""The own account: password, one-time codes, sessions; and the second step of signing in."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import accounts, codes, queries, role_sets, sections
from gongheng.trust.identity.actors import actor_of
from gongheng.trust.identity.forms import CodeForm, PasswordForm
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, SIGNED_IN, route


def _own(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # the route admits nobody else


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show who I am here, which roles I have until when, and how I sign in."""
    own = _own(request)
    now = legal_now()
    templates = role_sets.shown()[0].templates
    grants = [
        {
            "role": Role(grant.role).label,
            "meaning": templates[Role(grant.role)].meaning,
            "until": grant.ends_at,
        }
        for grant in queries.grants_in_force(own, now=now).order_by("role")
    ]
    context = {
        "account": own,
        "grants": grants,
        "has_codes": codes.secret_of(own) is not None,
        "sections": sections.of(own.pk, is_own=True),
    }
    return render(request, "identity/own_account.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; other sessions end, this one goes on."""
    own = _own(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(
                account=own,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                actor=actor_of(request),
                now=legal_now(),
            )
        except Refusal as refusal:
            faults = cast("tuple[str, ...]", refusal.facts.get("faults", ()))
            form.add_error(None, "".join([str(refusal), *faults]))
        else:
            own.refresh_from_db()
            update_session_auth_hash(request, own)
            messages.success(request, "密码已修改；其他设备上的登录已退出。")
            return redirect("identity-account")
    context = {"form": form, "is_first": own.must_change_password}
    status = 422 if form.errors else 200
    return render(request, "identity/password.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_codes(request: HttpRequest) -> HttpResponse:
    """Connect an authenticator: show the secret until its first code is typed."""
    own = _own(request)
    if codes.secret_of(own) is not None:
        return render(request, "identity/codes.html", {"is_done": True})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.confirm_codes(
                account=own,
                code=form.cleaned_data["code"],
                actor=actor_of(request),
                now=legal_now(),
            )
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, "动态验证码已启用，下次登录时除密码外还要填写验证码。")
            return redirect("identity-account")
    secret = codes.enrol(own)
    context = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "uri": codes.provisioning_uri(own, secret),
        "is_required": queries.must_enrol(own, now=legal_now(), is_demo=settings.NODE.is_demo),
    }
    status = 422 if form.errors else 200
    return render(request, "identity/codes.html", context, status=status)


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End the sessions on other devices."""
    own = accounts.end_other_sessions(
        account=_own(request), actor=actor_of(request), now=legal_now()
    )
    update_session_auth_hash(request, own)
    messages.success(request, "其他设备上的登录已退出。")
    return redirect("identity-account")


def first_duty(request: HttpRequest, route_name: str) -> str:
    """Return where a person must go before anything else, or nothing."""
    own = _own(request)
    if route_name in EXEMPT:
        return ""
    if own.must_change_password:
        return "identity-password"
    session = request.session
    if not settings.NODE.is_demo and not session.get("has_codes"):
        if queries.must_enrol(own, now=legal_now(), is_demo=False):
            return "identity-codes"
        session["has_codes"] = True
    return ""


EXEMPT = frozenset(
    {"identity-password", "identity-codes", "identity-logout", "identity-login", "identity-code"}
)
"""Pages that stay open to who still owes a new password or an authenticator."""

ROUTES = [
    route("me/", account, name="identity-account", audience=SIGNED_IN, reads=OWN),
    route("me/password/", password, name="identity-password", audience=SIGNED_IN),
    route("me/codes/", one_time_codes, name="identity-codes", audience=SIGNED_IN),
    route("me/sessions/end/", end_others, name="identity-end-others", audience=SIGNED_IN),
]

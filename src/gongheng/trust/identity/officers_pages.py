"""The pages of the three officers: accounts, roles, audit trail (A-10)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.clock import midnight
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import (
    accounts,
    bodies,
    codes,
    permissions,
    queries,
    role_sets,
    sections,
)
from gongheng.trust.identity.actors import actor_of
from gongheng.trust.identity.forms import AccountForm, GrantForm
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.clock import legal_now
from gongheng.web.paging import paginate
from gongheng.web.routes import route

SHOWN = 100
TRAIL_PAGE = 50


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts of the own area, by name or organisation."""
    actor, now = actor_of(request), legal_now()
    words = request.GET.get("q", "").strip()[:60]
    found = list(queries.accounts_within(actor.reach, words=words)[: SHOWN + 1])
    context = {
        "rows": [(each, _roles(each, now)) for each in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "shown": SHOWN,
        "words": words,
        "may_open": actor.may(permissions.OPEN),
    }
    return render(request, "identity/accounts.html", context)


def _roles(account: Account, now: datetime) -> list[tuple[str, datetime | None]]:
    return [
        (Role(grant.role).label, grant.ends_at)
        for grant in account.grants.all()
        if grant.starts_at <= now and (grant.ends_at is None or grant.ends_at > now)
    ]


@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    actor = actor_of(request)
    form = AccountForm(request.POST or None, initial={"region_code": actor.region_code})
    if request.method == "POST" and form.is_valid():
        facts = accounts.NewAccount(**form.cleaned_data)
        try:
            opened, password = accounts.open_account(facts=facts, actor=actor, now=legal_now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"account": opened, "password": password, "is_new": True}
            return render(request, "identity/first_password.html", context)
    status = 422 if form.errors else 200
    context = {"form": form, "trail": [(reverse("identity-accounts"), "账号和角色")]}
    return render(request, "identity/new_account.html", context, status=status)


@require_safe
def one_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show an account with its roles and what may be done with it."""
    return _one(request, account_id, GrantForm())


def _one(request: HttpRequest, account_id: UUID, form: GrantForm) -> HttpResponse:
    actor, now = actor_of(request), legal_now()
    account = get_object_or_404(queries.accounts_within(actor.reach), pk=account_id)
    standing = queries.grants_in_force(account, now=now).order_by("role")
    standing_set, fault = role_sets.shown()
    templates = standing_set.templates
    context = {
        "account": account,
        "grants": [(Role(grant.role), grant) for grant in standing],
        "rows": list(templates.items()),
        "set": standing_set,
        "fault": fault,
        "has_codes": codes.secret_of(account) is not None,
        "may_open": actor.may(permissions.OPEN),
        "may_grant": actor.may(permissions.GRANT),
        "is_own": account.pk == actor.account_id,
        "form": form,
        "body_type": bodies.type_of(account.organisation_code),
        "sections": sections.of(account.pk, is_own=False),
    }
    status = 422 if form.errors else 200
    return render(request, "identity/account.html", context, status=status)


@require_POST
def grant(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Grant a role until the end of a day."""
    form = GrantForm(request.POST)
    if form.is_valid():
        until = midnight(form.cleaned_data["until"] + timedelta(days=1))
        try:
            accounts.grant(
                account_id=account_id,
                role=Role(form.cleaned_data["role"]),
                ends_at=until,
                actor=actor_of(request),
                now=legal_now(),
            )
        except Account.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已授予角色“{Role(form.cleaned_data['role']).label}”。")
            return redirect("identity-one-account", account_id)
    return _one(request, account_id, form)


def _deed(
    words: str, do: Callable[[HttpRequest, UUID], object]
) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Return a view that does one thing with an account and shows the account again."""

    @require_POST
    def view(request: HttpRequest, account_id: UUID) -> HttpResponse:
        try:
            do(request, account_id)
        except (Account.DoesNotExist, ValueError):
            raise Http404 from None
        messages.success(request, words)
        return redirect("identity-one-account", account_id)

    return view


revoke = _deed(
    "角色已收回，立即生效。",
    lambda request, account_id: accounts.revoke(
        account_id=account_id,
        role=Role(request.POST.get("role", "")),
        actor=actor_of(request),
        now=legal_now(),
    ),
)
stop = _deed(
    "账号已停用，已有的登录随即失效。",
    lambda request, account_id: accounts.set_active(
        account_id=account_id, is_active=False, actor=actor_of(request), now=legal_now()
    ),
)
resume = _deed(
    "账号已恢复。",
    lambda request, account_id: accounts.set_active(
        account_id=account_id, is_active=True, actor=actor_of(request), now=legal_now()
    ),
)


@never_cache
@sensitive_variables("password")
@require_POST
def reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give an account a new first password, shown once."""
    try:
        account, password = accounts.reset_password(
            account_id=account_id, actor=actor_of(request), now=legal_now()
        )
    except Account.DoesNotExist:
        raise Http404 from None
    context = {"account": account, "password": password, "is_new": False}
    return render(request, "identity/first_password.html", context)


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Show the audit trail of the own area; looking at it is written down too (E-16)."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("person", "object", "deed")}
    day, is_day_wrong = _day(request.GET.get("day", ""))
    entries = queries.trail(
        reach=actor.reach,
        person=asked["person"],
        object_id=asked["object"],
        deed=asked["deed"],
        day=day,
    )
    page = paginate(entries, cursor=request.GET.get("page", ""), size=TRAIL_PAGE)
    context = {
        "page": page,
        "asked": asked,
        "day": request.GET.get("day", ""),
        "is_day_wrong": is_day_wrong,
    }
    return render(request, "identity/trail.html", context)


def _day(text: str) -> tuple[date | None, bool]:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None, True
    return (None, True) if day == date.max else (day, False)  # which has no next day


ROUTES = [
    route(
        "accounts/",
        account_list,
        name="identity-accounts",
        audience=permissions.LOOK,
        reads="account.listed",
    ),
    route("accounts/new/", new_account, name="identity-new-account", audience=permissions.OPEN),
    route(
        "accounts/<uuid:account_id>/",
        one_account,
        name="identity-one-account",
        audience=permissions.LOOK,
        reads="account.read",
    ),
    route(
        "accounts/<uuid:account_id>/grant/",
        grant,
        name="identity-grant",
        audience=permissions.GRANT,
        reads="account.read",
    ),
    route(
        "accounts/<uuid:account_id>/revoke/",
        revoke,
        name="identity-revoke",
        audience=permissions.GRANT,
    ),
    route(
        "accounts/<uuid:account_id>/stop/", stop, name="identity-stop", audience=permissions.OPEN
    ),
    route(
        "accounts/<uuid:account_id>/resume/",
        resume,
        name="identity-resume",
        audience=permissions.OPEN,
    ),
    route(
        "accounts/<uuid:account_id>/reset/", reset, name="identity-reset", audience=permissions.OPEN
    ),
    route("audit/", trail, name="identity-trail", audience=permissions.AUDIT, reads="audit.read"),
]

"""The mark of a browser in which an account has signed in before: a signed cookie."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

SALT = "gongheng.identity.device"
SECONDS = 180 * 24 * 3600


def mark_of(request: HttpRequest, account_id: UUID | None) -> str:
    """Return the mark if this account has signed in there before, else nothing."""
    try:
        cookie = request.get_signed_cookie(_name(), default="", salt=SALT, max_age=SECONDS)
    except BadSignature:
        return ""
    mark, _, known_id = (cookie or "").partition(" ")
    return mark if account_id is not None and known_id == str(account_id) else ""


def remember(response: HttpResponse, mark: str, account_id: UUID) -> None:
    """Let the browser bring the mark with every request from now on."""
    response.set_signed_cookie(
        _name(),
        f"{mark} {account_id}",
        salt=SALT,
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _name() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_device"

"""What every answer carries, and how a refusal is said."""

import re
from collections.abc import Callable

from django.db import DataError
from django.http import (
    HttpRequest,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.shortcuts import render

from gongheng.kernel.reasons import Refusal
from gongheng.web.errors import bad_request

_POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # the look's small arrows and ticks are data addresses in its CSS
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_POLICY)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SECURE_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_ZERO_BYTE = re.compile(r"NUL \(0x00\)|\\u0000|unsupported Unicode escape")
"""How the driver and the server say that a text, or a text within JSON, holds one."""

Answer = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeadersMiddleware:
    """Adds the security headers to every answer; a page may state a stricter value itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with headers."""
        answer = self.get_response(request)
        headers = _HEADERS | (_SECURE_HEADERS if request.is_secure() else {})
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            # What one person saw must not stay in a shared machine's or proxy's store.
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class RefusalMiddleware:
    """Says a refusal that a page did not say itself: what happened, why, and what to do next."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; an address that only takes a form says so instead of showing nothing."""
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.accepts("text/html"):
            told = render(request, "web/errors/405.html", status=answer.status_code)
            told["Allow"] = answer["Allow"]
            return told
        return answer

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Return the page of a refusal; leave every other exception to be logged as our fault.

        It is nobody's fault here when a body does not come to its end, nor that no text of a
        database holds a zero byte: whoever sends one did not type it.
        """
        if isinstance(exception, UnreadablePostError):
            return HttpResponseBadRequest()
        if isinstance(exception, DataError) and _ZERO_BYTE.search(str(exception)):
            return bad_request(request)
        if not isinstance(exception, Refusal):
            return None
        context = {"reason": exception.reason, "account": account_of(exception)}
        return render(request, "web/errors/refusal.html", context, status=409)


def account_of(refusal: Refusal) -> str:
    """Return what a refusal says between what happened and what to do next: law, rule, dates."""
    reason = refusal.reason
    return str(refusal).removeprefix(reason.message).removesuffix(reason.remedy)

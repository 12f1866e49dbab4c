"""Routes with the audience each one admits: a page without one is closed to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

View = Callable[..., HttpResponseBase]

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_IN = "signed-in"
"""Any account, whatever its roles."""
PEER = "peer"
"""Another node: the request itself carries a signature, which the view judges."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A deed (``group:room:deed``), its Chinese name and the roles that may do it."""

    code: str
    label: str
    roles: frozenset[str]


def route(pattern: str, view: View, *, name: str, audience: str | Permission) -> URLPattern:
    """Return a URL pattern whose view says whom it admits; identity's middleware enforces it."""

    @wraps(view)
    def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  Django's own shape
        return view(request, *args, **kwargs)

    admitted.audience = audience  # type: ignore[attr-defined]
    return path(pattern, admitted, name=name)

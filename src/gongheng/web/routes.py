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


OWN = "own"
"""What a page ``reads``: protected data of the very person or organisation that asks, nothing else."""


def route(
    pattern: str, view: View, *, name: str, audience: str | Permission, reads: str = ""
) -> URLPattern:
    """Return a URL pattern whose view says whom it admits; identity's middleware enforces it.

    A page that shows protected data (E-16: data of persons, contacts, bidders' papers, experts,
    objectors, deposits, contracts before publication) names in ``reads`` the deed under which the
    middleware writes each reading into the audit trail, ``objection.read``; or it reads ``OWN``.
    """

    @wraps(view)
    def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  Django's own shape
        return view(request, *args, **kwargs)

    admitted.audience = audience  # type: ignore[attr-defined]
    admitted.reads = reads  # type: ignore[attr-defined]
    return path(pattern, admitted, name=name)

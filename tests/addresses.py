"""The addresses of a node, as its URL configuration names them: what is added there is visited too."""

import re
from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from gongheng.trading.cases.models import Case
from gongheng.web.routes import PUBLIC, Permission

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(
    places: Mapping[str, str], *, roles: Collection[str], with_public: bool = True
) -> Iterator[str]:
    """Yield every address whose places are all known here; nobody signs out.

    What is closed to the roles is left out: it is refused before a page is made, of every address
    and role by ``test_authorisation``.
    """
    for pattern in get_resolver().url_patterns:
        route = str(pattern.pattern)
        if not set(_PLACE.findall(route)) <= places.keys() or "logout" in route:
            continue
        audience = getattr(pattern.callback, "audience", None)
        is_closed = isinstance(audience, Permission) and audience.roles.isdisjoint(roles)
        if not is_closed and (with_public or audience != PUBLIC):
            yield "/" + _PLACE.sub(lambda place: places[place[1]], route)


def of_case(case: Case) -> dict[str, str]:
    """Return what stands in the places of an address that is about a case."""
    return {
        "case_id": str(case.pk),
        **dict.fromkeys(("code", "case_code", "reference"), case.code),
        "tender_code": case.code[:20],
        **dict.fromkeys(("number", "file"), "1"),
    }


def tabs(client: Client, case: Case) -> list[str]:
    """Return the addresses of the tabs that somebody has on the page of a case."""
    shown = client.get(f"/cases/{case.pk}/")
    if shown.status_code != HTTPStatus.OK:
        return []
    return [f"/cases/{case.pk}/?tab={tab}" for tab, _ in shown.context["tabs"]]


def plain_templates() -> list[dict[str, Any]]:
    """Return the settings of templates with an empty head and foot: half of every page."""
    [engine] = settings.TEMPLATES
    furniture = dict.fromkeys(("web/header.html", "web/footer.html"), "")
    loaders = [
        ("django.template.loaders.locmem.Loader", furniture),
        "django.template.loaders.app_directories.Loader",
    ]
    cached = [("django.template.loaders.cached.Loader", loaders)]
    return [engine | {"APP_DIRS": False, "OPTIONS": engine["OPTIONS"] | {"loaders": cached}}]

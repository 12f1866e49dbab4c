"""The entries of the head of every page, as the node declares them."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongheng.web.routes import PUBLIC, SIGNED_IN, Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in the navigation, the name of its route, whom it is shown to, and a place on the page."""

    label: str
    route: str
    audience: str | Permission = PUBLIC
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    label: str
    address: str
    is_current: bool


def links_for(request: HttpRequest) -> list[Link]:
    """Return the links of the head that this visitor sees; what this node lacks is left out."""
    return _links(getattr(settings, "NAVIGATION", ()), request)


def footer_links_for(request: HttpRequest) -> list[Link]:
    """Return the links of the foot that this visitor sees."""
    return _links(getattr(settings, "FOOTER_NAVIGATION", ()), request)


def _links(entries: Iterable[Entry], request: HttpRequest) -> list[Link]:
    shows = _shown_to(request)
    links: list[tuple[str, str]] = []
    for entry in entries:
        if not shows(entry):
            continue
        with suppress(NoReverseMatch):
            links.append((entry.label, reverse(entry.route) + entry.anchor))
    current = _current([address for _, address in links], request.path)
    return [Link(label, address, address == current) for label, address in links]


def _shown_to(request: HttpRequest) -> Callable[[Entry], bool]:
    """Return what tells whether an entry is for this visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return lambda entry: entry.audience == PUBLIC
    actor = getattr(request, "actor", None)
    return lambda entry: (
        entry.audience in (PUBLIC, SIGNED_IN)
        or (actor is not None and bool(actor.may(entry.audience)))
    )


def _current(addresses: list[str], path: str) -> str:
    """Return the longest address that the path lies under; the root only when it is the path."""
    under = [a for a in addresses if path == a or (a != "/" and path.startswith(a))]
    return max(under, key=len, default="")

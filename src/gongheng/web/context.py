"""What every template may ask of the node, the visitor and the hour."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongheng.web import rehearsal
from gongheng.web.clock import legal_now
from gongheng.web.display import TextSize, text_size_of
from gongheng.web.inbox import unread_of
from gongheng.web.navigation import Link, footer_links_for, links_for


@dataclass
class Site:
    """The node and this visit, as the base template shows them; nothing is asked for twice."""

    request: HttpRequest

    @cached_property
    def name(self) -> str:
        """Return the node's full name; empty before it is configured."""
        return str(getattr(_node(), "name", ""))

    @property
    def heading(self) -> str:
        """Return the name for the head of the page, where a mark says that it is a demonstration."""
        return self.name.removesuffix("（演示）") if self.is_demo else self.name

    @property
    def tier(self) -> str:
        """Return the node's tier code."""
        return str(getattr(_node(), "tier", ""))

    @property
    def is_demo(self) -> bool:
        """Tell whether what stands here is invented."""
        return bool(getattr(_node(), "is_demo", False))

    @property
    def is_rehearsal(self) -> bool:
        """Tell whether legal time may be moved here."""
        return rehearsal.clock() is not None

    @property
    def domain(self) -> str:
        """Return the address without its scheme, for the head's metadata."""
        return str(getattr(_node(), "url", "")).partition("://")[2].rstrip("/")

    @property
    def identification_code(self) -> str:
        """Return the government site identification code, empty where none was issued."""
        return str(getattr(settings, "SITE_IDENTIFICATION_CODE", ""))

    @property
    def icp_code(self) -> str:
        """Return the ICP filing number, empty where there is none."""
        return str(getattr(settings, "SITE_ICP_CODE", ""))

    @property
    def sponsor(self) -> str:
        """Return who answers for the site."""
        return str(getattr(settings, "SITE_SPONSOR", "")) or self.name

    @cached_property
    def legal_time(self) -> datetime:
        """Return the legal time of this answer."""
        return legal_now()

    @cached_property
    def navigation(self) -> list[Link]:
        """Return the navigation of this visitor."""
        return links_for(self.request)

    @cached_property
    def footer_links(self) -> list[Link]:
        """Return the links at the foot of the page."""
        return footer_links_for(self.request)

    @property
    def is_large_text(self) -> bool:
        """Tell whether the visitor chose large letters."""
        return text_size_of(self.request) == TextSize.LARGE

    @property
    def person(self) -> str:
        """Return the name of whoever is signed in, empty for a visitor."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        return str(getattr(user, "display_name", "") or user)

    @property
    def inbox_address(self) -> str:
        """Return where one's messages are, empty on a node without an inbox."""
        return _address("messages")

    @cached_property
    def unread(self) -> str:
        """Return how many messages wait to be read, empty for none."""
        return unread_of(self.request) if self.person else ""

    @property
    def search_address(self) -> str:
        """Return where notices are searched, empty on a node without a portal."""
        return _address("search")

    @property
    def sign_in_address(self) -> str:
        """Return where one signs in, empty on a node without accounts."""
        return _address("identity-login")

    @property
    def sign_out_address(self) -> str:
        """Return where one signs out (by POST), empty on a node without accounts."""
        return _address("identity-logout")


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``site``; a setting names this function as a context processor."""
    return {"site": Site(request)}


def _node() -> object | None:
    return getattr(settings, "NODE", None)


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""

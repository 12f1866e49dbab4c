"""How many unread messages the head of a page shows; the room with the inbox counts them."""

from collections.abc import Callable

from django.http import HttpRequest

Count = Callable[[HttpRequest], int]

MOST_SHOWN = 99
_sources: list[Count] = []


def provides_unread(source: Count) -> Count:
    """Enter what counts the unread messages of a visitor (decorator)."""
    _sources.append(source)
    return source


def unread_of(request: HttpRequest) -> str:
    """Return the number as it is shown, empty for none."""
    number = sum(source(request) for source in _sources)
    return f"{MOST_SHOWN}+" if number > MOST_SHOWN else str(number or "")

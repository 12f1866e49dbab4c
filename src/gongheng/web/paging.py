"""Keyset paging: a page is found by the row it begins after, never by counting the rows before it."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORWARD, _BACK = b"n", b"p"
_LENGTH = 1 + 8 + 16

RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows; ``is_back`` asks for the rows before it."""

    at: datetime
    id: UUID
    is_back: bool = False

    def encoded(self) -> str:
        """Return the cursor that stands in an address."""
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        packed = (_BACK if self.is_back else _FORWARD) + microseconds.to_bytes(8, signed=True)
        return base64.urlsafe_b64encode(packed + self.id.bytes).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """Return the place a cursor names; None for an empty, foreign or damaged one."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        packed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        if len(packed) != _LENGTH or packed[:1] not in {_FORWARD, _BACK}:
            return None
        microseconds = int.from_bytes(packed[1:9], signed=True)
        at = _EPOCH + timedelta(microseconds=microseconds)
    except (binascii.Error, UnicodeEncodeError, OverflowError):
        return None
    return Place(at, UUID(bytes=packed[9:]), is_back=packed[:1] == _BACK)


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows of one page, newest first, and the cursors beside it (empty at either end).

    ``is_cursor_ignored``: the address held a cursor that names no place; this is the first page.
    """

    rows: list[RowT]
    previous: str
    next: str
    is_cursor_ignored: bool = False


def paginate(rows: QuerySet[RowT, Any], *, cursor: str, size: int) -> Page[RowT]:
    """Return the page of ``rows`` at ``cursor``, by ``published_at`` and ``id``, newest first."""
    place = place_of(cursor)
    if place is not None and place.is_back:
        page = _page_before(rows, place, size)
        if page.rows:
            return page
        place = None
    found = rows if place is None else rows.filter(_beside(place, "lt"))
    listed = list(found.order_by("-published_at", "-id")[: size + 1])
    shown, has_more = listed[:size], len(listed) > size
    return Page(
        rows=shown,
        previous=_cursor(shown[0], is_back=True) if place and shown else "",
        next=_cursor(shown[-1]) if has_more else "",
        is_cursor_ignored=bool(cursor) and place_of(cursor) is None,
    )


def _page_before(rows: QuerySet[RowT, Any], place: Place, size: int) -> Page[RowT]:
    found = rows.filter(_beside(place, "gt")).order_by("published_at", "id")
    listed = list(found[: size + 1])
    shown, has_more = listed[:size][::-1], len(listed) > size
    return Page(
        rows=shown,
        previous=_cursor(shown[0], is_back=True) if has_more else "",
        next=_cursor(shown[-1]) if shown else "",
    )


def _beside(place: Place, side: str) -> Q:
    # The first half alone lets the index stop at the place; the second settles equal instants.
    bound = "lte" if side == "lt" else "gte"
    return Q(**{f"published_at__{bound}": place.at}) & (
        Q(**{f"published_at__{side}": place.at}) | Q(**{f"id__{side}": place.id})
    )


def _cursor(row: Any, *, is_back: bool = False) -> str:  # noqa: ANN401  any row with the two columns
    return Place(row.published_at, row.id, is_back=is_back).encoded()


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of rows, counted no further than ``limit``."""

    number: int
    limit: int

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more rows than were counted."""
        return self.number > self.limit

    def __str__(self) -> str:
        """Return the number as it is shown: ``1,000+`` when there are more."""
        return f"{self.limit:,}+" if self.is_capped else f"{self.number:,}"


def count_capped(rows: QuerySet[Any, Any], *, limit: int = 1000) -> CappedCount:
    """Return how many rows there are, at the cost of at most ``limit`` + 1 of them."""
    return CappedCount(rows.order_by()[: limit + 1].count(), limit)

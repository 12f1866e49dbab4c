"""Where a page of hits begins: between two hits, in their order of rank and time."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IS_BACK, _IS_IN_TITLE = 1, 2
_LENGTH = 1 + 8 + 16
_YEARS = range(1900, 2200)
"""A place outside them is forged: not every such moment has a day in Beijing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place beside a hit; ``is_back`` asks for the hits before it."""

    is_in_title: bool
    at: datetime
    id: UUID
    is_back: bool = False

    def encoded(self) -> str:
        """Return the place as it stands in an address."""
        flags = _IS_BACK * self.is_back + _IS_IN_TITLE * self.is_in_title
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        packed = bytes([flags]) + microseconds.to_bytes(8, signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def place_of(text: str) -> Place | None:
    """Return the place that an address names; None for an empty, foreign or damaged one."""
    padded = text + "=" * (-len(text) % 4)
    try:
        packed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        if len(packed) != _LENGTH or packed[0] > _IS_BACK + _IS_IN_TITLE:
            return None
        at = _EPOCH + timedelta(microseconds=int.from_bytes(packed[1:9], signed=True))
    except (binascii.Error, UnicodeEncodeError, OverflowError):
        return None
    if at.year not in _YEARS:
        return None
    flags = packed[0]
    return Place(
        is_in_title=bool(flags & _IS_IN_TITLE),
        at=at,
        id=UUID(bytes=packed[9:]),
        is_back=bool(flags & _IS_BACK),
    )

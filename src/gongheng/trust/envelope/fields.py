"""JSON objects read exactly: every field named, of its type, in its one spelling, none left over."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.trust.crypto.digests import LENGTH
from gongheng.trust.tlog.exact import from_base64, from_hex

_T = TypeVar("_T")


class Fields:
    """The fields of one object. Everything here raises ``ValueError`` for what is not exact."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise ValueError("not an object")  # noqa: TRY004  bad data, not a bad call
        self._left: dict[str, object] = dict(value)

    @classmethod
    def of_bytes(cls, data: bytes) -> "Fields":
        """Read canonical JSON."""
        try:
            value = json.loads(data)
            is_exact = canonical(value) == data
        except (TypeError, RecursionError, UnicodeError) as error:
            raise ValueError("not canonical") from error
        if not is_exact:
            raise ValueError("not canonical")
        return cls(value)

    def _take(self, name: str, kind: type[_T]) -> _T:
        value = self._left.pop(name, None)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValueError(name)
        return value

    def text(self, name: str, longest: int = 500) -> str:
        """Return a text, possibly empty."""
        value = self._take(name, str)
        if len(value) > longest:
            raise ValueError(name)
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number within its limits, both included."""
        value = self._take(name, int)
        if not least <= value <= most:
            raise ValueError(name)
        return value

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        return self._take(name, bool)

    def digest(self, name: str) -> bytes:
        """Return 32 bytes written in hexadecimal."""
        data = from_hex(self.text(name))
        if len(data) != LENGTH:
            raise ValueError(name)
        return data

    def hex(self, name: str) -> bytes:
        """Return bytes written in hexadecimal."""
        return from_hex(self.text(name))

    def base64(self, name: str, longest: int = 100_000) -> bytes:
        """Return bytes written in base64."""
        return from_base64(self.text(name, longest))

    def instant(self, name: str) -> datetime:
        """Return an instant in Beijing time."""
        text = self.text(name)
        value = datetime.fromisoformat(text)
        if value.tzinfo is None or instant_text(value) != text:
            raise ValueError(name)
        return value.astimezone(BEIJING)

    def inner(self, name: str) -> "Fields":
        """Return an object inside this one."""
        return Fields(self._take(name, dict))

    def mapping(self, name: str) -> Mapping[str, object]:
        """Return an object inside this one as it stands."""
        return self._take(name, dict)

    def each(self, name: str, read: Callable[["Fields"], _T]) -> tuple[_T, ...]:
        """Return a list of objects, each read by ``read`` to its end."""
        return tuple(whole(Fields(item), read) for item in self._take(name, list))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self._take(name, list)
        if not all(isinstance(item, str) for item in found):
            raise ValueError(name)
        return tuple(found)

    def digests(self, name: str) -> tuple[bytes, ...]:
        """Return a list of different digests in rising order."""
        found = tuple(from_hex(text) for text in self.texts(name))
        if any(len(item) != LENGTH for item in found) or list(found) != sorted(set(found)):
            raise ValueError(name)
        return found

    def version(self) -> None:
        """Take the version, which is 1."""
        self.whole("v", 1, 1)

    def end(self) -> None:
        """Require that nothing is left."""
        if self._left:
            raise ValueError(f"unknown: {min(self._left)}")


def whole(fields: Fields, read: Callable[[Fields], _T]) -> _T:
    """Return what ``read`` makes of an object of which nothing may be left over."""
    value = read(fields)
    fields.end()
    return value


def instant_text(instant: datetime) -> str:
    """Return the one spelling of an instant: Beijing time with its offset."""
    return instant.astimezone(BEIJING).isoformat()

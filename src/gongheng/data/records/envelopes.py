"""One version of one record as it travels: what is said about it, and its body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.reasons import MALFORMED
from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3

_DATASET = re.compile(r"[A-Z0-9_]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NODE = re.compile(r"[0-9A-Za-z._-]{1,40}")
LARGEST_NUMBER = 2**31 - 1
_Kind = TypeVar("_Kind", Operation, Audience)


def digest_of(body: Mapping[str, object]) -> str:
    """Return the SM3 (hex) of the canonical body: the same on every tier."""
    return sm3(canonical(body)).hex()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A version on its way: ``number`` and ``origin`` are its maker's, ``digest`` covers the body."""

    dataset: str
    number: int
    operation: Operation
    body: Mapping[str, object] = field(repr=False)
    digest: str
    audience: Audience
    origin: str
    case_code: str
    published_at: datetime
    not_before: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """Return the wire form; instants are ISO 8601 with zone."""
        return {
            "dataset": self.dataset,
            "number": self.number,
            "operation": self.operation.value,
            "body": dict(self.body),
            "digest": self.digest,
            "audience": self.audience.value,
            "origin": self.origin,
            "case_code": self.case_code,
            "published_at": self.published_at.isoformat(),
            "not_before": self.not_before.isoformat() if self.not_before else None,
        }


def read(raw: object, *, origin: str) -> Envelope:
    """Return the envelope in ``raw``; ``origin`` stands for one that names none.

    Raises ``Refusal`` (``MALFORMED``) with the fact ``what``: the item that is wrong.
    """
    if not isinstance(raw, dict):
        raise Refusal(MALFORMED, what="record")
    body = raw.get("body")
    if not isinstance(body, dict) or not _is_storable(body):
        raise Refusal(MALFORMED, what="body")
    return Envelope(
        dataset=_text(raw, "dataset", _DATASET),
        number=_number(raw),
        operation=_choice(raw, "operation", Operation, Operation.INSERT),
        body=body,
        digest=_text(raw, "digest", _DIGEST),
        audience=_choice(raw, "audience", Audience, Audience.PUBLIC),
        origin=_text(raw, "origin", _NODE) if raw.get("origin") else origin,
        case_code=_short(raw, "case_code"),
        published_at=_instant(raw, "published_at"),
        not_before=_instant(raw, "not_before") if raw.get("not_before") else None,
    )


def _is_storable(body: Mapping[str, object]) -> bool:
    """Tell whether a body has a canonical form that the database can hold (no NUL, no floats)."""
    try:
        return b"\\u0000" not in canonical(body)
    except (TypeError, ValueError, RecursionError):
        return False


def _text(raw: Mapping[str, object], name: str, pattern: re.Pattern[str]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refusal(MALFORMED, what=name)
    return value


def _short(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > 200 or "\0" in value:  # noqa: PLR2004  a code, not a text
        raise Refusal(MALFORMED, what=name)
    return value


def _number(raw: Mapping[str, object]) -> int:
    value = raw.get("number")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_NUMBER:
        raise Refusal(MALFORMED, what="number")
    return value


def _choice(raw: Mapping[str, object], name: str, kind: type[_Kind], default: _Kind) -> _Kind:
    given = raw.get(name) or default
    for choice in kind:
        if choice == given:
            return choice
    raise Refusal(MALFORMED, what=name)


def _instant(raw: Mapping[str, object], name: str) -> datetime:
    value = raw.get(name)
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Refusal(MALFORMED, what=name)
    return instant

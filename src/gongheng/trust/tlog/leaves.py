"""What the leaves of records hold: a salted digest, never the content itself.

Without a salt a short or guessable content could be found by trying. The salt is published with the
public body and opens only that: whatever a leaf says about fields that were kept back is under
another salt, which the room that entered the leaf never publishes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.tlog.exact import from_json

COLUMN_TYPES = frozenset({str, int})
"""Of what a column is, exactly: the number 1 and the truth value are equal here, but not written so."""

_COMMITMENTS = frozenset({"v", "id", "public", "full"})


def public_digest(published_salt: bytes, body: Mapping[str, object]) -> str:
    """Return the digest (SM3, hexadecimal) of a public body under its published salt."""
    return sm3(published_salt + canonical(body)).hex()


@dataclass(frozen=True, slots=True)
class Claim:
    """What an openable leaf says: which record or act it is, and the digest of its public body.

    ``columns`` are what pages show beside the body: kind, time, number of the version and the like.
    """

    record: str
    public: str
    columns: Mapping[str, str | int]

    @property
    def words(self) -> str:
        """Return how the row is named to people."""
        if "dataset" in self.columns:
            return f"记录 {self.record}（{self.columns['dataset']} 第 {self.columns.get('version')} 版）"
        kind = self.columns.get("kind")
        return f"事件 {self.record}（{kind}）" if kind else f"记录 {self.record}"


def claim_of(data: bytes) -> Claim | None:
    """Return what a leaf says about a public body, or None for a leaf that discloses none."""
    try:
        content = from_json(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    record, public = content.get("id"), content.get("public")
    if not isinstance(record, str) or not isinstance(public, str):
        return None
    return Claim(record=record, public=public, columns=_columns(content))


def _columns(content: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        name: value
        for name, value in content.items()
        if type(value) in COLUMN_TYPES and name not in _COMMITMENTS
    }

"""What the leaves of records hold: a salted digest, never the content itself.

Without a salt a short or guessable content could be found by trying. The salt is published with the
public body and opens only that: whatever a leaf says about fields that were kept back is under
another salt, which the room that entered the leaf never publishes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3


def public_digest(published_salt: bytes, body: Mapping[str, object]) -> str:
    """Return the digest (SM3, hexadecimal) of a public body under its published salt."""
    return sm3(published_salt + canonical(body)).hex()


@dataclass(frozen=True, slots=True)
class Claim:
    """What an openable leaf says: which record it is, and the digest of its public body."""

    record: str
    public: str


def claim_of(data: bytes) -> Claim | None:
    """Return what a leaf says about a public body, or None for a leaf that discloses none."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    record, public = content.get("id"), content.get("public")
    if not isinstance(record, str) or not isinstance(public, str):
        return None
    return Claim(record=record, public=public)

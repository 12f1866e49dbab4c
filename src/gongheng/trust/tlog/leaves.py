"""What the leaves of records hold: salted digests, never the content itself.

Without a salt a short or guessable content could be found by trying. The salt of a public body is
published with it and is derived from the record's own salt, never the reverse: whoever has the
public body and its salt still cannot try values of the fields that were kept back, whose digest
uses the record's own salt.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3


def public_salt(salt: bytes) -> bytes:
    """Return the salt that is published with the public body of a record with this own salt."""
    return sm3(b"public" + salt)


def public_digest(published_salt: bytes, body: Mapping[str, object]) -> str:
    """Return the digest (SM3, hexadecimal) of a public body under its published salt."""
    return sm3(published_salt + canonical(body)).hex()


def full_digest(salt: bytes, body: Mapping[str, object]) -> str:
    """Return the digest (SM3, hexadecimal) of a whole body under the record's own salt."""
    return sm3(salt + canonical(body)).hex()


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

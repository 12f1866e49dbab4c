"""Digests of what is too large to hold: fed piece by piece."""

import hashlib
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from gongheng.trust.crypto.gcm import Buffer


class Running(Protocol):
    """A digest that is being computed."""

    def update(self, data: Buffer, /) -> None:
        """Take the next piece."""

    def digest(self) -> bytes:
        """Return the digest of all pieces so far."""


class _Sm3OfCryptography:
    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: Buffer, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.copy().finalize()


def sha256() -> Running:
    """Begin a SHA-256 digest."""
    return hashlib.sha256()


def sm3() -> Running:
    """Begin an SM3 digest, by the faster engine that this machine has."""
    try:
        return hashlib.new("sm3")
    except ValueError:
        return _Sm3OfCryptography()

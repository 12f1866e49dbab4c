"""SM3 and SHA-256 of byte strings."""

import hashlib
from functools import cache

from cryptography.hazmat.primitives import hashes

LENGTH = 32
"""Both digests are this many bytes long."""


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 digest of ``data``."""
    return hashlib.sha256(data).digest()


def _sm3_of_hashlib(data: bytes) -> bytes:
    # Asked for by name it is looked up in the library each time: for a node of a tree as long as it takes.
    digest = _empty_sm3().copy()
    digest.update(data)
    return digest.digest()


@cache
def _empty_sm3() -> "hashlib._Hash":
    return hashlib.new("sm3")


def _sm3_of_cryptography(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _hashlib_knows_sm3() -> bool:
    # ``algorithms_available`` is not enough: some builds list names whose use is refused.
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return False
    return True


sm3 = _sm3_of_hashlib if _hashlib_knows_sm3() else _sm3_of_cryptography
"""Return the SM3 digest of ``data`` (GB/T 32905), by the faster engine that this machine has."""

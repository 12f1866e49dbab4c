"""Keys derived from keys: HKDF (RFC 5869) and the HMAC below it, both over SM3."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def extract(salt: bytes, secret: bytes) -> bytes:
    """Return 32 bytes that hold the entropy of ``secret``, bound to ``salt``."""
    mac = HMAC(salt, hashes.SM3())
    mac.update(secret)
    return mac.finalize()


def expand(key: bytes, label: bytes, length: int) -> bytes:
    """Return ``length`` bytes derived from an extracted key; other labels give unrelated bytes."""
    return HKDFExpand(hashes.SM3(), length, label).derive(key)

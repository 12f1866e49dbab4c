"""Every value of a sealed part that follows from its two secrets, and the digests that prove them.

One secret is the bidder's, the other is split among the holders: nobody opens alone (E-04).
"""

from dataclasses import dataclass

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto import hkdf
from gongheng.trust.crypto.digests import LENGTH, sm3
from gongheng.trust.envelope import shamir

_LABEL = b"gongheng envelope 1 "
SECRET_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder holds of one part: a salt, and the value of the polynomial."""

    salt: bytes
    value: bytes


def context(*, lot: str, policy: bytes, part: str, suite: str, bidder: str) -> bytes:
    """Return the digest that binds all derivations to this tender, policy, part and bidder."""
    named = {"bidder": bidder, "lot": lot, "part": part, "policy": policy.hex(), "suite": suite}
    return sm3(_LABEL + b"context" + canonical(named))


def half(seed: bytes, part: bytes) -> bytes:
    """Return the bidder's half for the part with the context ``part``."""
    return hkdf.expand(seed, _LABEL + b"half" + part, SECRET_LENGTH)


def half_digest(part: bytes, bidders_half: bytes) -> bytes:
    """Return what the header says about the bidder's half, so that a wrong one is recognised."""
    return sm3(_LABEL + b"half digest" + part + bidders_half)


def master(part: bytes, bidders_half: bytes, holders_secret: bytes) -> bytes:
    """Return the master secret of a part; the bidder's half is empty where the policy has none."""
    return hkdf.extract(part, bidders_half + holders_secret)


def content_key(master_secret: bytes, length: int) -> bytes:
    """Return the key that seals the chunks."""
    return hkdf.expand(master_secret, _LABEL + b"content", length)


def commitment(part: bytes, master_secret: bytes) -> bytes:
    """Return the digest that fixes the master secret, so that one ciphertext has one content."""
    return sm3(_LABEL + b"commitment" + part + master_secret)


def shares(master_secret: bytes, holders_secret: bytes, k: int, n: int) -> tuple[Share, ...]:
    """Return the shares 1 to ``n`` of the holders' secret, any ``k`` of which recover it."""
    coefficients = [_numbered(master_secret, b"coefficient", place) for place in range(1, k)]
    return tuple(
        Share(
            salt=_numbered(master_secret, b"salt", index),
            value=shamir.share(holders_secret, coefficients, index),
        )
        for index in range(1, n + 1)
    )


def share_digest(part: bytes, index: int, share: Share) -> bytes:
    """Return what the header says about a share, so that a wrong one is recognised.

    The context is in it: a wrap copied into another bidder's envelope is refused by its holder.
    """
    return sm3(_LABEL + b"share" + part + bytes([index]) + share.salt + share.value)


def _numbered(master_secret: bytes, what: bytes, number: int) -> bytes:
    return hkdf.expand(master_secret, _LABEL + what + bytes([number]), LENGTH)

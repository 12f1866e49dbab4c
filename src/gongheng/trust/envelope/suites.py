"""The cipher suites: which cipher seals the chunks, which digest runs over them.

Everything else (derivations, commitments, headers, statements) is SM3 and SM2 in every suite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongheng.trust.crypto import gcm, running

CHUNK = 1 << 20
"""Plaintext bytes of every chunk; there is no shorter one, since contents are padded."""
SEALED_CHUNK = CHUNK + gcm.TAG_LENGTH


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher with its key length, and the digest over ciphertexts."""

    name: str
    key_length: int
    cipher: Callable[[bytes], gcm.Gcm]
    digest: Callable[[], running.Running]


SM4 = Suite("sm4-gcm-sm3", gcm.SM4_KEY_LENGTH, gcm.Sm4Gcm, running.sm3)
AES = Suite("aes-256-gcm-sha256", gcm.AES_KEY_LENGTH, gcm.Aes256Gcm, running.sha256)
SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (SM4, AES)}


def nonce(number: int, *, is_last: bool) -> bytes:
    """Return the nonce of chunk ``number`` of a part: 11 bytes of counter, one of the last flag."""
    return number.to_bytes(11) + bytes([is_last])

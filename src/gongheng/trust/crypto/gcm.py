"""Authenticated encryption in Galois counter mode: SM4 (GB/T 32907) and AES-256.

Ciphertext and tag are one byte string, the tag last, as in RFC 5116 and RFC 8998.
"""

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Buffer = bytes | bytearray | memoryview

NONCE_LENGTH = 12
TAG_LENGTH = 16
SM4_KEY_LENGTH = 16
AES_KEY_LENGTH = 32


class ForgedCiphertext(Exception):
    """Ciphertext, tag, nonce, key or accompanying data do not belong together."""


class Gcm(Protocol):
    """One key of one cipher."""

    def encrypt(self, nonce: bytes, data: Buffer, associated: bytes) -> bytes:
        """Return ciphertext and tag. A nonce serves one message of a key, never two."""

    def decrypt(self, nonce: bytes, sealed: Buffer, associated: bytes) -> bytes:
        """Return the plaintext. Raises ``ForgedCiphertext``."""


class Sm4Gcm:
    """SM4 with a key of 16 bytes."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: Buffer, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: Buffer, associated: bytes) -> bytes:
        """Return the plaintext. Raises ``ForgedCiphertext``."""
        whole = memoryview(sealed)
        if len(whole) < TAG_LENGTH:
            raise ForgedCiphertext
        mode = modes.GCM(nonce, bytes(whole[-TAG_LENGTH:]))
        decryptor = Cipher(self._algorithm, mode).decryptor()
        decryptor.authenticate_additional_data(associated)
        data = decryptor.update(whole[:-TAG_LENGTH])
        try:
            decryptor.finalize()
        except InvalidTag as error:
            raise ForgedCiphertext from error
        return data


class Aes256Gcm:
    """AES with a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != AES_KEY_LENGTH:
            msg = "AES-256 takes a key of 32 bytes"
            raise ValueError(msg)
        self._cipher = AESGCM(key)

    def encrypt(self, nonce: bytes, data: Buffer, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        return self._cipher.encrypt(nonce, data, associated)

    def decrypt(self, nonce: bytes, sealed: Buffer, associated: bytes) -> bytes:
        """Return the plaintext. Raises ``ForgedCiphertext``."""
        try:
            return self._cipher.decrypt(nonce, sealed, associated)
        except InvalidTag as error:
            raise ForgedCiphertext from error

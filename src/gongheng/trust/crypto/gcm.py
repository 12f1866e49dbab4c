"""Authenticated encryption in Galois counter mode: SM4 (GB/T 32907) and AES-256.

Ciphertext and tag are one byte string, the tag last, as in RFC 5116 and RFC 8998.
"""

from abc import ABC, abstractmethod

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Buffer = bytes | bytearray | memoryview
Room = bytearray | memoryview

NONCE_LENGTH = 12
TAG_LENGTH = 16
SM4_KEY_LENGTH = 16
AES_KEY_LENGTH = 32


class ForgedCiphertext(Exception):
    """Ciphertext, tag, nonce, key or accompanying data do not belong together."""


class Gcm(ABC):
    """One key of one cipher. A nonce serves one message of a key, never two."""

    @abstractmethod
    def __init__(self, key: bytes) -> None:
        """Take a key of the cipher's length."""

    @abstractmethod
    def encrypt_into(self, nonce: bytes, data: Buffer, associated: bytes, out: Room) -> memoryview:
        """Write ciphertext and tag into ``out``, as long as both, and return a view of them."""

    @abstractmethod
    def decrypt_into(
        self, nonce: bytes, sealed: Buffer, associated: bytes, out: Room
    ) -> memoryview:
        """Write the plaintext into ``out``, as long as ``sealed``, and return a view of it.

        Raises ``ForgedCiphertext``; what ``out`` holds then must not be used.
        """

    def encrypt(self, nonce: bytes, data: Buffer, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        return bytes(self.encrypt_into(nonce, data, associated, bytearray(len(data) + TAG_LENGTH)))

    def decrypt(self, nonce: bytes, sealed: Buffer, associated: bytes) -> bytes:
        """Return the plaintext. Raises ``ForgedCiphertext``."""
        return bytes(self.decrypt_into(nonce, sealed, associated, bytearray(len(sealed))))


class Sm4Gcm(Gcm):
    """SM4 with a key of 16 bytes."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt_into(self, nonce: bytes, data: Buffer, associated: bytes, out: Room) -> memoryview:
        """Write ciphertext and tag into ``out`` and return a view of them."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        encryptor.update_into(data, out)
        encryptor.finalize()
        view = memoryview(out)
        view[len(data) :] = encryptor.tag
        return view

    def decrypt_into(
        self, nonce: bytes, sealed: Buffer, associated: bytes, out: Room
    ) -> memoryview:
        """Write the plaintext into ``out`` and return a view of it."""
        if len(sealed) < TAG_LENGTH:
            raise ForgedCiphertext
        whole = memoryview(sealed)
        mode = modes.GCM(nonce, bytes(whole[-TAG_LENGTH:]))
        decryptor = Cipher(self._algorithm, mode).decryptor()
        decryptor.authenticate_additional_data(associated)
        decryptor.update_into(whole[:-TAG_LENGTH], out)
        try:
            decryptor.finalize()
        except InvalidTag as error:
            raise ForgedCiphertext from error
        return memoryview(out)[:-TAG_LENGTH]


class Aes256Gcm(Gcm):
    """AES with a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != AES_KEY_LENGTH:
            msg = "AES-256 takes a key of 32 bytes"
            raise ValueError(msg)
        self._cipher = AESGCM(key)

    def encrypt_into(self, nonce: bytes, data: Buffer, associated: bytes, out: Room) -> memoryview:
        """Write ciphertext and tag into ``out`` and return a view of them."""
        self._cipher.encrypt_into(nonce, data, associated, out)
        return memoryview(out)

    def decrypt_into(
        self, nonce: bytes, sealed: Buffer, associated: bytes, out: Room
    ) -> memoryview:
        """Write the plaintext into ``out`` and return a view of it."""
        if len(sealed) < TAG_LENGTH:
            raise ForgedCiphertext
        view = memoryview(out)[:-TAG_LENGTH]
        try:
            self._cipher.decrypt_into(nonce, sealed, associated, view)
        except InvalidTag as error:
            raise ForgedCiphertext from error
        return view

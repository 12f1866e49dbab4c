"""Bytes as text in their one exact spelling: what can be written in two ways can hide something."""

import base64
import binascii


def to_base64(data: bytes) -> str:
    """Return the base64 of ``data``."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Return the bytes of a base64 text. Raises ``ValueError`` for any but the exact spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if to_base64(data) != text:
        raise ValueError(text)
    return data


def from_hex(text: str) -> bytes:
    """Return the bytes of a lower-case hexadecimal text. Raises ``ValueError`` for any other."""
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError(text)
    return data

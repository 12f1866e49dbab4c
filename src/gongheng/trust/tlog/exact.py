"""Bytes as text in their one exact spelling: what can be written in two ways can hide something."""

import binascii
import json


def to_base64(data: bytes) -> str:
    """Return the base64 of ``data``."""
    return binascii.b2a_base64(data, newline=False).decode()


def from_base64(text: str) -> bytes:
    """Return the bytes of a base64 text. Raises ``ValueError`` for any but the exact spelling."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if to_base64(data) != text:
        raise ValueError(text)
    return data


_DECODE = json.JSONDecoder().raw_decode


def from_json(data: bytes) -> object:
    """Return the value of one JSON text in UTF-8, with nothing around it but the end of its line.

    Raises ``ValueError`` for anything else, ``RecursionError`` for what is nested without end.
    """
    text = data.decode()
    value, end = _DECODE(text)
    if text[end:] not in ("", "\n"):
        raise ValueError(end)
    return value


def from_hex(text: str) -> bytes:
    """Return the bytes of a lower-case hexadecimal text. Raises ``ValueError`` for any other."""
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError(text)
    return data

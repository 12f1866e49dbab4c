"""Signed statements: a label that says what is meant, a canonical JSON object, an SM2 signature.

The label is signed with the payload, so that a receipt can never be shown as a batch.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey

FORGED = Reason(
    code="crypto.statement_forged",
    message="签名与内容或签名人不符，该报文不能采信。",
    remedy="请发送方核对所用密钥和报文内容，重新签名后再发送。",
)


class ForgedStatement(Refusal):
    """A statement whose signature, label, signer or form is not what it claims."""

    def __init__(self) -> None:
        super().__init__(FORGED)


@dataclass(frozen=True, slots=True)
class Statement:
    """The signed bytes (canonical JSON) and their DER signature."""

    payload: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """Return both as one line of text."""
        parts = (self.payload, self.signature)
        return ".".join(base64.b64encode(part).decode() for part in parts)


def sign(label: str, payload: Mapping[str, object], key: PrivateKey) -> Statement:
    """Return ``payload`` in canonical form with a signature over label and payload."""
    body = canonical(payload)
    return Statement(payload=body, signature=key.sign(_signed_bytes(label, body)))


def read(label: str, payload: bytes, signature: bytes, public: PublicKey) -> dict[str, Any]:
    """Return the content of a statement signed by ``public``. Raises ``ForgedStatement``."""
    if not public.verify(signature, _signed_bytes(label, payload)):
        raise ForgedStatement
    try:
        content = json.loads(payload)
        is_exact = isinstance(content, dict) and canonical(content) == payload
    except (ValueError, TypeError, RecursionError) as error:
        raise ForgedStatement from error
    if not is_exact:
        raise ForgedStatement
    return dict(content)


def read_line(label: str, line: str, public: PublicKey) -> dict[str, Any]:
    """Return the content of a statement written as one line. Raises ``ForgedStatement``."""
    try:
        payload, signature = (base64.b64decode(part, validate=True) for part in line.split("."))
    except (ValueError, binascii.Error) as error:
        raise ForgedStatement from error
    return read(label, payload, signature, public)


@lru_cache(maxsize=1024)
def holds(label: str, statement: Statement, *, by: str) -> bool:
    """Tell whether a statement is that of a public key (hex); the same one is proved only once.

    For statements that many requests rest on, as the policy of a tender and its holders' keys.
    """
    try:
        read(label, statement.payload, statement.signature, PublicKey.from_hex(by))
    except Refusal:
        return False
    return True


def _signed_bytes(label: str, payload: bytes) -> bytes:
    if not label or "\n" in label:
        msg = "a label is one line of text"
        raise ValueError(msg)
    return label.encode() + b"\n" + payload

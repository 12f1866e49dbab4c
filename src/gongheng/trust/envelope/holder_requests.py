"""Requests of a body that holds shares: each carries a statement signed by its standing key.

The statement names body, node, method, path and the digest of what is sent, and when it was made
by the machine's clock; so a request cannot be turned to another purpose, node or day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.tlog.exact import from_base64, to_base64

LABEL = "gongheng.holder-request.v1"
SCHEME = "Gongheng-Holder "
SKEW = timedelta(minutes=15)

UNSIGNED = Reason(
    code="envelope.request_unsigned",
    message="请求没有保管方的有效签名，不能受理。",
    remedy="请核对所用的常用签名私钥、平台代码和本机时间，再发送一次。",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says to be asking, before the signature was checked."""

    code: str
    payload: bytes
    signature: bytes


def authorization(
    *, code: str, node: str, method: str, path: str, body: bytes, key: PrivateKey, now: datetime
) -> str:
    """Return the ``Authorization`` header of a request; ``now`` is machine time."""
    facts = {**_facts(code, node, method, path, body), "made_at": instant_text(now)}
    statement = sign(LABEL, facts, key)
    return f"{SCHEME}{to_base64(statement.payload)}.{to_base64(statement.signature)}"


def claim_of(header: str) -> Claim:
    """Return who claims to be asking. Raises ``Refusal`` (``UNSIGNED``)."""
    if not header.startswith(SCHEME):
        raise Refusal(UNSIGNED)
    try:
        statement, _, signature = header.removeprefix(SCHEME).partition(".")
        payload = from_base64(statement)
        return Claim(Fields.of_bytes(payload).text("code", 32), payload, from_base64(signature))
    except ValueError as error:
        raise Refusal(UNSIGNED) from error


def require_signed(
    claim: Claim, *, key: PublicKey, node: str, method: str, path: str, body: bytes, now: datetime
) -> None:
    """Refuse a request that the body did not make for this purpose and time.

    ``now`` is machine time. Raises ``Refusal`` (``UNSIGNED``).
    """
    try:
        read(LABEL, claim.payload, claim.signature, key)
        facts, made_at = whole(Fields.of_bytes(claim.payload), _read)
    except (ValueError, ForgedStatement) as error:
        raise Refusal(UNSIGNED) from error
    if facts != _facts(claim.code, node, method, path, body) or abs(now - made_at) > SKEW:
        raise Refusal(UNSIGNED)


def _facts(code: str, node: str, method: str, path: str, body: bytes) -> dict[str, object]:
    return {
        "v": 1,
        "code": code,
        "node": node,
        "method": method,
        "path": path,
        "body": sm3(body).hex(),
    }


def _read(fields: Fields) -> tuple[dict[str, object], datetime]:
    fields.version()
    facts: dict[str, object] = {
        "v": 1,
        "code": fields.text("code", 32),
        "node": fields.text("node", 32),
        "method": fields.text("method", 8),
        "path": fields.text("path"),
        "body": fields.text("body", 64),
    }
    return facts, fields.instant("made_at")

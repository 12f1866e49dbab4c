"""The wire: signed statements, batches of one line per record, receipts.

A batch is text: the first line is its signed head, every following line one record as JSON. The
head says sender, receiver, batch id, machine time, number of records and the SM3 of all bytes after
the first line; a node of ours adds its newest checkpoint and the proof that its log only grew.
Questions without a body carry their statement in the ``Authorization`` header.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gongheng.data.exchange.reasons import (
    FORGED,
    NOT_FOR_US,
    STALE,
    UNREADABLE,
)
from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import sm2, statements
from gongheng.trust.crypto.digests import sm3

BATCH = "gongheng.exchange.batch.v1"
RECEIPT = "gongheng.exchange.receipt.v1"
QUESTION = "gongheng.exchange.question.v1"
VERDICTS = "gongheng.exchange.verdicts.v1"

SKEW = timedelta(minutes=15)
LARGEST_BATCH = 32 * 1024 * 1024
SCHEME = "Gongheng "


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as it travels: base64 of the payload and of the signature."""

    statement: str
    signature: str

    @classmethod
    def of(cls, label: str, payload: Mapping[str, object], key: sm2.PrivateKey) -> "Signed":
        """Sign ``payload`` under ``label``."""
        statement = statements.sign(label, payload, key)
        return cls(
            base64.b64encode(statement.payload).decode(),
            base64.b64encode(statement.signature).decode(),
        )

    @classmethod
    def from_json(cls, raw: object) -> "Signed":
        """Read the JSON form. Raises ``Refusal`` (``UNREADABLE``)."""
        match raw:
            case {"statement": str(statement), "signature": str(signature)}:
                return cls(statement, signature)
            case _:
                raise Refusal(UNREADABLE, what="statement")

    @classmethod
    def from_text(cls, text: str) -> "Signed":
        """Read the one-line form. Raises ``Refusal`` (``UNREADABLE``)."""
        statement, separator, signature = text.partition(".")
        if not separator:
            raise Refusal(UNREADABLE, what="statement")
        return cls(statement, signature)

    def as_text(self) -> str:
        """Return the one-line form: headers carry it, batches keep it."""
        return f"{self.statement}.{self.signature}"

    def as_json(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"statement": self.statement, "signature": self.signature}

    def unverified(self) -> dict[str, object]:
        """Return the payload before its signature is checked: only to learn who claims to speak."""
        try:
            payload = json.loads(base64.b64decode(self.statement, validate=True))
        except (binascii.Error, ValueError, RecursionError):
            raise Refusal(UNREADABLE, what="statement") from None
        if not isinstance(payload, dict):
            raise Refusal(UNREADABLE, what="statement")
        return payload

    def read(self, label: str, key: sm2.PublicKey) -> dict[str, object]:
        """Return the payload. Raises ``Refusal`` (``FORGED``, ``UNREADABLE``)."""
        try:
            payload = base64.b64decode(self.statement, validate=True)
            signature = base64.b64decode(self.signature, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(UNREADABLE, what="base64") from None
        try:
            return statements.read(label, payload, signature, key)
        except statements.ForgedStatement:
            raise Refusal(FORGED, what=label) from None


@dataclass(frozen=True, slots=True)
class Head:
    """What the sender signs of a batch. ``made_at`` is machine time."""

    sender: str
    receiver: str
    batch_id: UUID
    made_at: datetime
    count: int
    digest: str
    checkpoint: str = ""
    grown_from: int = 0
    consistency: Mapping[str, object] | None = None

    def payload(self) -> dict[str, object]:
        """Return the statement's payload."""
        return {
            "sender": self.sender,
            "receiver": self.receiver,
            "batch_id": str(self.batch_id),
            "made_at": self.made_at.isoformat(),
            "count": self.count,
            "sm3": self.digest,
            "checkpoint": self.checkpoint,
            "grown_from": self.grown_from,
            "consistency": self.consistency,
        }


def compose(head: Head, lines: bytes, key: sm2.PrivateKey) -> tuple[Signed, bytes]:
    """Return the signed head and the bytes of the whole batch."""
    signed = Signed.of(BATCH, head.payload(), key)
    return signed, canonical(signed.as_json()) + b"\n" + lines


def lines_of(records: Iterable[Mapping[str, object]]) -> bytes:
    """Return one line of canonical JSON per record."""
    return b"".join(canonical(record) + b"\n" for record in records)


def split(body: bytes) -> tuple[Signed, bytes]:
    """Return the signed head, not yet verified, and the lines. Raises ``Refusal``."""
    first, separator, lines = body.partition(b"\n")
    if not separator:
        raise Refusal(UNREADABLE, what="head")
    try:
        raw = json.loads(first)
    except (ValueError, RecursionError):
        raise Refusal(UNREADABLE, what="head") from None
    return Signed.from_json(raw), lines


def head_of(payload: Mapping[str, object], lines: bytes) -> Head:
    """Return the head of a batch whose signature holds; digest and count are compared with the lines."""
    match payload:
        case {
            "sender": str(sender),
            "receiver": str(receiver),
            "batch_id": str(batch_id),
            "count": int(count),
            "sm3": str(digest),
        }:
            pass
        case _:
            raise Refusal(UNREADABLE, what="head")
    if sm3(lines).hex() != digest or lines.count(b"\n") != count:
        raise Refusal(UNREADABLE, what="sm3")
    try:
        identity = UUID(batch_id)
    except ValueError:
        raise Refusal(UNREADABLE, what="batch_id") from None
    proof = payload.get("consistency")
    grown_from = payload.get("grown_from")
    return Head(
        sender=sender,
        receiver=receiver,
        batch_id=identity,
        made_at=instant(payload, "made_at"),
        count=count,
        digest=digest,
        checkpoint=str(payload.get("checkpoint") or ""),
        grown_from=grown_from if isinstance(grown_from, int) else 0,
        consistency=proof if isinstance(proof, dict) else None,
    )


def instant(payload: Mapping[str, object], name: str) -> datetime:
    """Return an aware instant of the payload. Raises ``Refusal`` (``UNREADABLE``)."""
    try:
        value = datetime.fromisoformat(str(payload.get(name)))
    except ValueError:
        raise Refusal(UNREADABLE, what=name) from None
    if value.tzinfo is None:
        raise Refusal(UNREADABLE, what=name)
    return value


def require_for_us(receiver: object, *, own: str) -> None:
    """Refuse what another node was meant to get."""
    if receiver != own:
        raise Refusal(NOT_FOR_US, receiver=receiver)


def require_fresh(made_at: datetime, *, now: datetime) -> None:
    """Refuse a statement whose machine time is more than fifteen minutes off ours."""
    if abs(now - made_at) > SKEW:
        raise Refusal(STALE, made_at=made_at, now=now)


def authorization(signed: Signed) -> str:
    """Return the value of the ``Authorization`` header that carries a statement."""
    return SCHEME + signed.as_text()


def from_authorization(value: str) -> Signed:
    """Return the statement in an ``Authorization`` header. Raises ``Refusal`` (``UNREADABLE``)."""
    if not value.startswith(SCHEME):
        raise Refusal(UNREADABLE, what="authorization")
    return Signed.from_text(value.removeprefix(SCHEME))

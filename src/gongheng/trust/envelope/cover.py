"""What can be judged of an envelope without its content: head, trailer and the bidder's signature.

The signed statement names the digest of the head and, for each part, the digest of its chunks and
that of their tags. The digest of the statement is the digest of the envelope: receipts, logs and
the closing statement quote it, and whoever has the cover can check it.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.statements import ForgedStatement, read
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.header import (
    COUNT_LENGTH,
    LONGEST_HEADER,
    MAGIC,
    PREFIX_LENGTH,
    Header,
    header_digest,
)
from gongheng.trust.tlog.exact import from_base64, to_base64

LABEL = "gongheng.bid-envelope.v1"
LONGEST_TRAILER = 1 << 18


@dataclass(frozen=True, slots=True)
class PartDigests:
    """What fixes the chunks of one part: a digest over them, and one over their tags."""

    name: str
    content: bytes
    tags: bytes

    @classmethod
    def read(cls, fields: Fields) -> "PartDigests":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(
            name=fields.text("name", 32),
            content=fields.digest("content"),
            tags=fields.digest("tags"),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"name": self.name, "content": self.content.hex(), "tags": self.tags.hex()}


@dataclass(frozen=True, slots=True)
class Trailer:
    """The end of the file. The time token (RFC 3161, over the signature) may be added later."""

    parts: tuple[PartDigests, ...]
    signature: bytes
    time_token: bytes = b""

    @classmethod
    def read(cls, fields: Fields) -> "Trailer":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        return cls(
            parts=fields.each("parts", PartDigests.read),
            signature=fields.hex("signature"),
            time_token=fields.base64("time_token"),
        )

    @classmethod
    def decode(cls, data: bytes) -> "Trailer":
        """Read the bytes behind their count. Raises ``ValueError``."""
        return whole(Fields.of_bytes(data), cls.read)

    def encode(self) -> bytes:
        """Return the bytes in the file, from the last chunk to the end."""
        body = canonical(
            {
                "v": 1,
                "parts": [part.as_json() for part in self.parts],
                "signature": self.signature.hex(),
                "time_token": to_base64(self.time_token),
            }
        )
        return len(body).to_bytes(COUNT_LENGTH) + body


def statement(head: bytes, parts: tuple[PartDigests, ...]) -> dict[str, object]:
    """Return what the bidder signs; ``head`` is the digest of the head."""
    return {"v": 1, "header": head.hex(), "parts": [part.as_json() for part in parts]}


@dataclass(frozen=True)
class Cover:
    """A head and a trailer that belong together and bear the bidder's signature."""

    head: bytes
    header: Header
    trailer: Trailer

    @classmethod
    def judge(cls, head: bytes, trailer: bytes) -> "Cover":
        """Take the bytes before and behind the chunks. Raises ``Refusal`` (``DAMAGED``)."""
        try:
            header = Header.decode(head[PREFIX_LENGTH:])
            ending = Trailer.decode(trailer[COUNT_LENGTH:])
            is_exact = header.encode() == head and ending.encode() == trailer
            payload = canonical(statement(header_digest(head), ending.parts))
            read(LABEL, payload, ending.signature, header.bidder())
        except (ValueError, ForgedStatement, Refusal) as error:
            raise Refusal(reasons.DAMAGED) from error
        names = [part.name for part in header.parts]
        if not is_exact or [part.name for part in ending.parts] != names:
            raise Refusal(reasons.DAMAGED)
        return cls(head=head, header=header, trailer=ending)

    @classmethod
    def of_file(cls, path: Path) -> "Cover":
        """Read head and trailer of an envelope. Raises ``Refusal``, ``OSError``."""
        with path.open("rb") as file:
            head = read_head(file)
            header = _decoded(head)
            file.seek(header.body_size, os.SEEK_CUR)
            trailer = file.read(LONGEST_TRAILER + COUNT_LENGTH + 1)
        return cls.judge(head, trailer)

    @classmethod
    def of_json(cls, value: object) -> "Cover":
        """Read the JSON form. Raises ``Refusal`` (``DAMAGED``)."""
        row = value if isinstance(value, dict) else {}
        try:
            head, trailer = from_base64(str(row.get("head"))), from_base64(str(row.get("trailer")))
        except ValueError as error:
            raise Refusal(reasons.DAMAGED) from error
        return cls.judge(head, trailer)

    def as_json(self) -> dict[str, str]:
        """Return the JSON form, by which a cover travels without its content."""
        return {
            "envelope": self.digest.hex(),
            "head": to_base64(self.head),
            "trailer": to_base64(self.trailer.encode()),
        }

    @cached_property
    def head_digest(self) -> bytes:
        """The digest of the head: it goes with every chunk."""
        return header_digest(self.head)

    @cached_property
    def digest(self) -> bytes:
        """The digest of the envelope: of the statement that the bidder signed."""
        return sm3(canonical(statement(self.head_digest, self.trailer.parts)))

    @property
    def size(self) -> int:
        """How many bytes the envelope has."""
        return len(self.head) + self.header.body_size + len(self.trailer.encode())

    def digests(self, name: str) -> PartDigests:
        """Return what fixes the chunks of a part. Raises ``KeyError``."""
        return {part.name: part for part in self.trailer.parts}[name]


def read_head(file: BinaryIO) -> bytes:
    """Return the bytes up to the first chunk. Raises ``Refusal`` (``NOT_AN_ENVELOPE``)."""
    prefix = file.read(PREFIX_LENGTH)
    return prefix + file.read(require_head(prefix))


def require_head(prefix: bytes) -> int:
    """Return the length of the header that a prefix announces. Raises ``Refusal``."""
    length = int.from_bytes(prefix[len(MAGIC) :])
    if len(prefix) < PREFIX_LENGTH or not prefix.startswith(MAGIC) or length > LONGEST_HEADER:
        raise Refusal(reasons.NOT_AN_ENVELOPE)
    return length


def _decoded(head: bytes) -> Header:
    try:
        return Header.decode(head[PREFIX_LENGTH:])
    except ValueError as error:
        raise Refusal(reasons.DAMAGED) from error

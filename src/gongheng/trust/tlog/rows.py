"""The export folder of a log: its files, their rows, and how they are read without trust.

=================== ==================================================================
``manifest.json``    one object: format, origin, size, number of checkpoints and records
``public_key.pem``   the key that signed the checkpoints
``checkpoints.jsonl`` one row per checkpoint, by size: size, note
``leaves.jsonl``     one row per leaf, by position: position, data (base64)
``records.jsonl``    one row per leaf that claims a public body, by position: position, id,
                     salt (hexadecimal) and public; both null while the body is not yet published
=================== ==================================================================

Rows hold nothing that the tree does not prove: what a reader could not check is left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trust.tlog.exact import from_base64, from_hex, to_base64

FORMAT = "gongheng-log/1"
MANIFEST = "manifest.json"
PUBLIC_KEY = "public_key.pem"
CHECKPOINTS = "checkpoints.jsonl"
LEAVES = "leaves.jsonl"
RECORDS = "records.jsonl"

LONGEST_ROW = 64 * 1024 * 1024
"""Bytes; a longer row is refused, so that a made-up folder cannot exhaust the verifier."""


class BadRow(ValueError):
    """A row that is not in the format."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder is said to hold."""

    origin: str
    size: int
    checkpoints: int
    records: int

    def encoded(self) -> bytes:
        """Return the file's content."""
        return _line(
            {
                "format": FORMAT,
                "origin": self.origin,
                "size": self.size,
                "checkpoints": self.checkpoints,
                "records": self.records,
            }
        )

    @classmethod
    def decoded(cls, line: bytes) -> "Manifest":
        """Read the file's content. Raises ``BadRow``."""
        row = _object(line, {"format", "origin", "size", "checkpoints", "records"})
        if row["format"] != FORMAT:
            raise BadRow(FORMAT)
        return cls(
            origin=_text(row["origin"]),
            size=_count(row["size"]),
            checkpoints=_count(row["checkpoints"]),
            records=_count(row["records"]),
        )


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A signed note and the size it is about."""

    size: int
    note: str

    def encoded(self) -> bytes:
        """Return the row as a line."""
        return _line({"size": self.size, "note": self.note})

    @classmethod
    def decoded(cls, line: bytes) -> "CheckpointRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"size", "note"})
        return cls(size=_count(row["size"]), note=_text(row["note"]))


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A leaf at its position."""

    position: int
    data: bytes

    def encoded(self) -> bytes:
        """Return the row as a line."""
        return _line({"position": self.position, "data": to_base64(self.data)})

    @classmethod
    def decoded(cls, line: bytes) -> "LeafRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"position", "data"})
        try:
            data = from_base64(_text(row["data"]))
        except ValueError as error:
            raise BadRow(LEAVES) from error
        return cls(position=_count(row["position"]), data=data)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A public body and the salt that is published with it."""

    salt: bytes
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What is disclosed of the record whose leaf stands at a position; None while withheld."""

    position: int
    record: str
    disclosure: Disclosure | None

    def encoded(self) -> bytes:
        """Return the row as a line."""
        opened = self.disclosure
        return _line(
            {
                "position": self.position,
                "id": self.record,
                "salt": opened.salt.hex() if opened else None,
                "public": dict(opened.body) if opened else None,
            }
        )

    @classmethod
    def decoded(cls, line: bytes) -> "RecordRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"position", "id", "salt", "public"})
        position, record = _count(row["position"]), _text(row["id"])
        if row["salt"] is None and row["public"] is None:
            return cls(position=position, record=record, disclosure=None)
        if not isinstance(row["public"], dict):
            raise BadRow(RECORDS)
        try:
            salt = from_hex(_text(row["salt"]))
            canonical(row["public"])
        except (ValueError, TypeError, RecursionError) as error:
            raise BadRow(RECORDS) from error
        return cls(position=position, record=record, disclosure=Disclosure(salt, row["public"]))


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line of a file with its number, counted from 1. Raises ``BadRow``, ``OSError``."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_ROW):
            number += 1
            if not line.endswith(b"\n"):
                # Cut off, or longer than anything we write.
                raise BadRow(number)
            yield number, line


def _line(row: Mapping[str, object]) -> bytes:
    return canonical(row) + b"\n"


def _object(line: bytes, names: set[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRow(names) from error
    if not isinstance(row, dict) or set(row) != names:
        raise BadRow(names)
    return row


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadRow(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadRow(value)
    return value

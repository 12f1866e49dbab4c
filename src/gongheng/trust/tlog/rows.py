"""The export folder of a log: its files, their rows, and how they are read without trust.

=================== ==================================================================
``manifest.json``    one object: format, origin, size, number of checkpoints and records
``public_key.pem``   the key that signed the checkpoints
``checkpoints.jsonl`` one row per checkpoint, by size: size, note
``leaves.jsonl``     one row per leaf, by position: position, data (base64)
``records.jsonl``    one row per leaf that claims a public body, by position: position, id,
                     salt (hexadecimal), public (the body) and columns (what else pages show);
                     all three null when the platform does not show the row
``differences.jsonl`` one row per row or file of the platform that is not as the log has it: table,
                     row, position (null when it has none), fault; empty when all is as it was
=================== ==================================================================

The rows of leaves and records hold nothing that the tree does not prove. Differences are the
platform's own word, about what is not public and a reader could not compare.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trust.tlog.exact import from_base64, from_hex, from_json, to_base64
from gongheng.trust.tlog.leaves import COLUMN_TYPES, public_digest

FORMAT = "gongheng-log/1"
MANIFEST = "manifest.json"
PUBLIC_KEY = "public_key.pem"
CHECKPOINTS = "checkpoints.jsonl"
LEAVES = "leaves.jsonl"
RECORDS = "records.jsonl"
DIFFERENCES = "differences.jsonl"

_OPENING = ("salt", "public", "columns")

LONGEST_ROW = 64 * 1024 * 1024
"""Bytes; a longer row is refused, so that a made-up folder cannot exhaust the verifier."""

_AT_ONCE = 256 * 1024
"""Bytes read at once: a row is often longer than what a file reads by itself."""


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
        return cls(position=_count(row["position"]), data=_bytes(row["data"]))


@dataclass(frozen=True)
class Disclosure:
    """A public body, the salt that is published with it, and the columns shown beside it."""

    salt: bytes
    body: Mapping[str, object]
    columns: Mapping[str, str | int] = field(default_factory=dict)

    @cached_property
    def public(self) -> str:
        """Return the digest of the body under its salt, as the leaf must have it."""
        return public_digest(self.salt, self.body)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What is disclosed of the record whose leaf stands at a position; None while withheld."""

    position: int
    record: str
    disclosure: Disclosure | None

    def encoded(self) -> bytes:
        """Return the row as a line."""
        return _line({"position": self.position, "id": self.record, **_opening(self.disclosure)})

    @classmethod
    def decoded(cls, line: bytes) -> "RecordRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"position", "id", *_OPENING})
        return cls(_count(row["position"]), _text(row["id"]), _disclosure(row))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A leaf with what opens it, as a node gives it to monitors; None for any other leaf."""

    position: int
    data: bytes
    disclosure: Disclosure | None

    def encoded(self) -> bytes:
        """Return the row as a line."""
        leaf = {"position": self.position, "data": to_base64(self.data)}
        return _line({**leaf, **_opening(self.disclosure)})

    @classmethod
    def decoded(cls, line: bytes) -> "EntryRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"position", "data", *_OPENING})
        return cls(_count(row["position"]), _bytes(row["data"]), _disclosure(row))


@dataclass(frozen=True, slots=True)
class TileRow:
    """A tile of one level of one tree (``tlog.tree``) by its number within the level."""

    number: int
    hashes: bytes

    def encoded(self) -> bytes:
        """Return the row as a line."""
        return _line({"number": self.number, "hashes": to_base64(self.hashes)})

    @classmethod
    def decoded(cls, line: bytes) -> "TileRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"number", "hashes"})
        return cls(_count(row["number"]), _bytes(row["hashes"]))


def _opening(opened: Disclosure | None) -> dict[str, object]:
    if opened is None:
        return dict.fromkeys(_OPENING)
    return {
        "salt": opened.salt.hex(),
        "public": dict(opened.body),
        "columns": dict(opened.columns),
    }


def _disclosure(row: Mapping[str, Any]) -> Disclosure | None:
    body, columns, salt = row["public"], row["columns"], row["salt"]
    if body is None and columns is None and salt is None:
        return None
    if not isinstance(body, dict) or not isinstance(columns, dict):
        raise BadRow(RECORDS)
    try:
        found = Disclosure(from_hex(_text(salt)), body, columns)
        _require_columns(columns)
        _ = found.public  # what has no canonical form has no digest
    except (ValueError, TypeError, RecursionError) as error:
        raise BadRow(RECORDS) from error
    return found


def _require_columns(columns: Mapping[str, object]) -> None:
    """Refuse columns that no leaf holds. Raises ``ValueError``."""
    if not {type(value) for value in columns.values()} <= COLUMN_TYPES:
        raise BadRow(RECORDS)
    "".join(map(str, (*columns, *columns.values()))).encode()  # refuses what is no text


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A row or file of the platform that is not as the log has it; ``fault`` in Chinese."""

    table: str
    row: str
    position: int | None
    fault: str

    def encoded(self) -> bytes:
        """Return the row as a line."""
        return _line(
            {"table": self.table, "row": self.row, "position": self.position, "fault": self.fault}
        )

    @classmethod
    def decoded(cls, line: bytes) -> "DifferenceRow":
        """Read a line. Raises ``BadRow``."""
        row = _object(line, {"table", "row", "position", "fault"})
        position = None if row["position"] is None else _count(row["position"])
        return cls(_text(row["table"]), _text(row["row"]), position, _text(row["fault"]))

    def __str__(self) -> str:
        """Return the sentence for people."""
        place = f"（日志位置 {self.position}）" if self.position is not None else ""
        return f"{self.table} {self.row}{place}：{self.fault}"


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line of a file with its number, counted from 1. Raises ``BadRow``, ``OSError``."""
    with path.open("rb", buffering=_AT_ONCE) as file:
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
        row = from_json(line)
    except (ValueError, RecursionError) as error:
        raise BadRow(names) from error
    if not isinstance(row, dict) or row.keys() != names:
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


def _bytes(value: object) -> bytes:
    try:
        return from_base64(_text(value))
    except ValueError as error:
        raise BadRow(value) from error

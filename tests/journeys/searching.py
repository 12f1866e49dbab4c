"""A price that nobody may know, looked for wherever running nodes could keep it.

Their databases, the write-ahead log, their files and logs, and the memory of every process of
theirs: pages, workers, and each process of the database server; and of a body's standing service.
"""

import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from tests.nodes import Nodes, children_of

PIECE = 1 << 20
"""Bytes that are looked through at once."""
OVERLAP = 128
"""Bytes of the piece before: a price may lie across."""
_NOTHING = bytes(PIECE)
_AREA = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw\S(\S) \S+ (\S+) +(\d+)")
_HEX = re.compile(rb"\\x([0-9a-f]{16,})")


@dataclass(frozen=True)
class Marker:
    """A price of eight digits and two places, the last not zero, in every spelling of a program."""

    price: str

    @cached_property
    def _digits(self) -> bytes:
        return self.price.replace(".", "").encode()

    @cached_property
    def _whole(self) -> re.Pattern[bytes]:
        """The yuan alone, with a word's end before and behind."""
        return re.compile(rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])" % self.price[:8].encode())

    @cached_property
    def _numbers(self) -> tuple[bytes, bytes]:
        """As PostgreSQL keeps a number, in groups of four digits; and as a machine keeps it."""
        whole, cents = int(self.price[:8]), int(self.price[9:])
        groups = struct.pack("<3H", *divmod(whole, 10_000), cents * 100)
        return groups, struct.pack("<d", float(self.price))

    def is_in(self, data: bytes) -> bool:
        """Tell whether the price stands in a piece of memory or of a file.

        Without zero bytes UTF-16 and UTF-32 read like UTF-8, in which order ever; without commas
        and points every way of grouping digits reads alike.
        """
        return (
            self._digits in data.translate(None, b"\0,.")
            or any(number in data for number in self._numbers)
            or (self._digits[:8] in data and self._whole.search(data) is not None)
        )


@dataclass
class Search:
    """What one look found: where the price stands, and how much was looked through, by place."""

    marker: Marker
    places: set[str] = field(default_factory=set)
    read: dict[str, int] = field(default_factory=dict)

    def look(self, place: str, pieces: Iterable[bytes]) -> None:
        """Look through all pieces of a place."""
        self.read.setdefault(place, 0)
        for piece in pieces:
            self.read[place] += len(piece)
            if self.marker.is_in(piece):
                self.places.add(place)


def search(nodes: Nodes, marker: Marker, *, holder: int, apart: Path) -> Search:
    """Look everywhere but on people's own machines (``apart``); ``holder`` is a body's service."""
    found = Search(marker)
    for node in nodes.all:
        found.look(f"database of {node.code}", _database(node.database_url))
    for path in _files(nodes.state, apart):
        found.look(f"file {path.relative_to(nodes.state)}", _file(path))
    shared: set[str] = set()
    for place, pids in _families(nodes, holder).items():
        for pid in pids:
            found.look(f"memory of {place}", _memory(pid, shared))
    return found


def _database(url: str) -> Iterator[bytes]:
    """Yield every row of every table as text, then what lies in its columns of bytes."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("COPY (SELECT t::text FROM {} t) TO STDOUT")
            with connection.cursor().copy(query.format(sql.Identifier(table))) as rows:
                for row in rows:
                    yield bytes(row)
                    yield from map(_bytes_of, _HEX.findall(row))


def _bytes_of(digits: bytes) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _files(state: Path, apart: Path) -> Iterator[Path]:
    """Yield what the nodes keep, with the write-ahead log; tables are read as rows."""
    server = state / "postgres"
    for path in sorted(state.rglob("*")):
        is_table = path.is_relative_to(server) and not path.is_relative_to(server / "data/pg_wal")
        if (
            path.is_file()
            and not path.is_relative_to(apart)
            and (path.suffix == ".log" or not is_table)
        ):
            yield path


def _file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            yield from _pieces(file, 0, size)
    except FileNotFoundError:  # the log of the database moves on meanwhile
        return


def _families(nodes: Nodes, holder: int) -> dict[str, list[int]]:
    """Return each program's process with all that it has started."""
    programs = json.loads(nodes.running.read_text())["programs"]
    named = {
        f"{Path(name).parent.name} {name.rpartition(':')[2]}": pid for name, pid in programs.items()
    }
    named |= {"postgres": nodes.postgres_pid, "holder": holder}
    families = {name: [pid, *children_of(pid)] for name, pid in named.items()}
    return families | {"up": [nodes.process.pid]}


def _memory(pid: int, shared: set[str]) -> Iterator[bytes]:
    """Yield what a process can write to; memory that several share only once."""
    try:
        areas = _AREA.findall(Path(f"/proc/{pid}/maps").read_text())
    except FileNotFoundError:  # a process of the database that served one connection
        return
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end, kind, device, inode in areas:
            name = f"{device} {inode}"
            if kind == "s" and name in shared:
                continue
            if kind == "s":
                shared.add(name)
            try:
                yield from _pieces(memory, int(start, 16), int(end, 16))
            except (OSError, ValueError, OverflowError):  # given back meanwhile, or of the kernel
                continue


def _pieces(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    before = b""
    for at in range(start, end, PIECE):
        file.seek(at)
        piece = file.read(min(PIECE, end - at))
        if not piece:
            return
        if piece != _NOTHING[: len(piece)]:
            yield before + piece
        before = piece[-OVERLAP:]

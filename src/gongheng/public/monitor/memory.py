"""What a monitor has seen: one SQLite file in a folder of its own."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from gongheng.trust.tlog import tree
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.tree import Place

FILE = "monitor.sqlite"
_PAGE = 10_000
_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS leaf (position INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shown (id TEXT PRIMARY KEY, case_code TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS shown_case ON shown (case_code);
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY, dataset TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL,
    operation TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, trade_type TEXT NOT NULL,
    region_code TEXT NOT NULL, case_code TEXT NOT NULL, published_at TEXT NOT NULL,
    position INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as its leaf proves it; ``published_at`` is ISO text."""

    id: str
    dataset: str
    key: str
    number: int
    operation: str
    title: str
    kind: str
    trade_type: str
    region_code: str
    case_code: str
    published_at: str
    position: int


class Tiles:
    """The tiles of one tree, made from the leaves that were seen."""

    def __init__(self) -> None:
        self.places: dict[Place, bytes] = {}

    def read(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Return the tiles that exist."""
        return {place: self.places[place] for place in places if place in self.places}


class Memory:
    """The log as it was seen and proven; the trees over it are kept in the process."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.executescript(_TABLES)
        self.trees = {algorithm: Tiles() for algorithm in tree.ALGORITHMS}
        self.size = 0
        while page := [data for _, data in self.leaves(self.size, self.size + _PAGE)]:
            self._grown(self.growth(page))

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Open the memory in a folder, made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(sqlite3.connect(folder / FILE))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def fact(self, name: str) -> str:
        """Return a fact, empty when there is none."""
        found = self._database.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return str(found[0]) if found else ""

    def note_fact(self, name: str, value: str) -> None:
        """Write a fact down."""
        with self._database:
            self._database.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", [name, value])

    def leaves(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield the leaves at positions from ``start`` on that stand before ``end``."""
        asked = "SELECT position, data FROM leaf WHERE position >= ? AND position < ? ORDER BY 1"
        yield from self._database.execute(asked, [start, end])

    def position_of(self, data: bytes) -> int | None:
        """Return where a leaf with these bytes stands."""
        asked = "SELECT position FROM leaf WHERE data = ? LIMIT 1"
        found = self._database.execute(asked, [data]).fetchone()
        return int(found[0]) if found else None

    def checkpoints(self, after: int, until: int) -> dict[int, str]:
        """Return the notes of checkpoints with ``after`` < size <= ``until``, by size."""
        asked = "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ? ORDER BY 1"
        return dict(self._database.execute(asked, [after, until]).fetchall())

    def cases(self, after: str, limit: int) -> list[str]:
        """Return the codes of cases with public records or acts that follow ``after``."""
        asked = "SELECT DISTINCT case_code FROM shown WHERE case_code > ? ORDER BY 1 LIMIT ?"
        return [str(code) for (code,) in self._database.execute(asked, [after, limit])]

    def newest_cases(self, limit: int) -> list[str]:
        """Return the codes of the cases that last got a public record or act, newest first."""
        asked = (
            "SELECT case_code FROM shown WHERE case_code > '' GROUP BY 1"
            " ORDER BY max(rowid) DESC LIMIT ?"
        )
        return [str(code) for (code,) in self._database.execute(asked, [limit])]

    def shown_of(self, case_code: str) -> set[str]:
        """Return the records and acts of a case that have an openable leaf."""
        asked = "SELECT id FROM shown WHERE case_code = ?"
        return {str(identity) for (identity,) in self._database.execute(asked, [case_code])}

    def known(self, identities: Collection[str]) -> set[str]:
        """Return those of the records and acts that have an openable leaf."""
        asked = "SELECT id FROM shown WHERE id IN (SELECT value FROM json_each(?))"
        told = json.dumps(list(identities))
        return {str(identity) for (identity,) in self._database.execute(asked, [told])}

    def notices(self) -> list[Notice]:
        """Return every version of every notice that was seen."""
        names = ", ".join(field.name for field in fields(Notice))
        return [Notice(*row) for row in self._database.execute(f"SELECT {names} FROM notice")]  # noqa: S608  names of our own

    def root(self, algorithm: str, size: int, beyond: "Growth | None" = None) -> bytes:
        """Return the root at a size, also one that is reached only with ``beyond``."""
        tiles = Tiles()
        tiles.places = self.trees[algorithm].places
        if beyond is not None:
            tiles.places = tiles.places | beyond.tiles[algorithm]
        return tree.root(algorithm, tiles, size)

    def growth(self, leaves: list[bytes]) -> "Growth":
        """Return what the trees become when these leaves follow; nothing is kept yet."""
        return Growth(
            leaves,
            {
                algorithm: tree.append(
                    algorithm,
                    self.trees[algorithm],
                    self.size,
                    [tree.leaf_hash(algorithm, leaf) for leaf in leaves],
                )
                for algorithm in tree.ALGORITHMS
            },
        )

    def keep(self, growth: "Growth", checkpoints: dict[int, str], notices: list[Notice]) -> None:
        """Keep what was proven: leaves, checkpoints by size, and the notices in the leaves."""
        numbered = list(enumerate(growth.leaves, start=self.size))
        claims = [claim for leaf in growth.leaves if (claim := claim_of(leaf)) is not None]
        with self._database:
            self._database.executemany("INSERT INTO leaf VALUES (?, ?)", numbered)
            self._database.executemany(
                "INSERT OR REPLACE INTO checkpoint VALUES (?, ?)", checkpoints.items()
            )
            self._database.executemany(
                "INSERT OR REPLACE INTO shown VALUES (?, ?)",
                [(claim.record, str(claim.columns.get("case", ""))) for claim in claims],
            )
            marks = ", ".join("?" * len(fields(Notice)))
            self._database.executemany(
                f"INSERT OR REPLACE INTO notice VALUES ({marks})",  # noqa: S608  only marks
                [astuple(notice) for notice in notices],
            )
        self._grown(growth)

    def _grown(self, growth: "Growth") -> None:
        for algorithm, changed in growth.tiles.items():
            self.trees[algorithm].places |= changed
        self.size += len(growth.leaves)


@dataclass(frozen=True, slots=True)
class Growth:
    """Leaves that follow what is known, and the tiles that change with them."""

    leaves: list[bytes]
    tiles: dict[str, dict[Place, bytes]]

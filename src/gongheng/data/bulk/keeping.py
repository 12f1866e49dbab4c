"""The versions that were kept of earlier batches, as Parquet in a folder, by the hash of the key.

    FOLDER/manifest.json                 what counts: generations, and the number of the next version
    FOLDER/00000007/part-03.parquet      what one batch brought or changed, of a sixteenth of the keys

Columns: ``arrived`` (number of the version), ``generation``, ``name`` (``DATASET:key``), ``parents``
(a list of the same), ``parent`` (the first), ``number``, ``operation``, ``digest`` (SM3 of the
body), ``state``, ``awaited``, ``until`` (seconds). Nothing is changed in place: a version that was
judged anew stands once more in a later generation, which counts. The manifest is replaced in one
step, last: a run that breaks off leaves what was there.

A folder may also be the copy of a node's registry (``copy``): its manifest says of which node
(``copy_of``), until a batch is kept in it.
"""

import fcntl
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk import reasons
from gongheng.data.bulk.duck import database
from gongheng.data.bulk.versions import State, Version
from gongheng.kernel.reasons import Refusal

PARTS: Final = 16
FORMAT: Final = 1
_GROUP: Final = 100_000
_SCHEMA: Final = pa.schema(
    {
        "arrived": pa.int64(),
        "generation": pa.int32(),
        "name": pa.string(),
        "parents": pa.list_(pa.string()),
        "parent": pa.string(),
        "number": pa.int32(),
        "operation": pa.string(),
        "digest": pa.binary(),
        "state": pa.string(),
        "awaited": pa.string(),
        "until": pa.int64(),
    }
)


class Kept:
    """What stands in a folder, and what this run adds: in ``aside`` until it is kept.

    ``following`` is the number of the version that arrives next.
    """

    def __init__(self, folder: Path, aside: Path) -> None:
        self._folder, self._aside = folder, aside
        said = _manifest(folder)
        self.following: int = said["following"]
        self._rows: dict[int, int] = {int(g): rows for g, rows in said["generations"].items()}
        self._last: int = said["last"]
        self._new: set[int] = set()

    def around(self, names: set[str], *, withdrawn: set[str]) -> list[Version]:
        """Return all versions of these names and of what may change with them, as they arrived.

        That is: of what waits and its parents, and of the children of what is ``withdrawn``.
        """
        files = [str(path) for path in self.files()]
        if not files:
            return []
        with database(self._aside) as engine:
            kept = engine.read_parquet(files)  # noqa: F841  named in the questions
            waiting = engine.sql(
                "SELECT name, parents, operation FROM kept WHERE state = 'waiting'"
            ).fetchall()
            sought = set(names)
            gone = set(withdrawn)
            for name, parents, operation in waiting:
                sought.update([name, *parents])
                if operation == "delete":
                    gone.add(name)
            if gone:
                parent = pa.table({"parent": pa.array(sorted(gone))})  # noqa: F841
                children = engine.sql(
                    "SELECT DISTINCT name FROM kept SEMI JOIN parent USING (parent)"
                )
                sought.update(name for (name,) in children.fetchall())
            wanted = pa.table({"name": pa.array(sorted(sought))})  # noqa: F841
            rows = engine.sql(
                "SELECT * FROM kept SEMI JOIN wanted USING (name) ORDER BY arrived, generation"
            ).to_arrow_table()
        newest = {row["arrived"]: row for row in rows.to_pylist()}
        return [_version(row) for row in newest.values()]

    def names(self) -> set[str]:
        """Return every name that has a version."""
        files = [str(path) for path in self.files()]
        if not files:
            return set()
        with database(self._aside) as engine:
            found = engine.read_parquet(files).project("name").distinct()
            return {name for (name,) in found.fetchall()}

    def add(self, versions: Iterable[Version], *, following: int) -> None:
        """Take up what a batch brought or changed."""
        self.following = following
        by_part: dict[int, list[dict[str, Any]]] = {}
        self._last += 1
        for version in versions:
            row = _row(version, self._last)
            by_part.setdefault(part_of(version.name), []).append(row)
        if not by_part:
            return
        folder = self._aside / _named(self._last)
        folder.mkdir()
        for part, rows in by_part.items():
            table = pa.Table.from_pylist(rows, schema=_SCHEMA)
            _write(folder / f"part-{part:02}.parquet", table.to_batches(max_chunksize=_GROUP))
        self._rows[self._last] = sum(map(len, by_part.values()))
        self._new.add(self._last)
        largest = max(self._rows.values())
        if 2 * (sum(self._rows.values()) - largest) > largest and len(self._rows) > 1:
            self._merge()

    def keep(self) -> None:
        """Make what was added count from now on."""
        if not (self._folder / "manifest.json").exists():
            self._say({"following": 1, "last": 0, "generations": {}})
        for generation in sorted(self._new):
            target = self._folder / _named(generation)
            shutil.rmtree(target, ignore_errors=True)  # of a run that broke off
            shutil.copytree(self._aside / _named(generation), target)
            for path in target.iterdir():
                _sync(path)
        self._say({"following": self.following, "last": self._last, "generations": self._rows})
        _sweep(self._folder, self._rows)

    def _say(self, said: dict[str, Any]) -> None:
        _say(self._folder, said)

    def _merge(self) -> None:
        """Put all generations together, part by part: each version as it was judged last."""
        self._last += 1
        folder = self._aside / _named(self._last)
        folder.mkdir()
        rows = 0
        with database(self._aside) as engine:
            for part in range(PARTS):
                files = [str(path) for path in self.files() if path.stem == f"part-{part:02}"]
                if not files:
                    continue
                kept = engine.read_parquet(files)  # noqa: F841  named in the question
                newest = engine.sql(
                    "SELECT * FROM kept QUALIFY row_number() OVER "
                    "(PARTITION BY arrived ORDER BY generation DESC) = 1 ORDER BY name, arrived"
                )
                rows += _write(folder / f"part-{part:02}.parquet", newest.to_arrow_reader(_GROUP))
        for generation in self._new:
            shutil.rmtree(self._aside / _named(generation))
        self._rows, self._new = {self._last: rows}, {self._last}

    def files(self) -> Iterator[Path]:
        """Yield the files that count."""
        for generation in self._rows:
            folder = self._aside if generation in self._new else self._folder
            yield from sorted((folder / _named(generation)).glob("part-*.parquet"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A version of which a folder and a registry say different things, nothing where it is not there."""

    name: str
    number: int
    digest: str
    in_folder: str
    in_registry: str


def copy(folder: Path, versions: Iterable[Version], *, of: str) -> dict[str, int]:
    """Make a folder the copy of a node's registry; return how many versions of each state it holds.

    What is there is replaced in one step, when all is written. ``versions`` come as they arrived;
    some of them at a time are held in memory. Raises ``Refusal`` (NOT_A_COPY, HISTORY_BUSY).
    """
    with alone(folder):
        said = _manifest(folder)
        if said["generations"] and said.get("copy_of") != of:
            raise Refusal(reasons.NOT_A_COPY, folder=str(folder))
        _sweep(folder, said["generations"])
        last = said["last"] + 1
        target = folder / _named(last)
        states = _written(target, versions, generation=last)
        for path in target.iterdir():
            _sync(path)
        rows = states.total()
        _say(
            folder,
            {"following": rows + 1, "last": last, "generations": {last: rows}, "copy_of": of},
        )
        _sweep(folder, {str(last)})
        return dict(states)


def differences(folder: Path, versions: Iterable[Version]) -> Iterator[Difference]:
    """Yield where a folder and a registry differ, both read whole, in little memory."""
    with alone(folder), TemporaryDirectory(prefix="gongheng-") as spill:
        aside = Path(spill)
        _written(aside / "registry", versions, generation=0)
        files = [str(p) for p in Kept(folder, aside).files()]
        with database(aside) as engine:
            for name, paths in (
                ("kept", files),
                ("registry", [str(p) for p in (aside / "registry").iterdir()]),
            ):
                source = engine.read_parquet(paths) if paths else engine.from_arrow(_NOTHING)
                source.create_view(f"{name}_rows")
                engine.execute(_NEWEST.format(name=name))
            found = engine.execute(_DIFFERENT)
            while rows := found.fetchmany(1000):
                for name, number, digest, in_folder, in_registry in rows:
                    yield Difference(name, number, digest.hex(), in_folder or "", in_registry or "")


_NOTHING: Final = _SCHEMA.empty_table()
_NEWEST: Final = """
    CREATE VIEW {name} AS
    SELECT name, number, digest, concat_ws(' ', state, operation, nullif(awaited, ''),
        nullif(until, 0), nullif(array_to_string(parents, ' '), '')) AS said
    FROM {name}_rows
    QUALIFY row_number() OVER (PARTITION BY arrived ORDER BY generation DESC) = 1
"""
_DIFFERENT: Final = """
    SELECT name, number, digest, kept.said, registry.said
    FROM kept FULL JOIN registry USING (name, number, digest)
    WHERE kept.said IS DISTINCT FROM registry.said
    ORDER BY name, number, digest
"""


def _written(folder: Path, versions: Iterable[Version], *, generation: int) -> Counter[str]:
    """Write versions as a generation; return how many there are of each state."""
    folder.mkdir(parents=True)
    states: Counter[str] = Counter()
    waiting: dict[int, list[dict[str, Any]]] = {part: [] for part in range(PARTS)}
    with ExitStack() as stack:
        writers: dict[int, pq.ParquetWriter] = {}

        def write(part: int) -> None:
            if part not in writers:
                path = folder / f"part-{part:02}.parquet"
                writers[part] = stack.enter_context(
                    pq.ParquetWriter(path, _SCHEMA, compression="zstd")
                )
            writers[part].write_table(pa.Table.from_pylist(waiting[part], schema=_SCHEMA))
            waiting[part].clear()

        for arrived, version in enumerate(versions, 1):
            version.arrived = arrived
            part = part_of(version.name)
            states[version.state.value] += 1
            waiting[part].append(_row(version, generation))
            if len(waiting[part]) >= _GROUP // PARTS:
                write(part)
        for part, rows in waiting.items():
            if rows:
                write(part)
    return states


def part_of(name: str) -> int:
    """Return which part holds the versions of a key."""
    return zlib.crc32(name.encode()) % PARTS


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other run keep anything in a folder meanwhile. Raises ``Refusal`` (HISTORY_BUSY)."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal(reasons.HISTORY_BUSY, folder=str(folder)) from None
        yield


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        if any(folder.glob("*/part-*.parquet")):
            raise Refusal(reasons.NO_HISTORY, folder=str(folder))
        return {"following": 1, "last": 0, "generations": {}}
    try:
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        is_whole = said["format"] == FORMAT and all(
            _rows_in(folder / _named(int(number))) == rows
            for number, rows in said["generations"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise Refusal(reasons.NO_HISTORY, folder=str(folder)) from None
    if not is_whole:
        raise Refusal(reasons.NO_HISTORY, folder=str(folder))
    return said


def _say(folder: Path, said: dict[str, Any]) -> None:
    draft = folder / "manifest.draft"
    draft.write_text(json.dumps({"format": FORMAT, **said}), "utf-8")
    _sync(draft)
    draft.replace(folder / "manifest.json")


def _sweep(folder: Path, generations: Iterable[int | str]) -> None:
    """Remove the generations that do not count: replaced ones, and those of a run that broke off."""
    counted = {int(each) for each in generations}
    for path in folder.iterdir():
        if path.is_dir() and path.name.isdigit() and int(path.name) not in counted:
            shutil.rmtree(path)


def _rows_in(folder: Path) -> int:
    """Return how many rows the parts of a generation have: their feet are read, nothing else."""
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("part-*.parquet"))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _named(generation: int) -> str:
    return f"{generation:08}"


def _write(path: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write a part and return how many rows it has."""
    rows = 0
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(_SCHEMA))
            rows += batch.num_rows
    return rows


def _row(version: Version, generation: int) -> dict[str, Any]:
    return {
        "arrived": version.arrived,
        "generation": generation,
        "name": version.name,
        "parents": list(version.parents),
        "parent": next(iter(version.parents), ""),
        "number": version.number,
        "operation": version.operation,
        "digest": version.digest,
        "state": version.state.value,
        "awaited": version.awaited,
        "until": version.until,
    }


def _version(row: dict[str, Any]) -> Version:
    return Version(
        name=row["name"],
        number=row["number"],
        operation=row["operation"],
        digest=row["digest"],
        parents=tuple(row["parents"]),
        arrived=row["arrived"],
        state=State(row["state"]),
        awaited=row["awaited"],
        until=row["until"],
    )

"""Rules across records: equal keys, missing parents, rows above and rows that must exist.

What the rules need is put aside while the records are judged, a file for each task; then an engine
that speaks SQL answers: DuckDB with little memory and what it spills on disk, or a cluster. The order
of upload decides: of equal keys all but the first are wrong, and the first is the record that others
mean.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk import joins
from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.beside import asked_of, columns_of, not_asked_of
from gongheng.data.bulk.files import Chunk
from gongheng.data.bulk.joins import Dialect
from gongheng.data.bulk.judging import BesideJudge, Found
from gongheng.data.bulk.replacing import replacing
from gongheng.data.bulk.texts import Array
from gongheng.data.standard import faults
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.registry import Dataset, dataset as find_dataset

_ROWS: Final = (1 << 40) - 1


@dataclass(frozen=True, slots=True)
class Across:
    """Records of a file that break a rule across records: ``rows`` are their numbers there."""

    dataset: str
    file: int
    rows: Array
    found: Found
    """The same by their places among the texts that were asked; its rows when it has none."""


class Engine(Protocol):
    """What answers questions in SQL over what was put aside."""

    dialect: Dialect

    def view(self, name: str, files: list[Path]) -> None:
        """Give these Parquet files the name of a table."""

    def keep(self, name: str, question: str) -> Iterator[pa.RecordBatch]:
        """Make a table of the places that are an answer and yield it, in the order of upload."""

    def judged(self, question: str, judge: "JoinedJudge") -> Iterator[Across]:
        """Yield what is said of the rows of an answer, by file, rule and record."""


class Aside:
    """What the rules across records need of one task's records, while it is put aside."""

    def __init__(self, folder: Path, dataset: str, name: str, there: Collection[str]) -> None:
        self._columns = columns_of(dataset, there)
        self._path = folder / "aside" / dataset / f"{name}.parquet"
        self._open = ExitStack()
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Begin: nothing is written before there is a record."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failed: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End: what was put aside is there when nothing failed."""
        self._open.__exit__(kind, failed, trace)

    def add(self, number: int, first: int, chunk: Chunk) -> None:
        """Put aside what the rules need of some records of a file."""
        columns = {
            "file": pa.array(np.full(chunk.rows, number, np.int32)),
            "row": pa.array(np.arange(first, first + chunk.rows, dtype=np.int64)),
            **{code: _plain(chunk, code) for code in self._columns},
        }
        table = pa.table(columns)
        if self._writer is None:
            made = self._open.enter_context(replacing(self._path))
            self._writer = self._open.enter_context(pq.ParquetWriter(made, table.schema))
        self._writer.write_table(table)


class Sets:
    """The questions put to what was put aside."""

    def __init__(self, folder: Path, *, kernel: str = "") -> None:
        self._kernel = kernel
        found = sorted(folder.glob("aside/*/*.parquet"))
        names = sorted({path.parent.name for path in found})
        self._files = {n: [path for path in found if path.parent.name == n] for n in names}

    def found(self, engine: Engine) -> Iterator[Across]:
        """Yield the records that break a rule, dataset by dataset, in the order of upload."""
        for code, files in self._files.items():
            engine.view(code, files)
        for dataset in map(find_dataset, self._files):
            yield from _kept(engine, dataset, "double", joins.duplicates(dataset))
            if joins.has_parents(dataset, self._files):
                question = joins.orphans(dataset, engine.dialect)
                yield from _kept(engine, dataset, "lost", question)
        for dataset in map(find_dataset, self._files):
            yield from self._beside(engine, dataset)

    def not_asked(self) -> list[str]:
        """Return the datasets whose rules across records could not be asked, in Chinese."""
        said = []
        for found in map(find_dataset, self._files):
            if found.parent and found.parent_key and found.parent not in self._files:
                said.append(f"{found.code}：未提供上级数据集{found.parent}，未核对引用")
            missing = not_asked_of(found.code, self._files)
            if missing:
                said.append(
                    f"{found.code}：未提供{'、'.join(sorted(missing))}，未核对与其有关的规则"
                )
        return said

    def _beside(self, engine: Engine, dataset: Dataset) -> Iterator[Across]:
        there = frozenset(self._files)
        asked = asked_of(dataset.code, there)
        if asked is None:
            return
        question = joins.joined(asked, engine.dialect, there=there)
        yield from engine.judged(question, JoinedJudge(dataset.code, there, self._kernel))


class JoinedJudge:
    """Judges rows with what was joined to them; it may be sent to another machine."""

    def __init__(self, dataset: str, there: frozenset[str], kernel: str) -> None:
        self.dataset = dataset
        self._made_of = dataset, there, kernel
        self._judge: BesideJudge | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what it is made of: the rest is made anew where it arrives."""
        return JoinedJudge, self._made_of

    def __call__(self, batch: pa.RecordBatch) -> Iterator[Across]:
        """Yield what is broken in some rows."""
        dataset, there, kernel = self._made_of
        asked = asked_of(dataset, there)
        if asked is None:
            return
        if self._judge is None:
            self._judge = BesideJudge(asked, kernel=kernel)
        places = batch.column("place").to_numpy(zero_copy_only=False)
        texts = {name: texts_of(batch.column(name)) for name in self._judge.columns}
        answers = [
            batch.column(f"exists {number}").to_numpy(zero_copy_only=False)
            for number in range(len(asked.lookups))
        ]
        for found in self._judge.judged(len(places), texts, answers):
            yield from _by_file(dataset, places[found.rows], found)


def _kept(engine: Engine, dataset: Dataset, name: str, question: str) -> Iterator[Across]:
    """Ask a question once, keep its answer as a table, and yield it."""
    fault = {"double": faults.DUPLICATE, "lost": faults.PARENT_MISSING}[name]
    for batch in engine.keep(f"{name}_{dataset.code}", question):
        places = batch.column("place").to_numpy(zero_copy_only=False)
        yield from _by_file(dataset.code, places, _of_fault(fault, places))


def _of_fault(fault: Fault, places: Array) -> Found:
    return Found(fault.rule, "", str(fault.severity), np.arange(len(places)), None)


def _by_file(dataset: str, places: Array, found: Found) -> Iterator[Across]:
    numbers = places >> 40
    for file in np.unique(numbers).tolist():
        is_there = numbers == file
        some = Found(found.rule, found.field, found.severity, found.rows[is_there], found.texts)
        yield Across(dataset, file, places[is_there] & _ROWS, some)


def _plain(chunk: Chunk, code: str) -> pa.Array:
    """Return a column as text; what is no text or no UTF-8 cannot be taken for a right value."""
    column = chunk.columns.get(code)
    if column is None:
        texts: Any = pa.nulls(chunk.rows, pa.large_string())
    else:
        texts = _as_text(column)
    if code in chunk.not_text:
        texts = pa.compute.if_else(pa.array(chunk.not_text[code]), joins.NOT_TEXT, texts)
    return texts


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string_view(column.type) or pa.types.is_binary_view(column.type):
        column = column.cast(pa.large_binary())
    try:
        if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            return column.cast(pa.large_binary()).cast(pa.large_string())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return column.cast(pa.large_string())
    except pa.ArrowInvalid:
        return pa.array([_decoded(value) for value in column.to_pylist()], pa.large_string())
    nothing = pa.nulls(len(column), pa.large_string())
    return pa.compute.if_else(column.is_valid(), joins.NOT_TEXT, nothing)


def _decoded(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("utf-8", "backslashreplace") + joins.NOT_TEXT

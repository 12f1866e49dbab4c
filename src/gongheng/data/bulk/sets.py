"""Rules across records: equal keys, missing parents, rows above and rows that must exist.

What the rules need is put aside in a file per dataset while the records are judged; then a database
engine answers, with little memory and what it spills on disk. The order of upload decides: of equal
keys all but the first are wrong, and the first is the record that others mean.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk import joins
from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.beside import asked_of, columns_of, not_asked_of
from gongheng.data.bulk.files import Chunk
from gongheng.data.bulk.judging import BesideJudge, Found
from gongheng.data.bulk.texts import Array
from gongheng.data.standard import faults
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.registry import Dataset, dataset as find_dataset

MEMORY: Final = "512MB"
_AT_ONCE: Final = 1 << 16
_ROWS: Final = (1 << 40) - 1


@dataclass(frozen=True, slots=True)
class Across:
    """Records of a file that break a rule across records: ``rows`` are their numbers there."""

    dataset: str
    file: int
    rows: Array
    found: Found
    """The same by their places among the texts that were asked; its rows when it has none."""


class Sets:
    """What was put aside, and the questions put to it."""

    def __init__(self, folder: Path, there: Collection[str], *, kernel: str = "") -> None:
        self._folder, self._kernel = folder, kernel
        self._columns = {code: columns_of(code, there) for code in there}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, dataset: str, number: int, first: int, chunk: Chunk) -> None:
        """Put aside what the rules need of some records of a file."""
        columns = {
            "file": pa.array(np.full(chunk.rows, number, np.int32)),
            "row": pa.array(np.arange(first, first + chunk.rows, dtype=np.int64)),
            **{code: _plain(chunk, code) for code in self._columns[dataset]},
        }
        table = pa.table(columns)
        if dataset not in self._writers:
            self._writers[dataset] = pq.ParquetWriter(self._path(dataset), table.schema)
        self._writers[dataset].write_table(table)

    def found(self) -> Iterator[Across]:
        """Yield the records that break a rule, in the order of upload."""
        for writer in self._writers.values():
            writer.close()
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute(f"SET temp_directory = '{self._folder}'")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute("SET threads = 2")
            for code in self._writers:
                path = self._path(code)
                connection.execute(f"CREATE VIEW \"{code}\" AS FROM read_parquet('{path}')")
            for dataset in map(find_dataset, self._writers):
                yield from _kept(connection, dataset, "double", joins.duplicates(dataset))
                if self._has_parents(dataset):
                    yield from _kept(connection, dataset, "lost", joins.orphans(dataset))
            for dataset in map(find_dataset, self._writers):
                yield from self._beside(connection, dataset)

    def not_asked(self) -> list[str]:
        """Return the datasets whose rules across records could not be asked, in Chinese."""
        said = []
        for found in map(find_dataset, sorted(self._writers)):
            if found.parent and found.parent_key and found.parent not in self._writers:
                said.append(f"{found.code}：未提供上级数据集{found.parent}，未核对引用")
            missing = not_asked_of(found.code, self._writers)
            if missing:
                said.append(
                    f"{found.code}：未提供{'、'.join(sorted(missing))}，未核对与其有关的规则"
                )
        return said

    def _has_parents(self, dataset: Dataset) -> bool:
        return bool(dataset.parent and dataset.parent_key and dataset.parent in self._writers)

    def _path(self, dataset: str) -> Path:
        return self._folder / f"{dataset}.parquet"

    def _beside(self, connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[Across]:
        there = frozenset(self._writers)
        asked = asked_of(dataset.code, there)
        if asked is None:
            return
        judge = BesideJudge(asked, kernel=self._kernel)
        question = joins.joined(asked, there=there, has_lost=self._has_parents(dataset))
        for batch in connection.sql(question).to_arrow_reader(_AT_ONCE):
            places = batch.column("place").to_numpy(zero_copy_only=False)
            texts = {name: texts_of(batch.column(name)) for name in judge.columns}
            answers = [
                batch.column(f"exists {number}").to_numpy(zero_copy_only=False)
                for number in range(len(asked.lookups))
            ]
            for found in judge.judged(len(places), texts, answers):
                yield from _by_file(dataset.code, places[found.rows], found)


def _kept(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, name: str, question: str
) -> Iterator[Across]:
    """Ask a question once, keep its answer as a table, and yield it."""
    fault = {"double": faults.DUPLICATE, "lost": faults.PARENT_MISSING}[name]
    table = f'"{name} {dataset.code}"'
    connection.execute(f"CREATE TEMP TABLE {table} AS {question}")
    answer: Any = connection.sql(f"SELECT place FROM {table} ORDER BY place")  # noqa: S608  names are ours
    for batch in answer.to_arrow_reader(_AT_ONCE):
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

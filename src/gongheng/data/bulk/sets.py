"""Rules across records, asked of DuckDB: keys are unique, parents are there.

What they need is put aside while the files are read: the key fields and the fields that name the
parent, with the place of each record. Memory is bounded; what does not fit goes to disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk.files import Chunk
from gongheng.data.standard import faults
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.values import BLANK

MEMORY: Final = "512MB"
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Across:
    """Records that break a rule across records: places are pairs of file and row."""

    dataset: str
    fault: Fault
    places: list[tuple[int, int]]


class Sets:
    """What was put aside, and the questions put to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, dataset: str, number: int, first: int, chunk: Chunk) -> None:
        """Put aside what the rules need of some records of a file."""
        needed = _needed(find_dataset(dataset))
        if not needed:
            return
        columns = {
            "file": pa.array(np.full(chunk.rows, number, np.int32)),
            "row": pa.array(np.arange(first, first + chunk.rows, dtype=np.int64)),
            **{code: _plain(chunk.columns.get(code), chunk.rows) for code in needed},
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
                dataset = find_dataset(code)
                if dataset.key:
                    asked = connection.execute(self._duplicates(dataset))
                    yield from _found(code, faults.DUPLICATE, asked)
                if self._has_parents(dataset):
                    asked = connection.execute(self._orphans(dataset))
                    yield from _found(code, faults.PARENT_MISSING, asked)

    def not_asked(self) -> list[str]:
        """Return the datasets whose parents were not among the files, in Chinese."""
        return [
            f"{found.code}：未提供上级数据集{found.parent}，未核对引用"
            for found in map(find_dataset, sorted(self._writers))
            if found.parent and found.parent_key and found.parent not in self._writers
        ]

    def _has_parents(self, dataset: Dataset) -> bool:
        return bool(dataset.parent and dataset.parent_key and dataset.parent in self._writers)

    def _path(self, dataset: str) -> Path:
        return self._folder / f"{dataset}.parquet"

    def _from(self, dataset: str) -> str:
        return f"read_parquet('{self._path(dataset)}')"

    def _duplicates(self, dataset: Dataset) -> str:
        key = ", ".join(_said(code) for code in dataset.key)
        some = " OR ".join(f"{_said(code)} <> ''" for code in dataset.key)
        columns = ", ".join(f"k{n}" for n in range(len(dataset.key)))
        named = ", ".join(f"{_said(code)} AS k{n}" for n, code in enumerate(dataset.key))
        # Grouping finds the few keys that stand twice; only their records are looked at again.
        return f"""
            WITH twice AS (
                SELECT {named}, min(file::BIGINT << 40 | row) AS first
                FROM {self._from(dataset.code)} WHERE {some}
                GROUP BY {key} HAVING count(*) > 1),
            keyed AS (SELECT file, row, {named} FROM {self._from(dataset.code)})
            SELECT file, row FROM keyed JOIN twice USING ({columns})
            WHERE (file::BIGINT << 40 | row) > first ORDER BY file, row"""  # noqa: S608  names are ours

    def _orphans(self, dataset: Dataset) -> str:
        parent = find_dataset(dataset.parent)
        parts = []
        for number, code in enumerate(dataset.parent_key):
            several = dataset.field(code).is_multiple
            part = f"unnest(string_split({_said(code)}, ';'))" if several else _said(code)
            parts.append(f"{part} AS k{number}")
        some = " OR ".join(f"{_said(code)} <> ''" for code in dataset.parent_key)
        above = ", ".join(f"{_said(code)} AS k{n}" for n, code in enumerate(parent.key))
        same = " AND ".join(f"p.k{n} = c.k{n}" for n in range(len(dataset.parent_key)))
        return f"""
            WITH c AS (SELECT file, row, {", ".join(parts)}
                       FROM {self._from(dataset.code)} WHERE {some}),
            p AS (SELECT {above} FROM {self._from(parent.code)})
            SELECT DISTINCT file, row FROM c ANTI JOIN p ON {same} ORDER BY file, row"""  # noqa: S608  names are ours


def _found(code: str, fault: Fault, asked: Any) -> Iterator[Across]:  # noqa: ANN401  a cursor
    while places := asked.fetchmany(_AT_ONCE):
        yield Across(code, fault, [(int(file), int(row)) for file, row in places])


def _needed(dataset: Dataset) -> list[str]:
    """Return the fields that the rules across records look at."""
    return list(dict.fromkeys([*dataset.key, *(dataset.parent_key if dataset.parent else ())]))


def _said(code: str) -> str:
    """Return the SQL of a field's text, empty when it is blank."""
    blanks = "||".join(f"chr({ord(character)})" for character in BLANK)
    return f"""CASE WHEN trim(coalesce("{code}", ''), {blanks}) = '' THEN '' ELSE "{code}" END"""


def _plain(column: pa.Array | None, rows: int) -> pa.Array:
    """Return a column as text; what is no text is null, what is no UTF-8 is replaced."""
    if column is None:
        return pa.nulls(rows, pa.large_string())
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            return column.cast(pa.large_binary()).cast(pa.large_string())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return column.cast(pa.large_string())
    except pa.ArrowInvalid:
        texts = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.array(texts, pa.large_string())
    return pa.nulls(rows, pa.large_string())

"""Findings across records put into the order of upload: they come in any, and may be millions.

The rows that the rules look at are wide and as many as the records; what is found is little beside
them. So the rows are judged as they come, what is found is put on disk, and that alone is sorted:
by file, rule and record.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.replacing import replacing
from gongheng.data.bulk.sets import Across
from gongheng.data.bulk.texts import LOOKED_AT, Array, Texts

_AT_ONCE: Final = 1 << 16
_SCHEMA: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("rule", pa.string()),
        ("row", pa.int64()),
        ("field", pa.string()),
        ("severity", pa.string()),
        ("value", pa.large_binary()),
    ]
)


def put(findings: Iterable[Across], path: Path) -> None:
    """Write findings of one dataset to a file; none when there are none."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    with ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for across in findings:
            if writer is None:
                writer = stack.enter_context(
                    pq.ParquetWriter(stack.enter_context(replacing(path)), _SCHEMA)
                )
            waiting.append(_table(across))
            rows += len(across.rows)
            if rows >= _AT_ONCE:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting, rows = [], 0
        if writer is not None and waiting:
            writer.write_table(pa.Table.from_batches(waiting))


def in_order(
    connection: DuckDBPyConnection, dataset: str, files: Sequence[Path]
) -> Iterator[Across]:
    """Yield the findings of these files by file, rule and record."""
    if not files:
        return
    listed = ", ".join(f"'{file}'" for file in files)
    question = f'FROM read_parquet([{listed}]) ORDER BY file, rule, "row"'
    for batch in connection.sql(question).to_arrow_reader(_AT_ONCE):
        yield from _across(dataset, batch)


def _table(across: Across) -> pa.RecordBatch:
    found = across.found
    rows = len(across.rows)
    values = pa.nulls(rows, pa.large_binary())
    if found.texts is not None:
        values = pa.array(_values(found.texts, found.rows), pa.large_binary())
    columns = [
        pa.array(np.full(rows, across.file, np.int32)),
        pa.repeat(found.rule, rows),
        pa.array(across.rows.astype(np.int64)),
        pa.repeat(found.field, rows),
        pa.repeat(found.severity, rows),
        values,
    ]
    return pa.record_batch(columns, schema=_SCHEMA)


def _values(texts: Texts, rows: Array) -> list[bytes]:
    starts, ends = texts.places(rows)
    ends = np.minimum(ends, starts + LOOKED_AT)
    return [
        texts.data[start:end].tobytes()
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _across(dataset: str, batch: pa.RecordBatch) -> Iterator[Across]:
    """Yield the findings of a batch, a run of one file and rule at once."""
    files = batch.column("file").to_numpy()
    rules = batch.column("rule").dictionary_encode().indices.to_numpy()
    starts = np.flatnonzero((np.diff(files) != 0) | (np.diff(rules) != 0)) + 1
    bounds = [0, *starts.tolist(), len(files)]
    for start, end in pairwise(bounds):
        run = batch.slice(start, end - start)
        rule, field, severity = (run.column(n)[0].as_py() for n in ("rule", "field", "severity"))
        values = run.column("value")
        texts = None if values.null_count else texts_of(values)
        found = Found(rule, field, severity, np.arange(len(run)), texts)
        yield Across(dataset, int(files[start]), run.column("row").to_numpy(), found)

"""Questions over what was put aside, answered by DuckDB on this machine, in little memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from gongheng.data.bulk import sorting
from gongheng.data.bulk.joins import DUCKDB
from gongheng.data.bulk.sets import Across, JoinedJudge

MEMORY: Final = "512MB"
_AT_ONCE: Final = 1 << 16


def database(spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a database of its own in little memory; what does not fit there goes to a folder."""
    made = duckdb.connect()
    made.execute(f"SET memory_limit = '{MEMORY}'")
    made.execute(f"SET temp_directory = '{spill}'")
    made.execute("SET threads = 2")
    return made


class Duck:
    """A database in the folder of a run."""

    dialect = DUCKDB

    def __init__(self, folder: Path) -> None:
        self._connection = database(folder)
        self._connection.execute("SET preserve_insertion_order = false")
        self._folder = folder

    def view(self, name: str, files: list[Path]) -> None:
        """Give these Parquet files the name of a table."""
        listed = ", ".join(f"'{file}'" for file in files)
        self._connection.execute(f'CREATE VIEW "{name}" AS FROM read_parquet([{listed}])')

    def keep(self, name: str, question: str) -> Iterator[pa.RecordBatch]:
        """Make a table of the places that are an answer and yield it, in the order of upload."""
        self._connection.execute(f'CREATE TEMP TABLE "{name}" AS {question}')
        yield from self._batches(f'SELECT place FROM "{name}" ORDER BY place')  # noqa: S608  names are ours

    def judged(self, question: str, judge: JoinedJudge) -> Iterator[Across]:
        """Yield what is said of the rows of an answer, by file, rule and record."""
        path = self._folder / "found" / f"{judge.dataset}.parquet"
        findings = (across for batch in self._batches(question) for across in judge(batch))
        sorting.put(findings, path)
        yield from sorting.in_order(self._connection, judge.dataset, [path] * path.exists())

    def _batches(self, question: str) -> Iterator[pa.RecordBatch]:
        yield from self._connection.sql(question).to_arrow_reader(_AT_ONCE)

    def close(self) -> None:
        """End it."""
        self._connection.close()

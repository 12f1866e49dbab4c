"""Questions over what was put aside, answered by DuckDB on this machine, in little memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from gongheng.data.bulk.joins import DUCKDB
from gongheng.data.bulk.sets import Across, JoinedJudge

MEMORY: Final = "512MB"
MUCH = 256 << 20
MORE: Final = "1200MB"
"""What is judged in more memory: so many bytes of keys, some tens of millions of them."""
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
        self._bytes = 0

    def view(self, name: str, files: list[Path]) -> None:
        """Give these Parquet files the name of a table."""
        before, self._bytes = self._bytes, self._bytes + sum(file.stat().st_size for file in files)
        if before < MUCH <= self._bytes:
            # A hundred million keys do not fit: some blocks of a join cannot be put on disk.
            self._connection.execute(f"SET memory_limit = '{MORE}'")
        listed = ", ".join(f"'{file}'" for file in files)
        self._connection.execute(f'CREATE VIEW "{name}" AS FROM read_parquet([{listed}])')

    def keep(self, name: str, question: str) -> Iterator[pa.RecordBatch]:
        """Make a table of an answer and yield it, in its order."""
        self._connection.execute(f'CREATE TEMP TABLE "{name}" AS {question}')
        yield from self._batches(f'SELECT place FROM "{name}" ORDER BY place')  # noqa: S608  names are ours

    def judged(self, question: str, judge: JoinedJudge) -> Iterator[Across]:
        """Yield what is said of the rows of an answer, in their order."""
        for batch in self._batches(question):
            yield from judge(batch)

    def _batches(self, question: str) -> Iterator[pa.RecordBatch]:
        yield from self._connection.sql(question).to_arrow_reader(_AT_ONCE)

    def close(self) -> None:
        """End it."""
        self._connection.close()

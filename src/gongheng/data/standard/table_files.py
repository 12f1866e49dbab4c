"""The CSV files of the folder ``tables``, row by row."""

import csv
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


class Stage(StrEnum):
    """Where a rule is asked: as a record comes in, over a whole batch, or both."""

    REAL_TIME = "real_time"
    BATCH = "batch"
    BOTH = "both"


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table as text by column."""
    with (_TABLES / table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

"""Rows that a spreadsheet reads: nothing that somebody typed is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write(file: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV, texts made harmless; numbers stay what they are."""
    csv.writer(file).writerows(map(_harmless, row) for row in rows)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_SIGNS) else cell

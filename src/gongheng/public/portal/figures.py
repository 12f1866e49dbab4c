"""Tables of figures on the statistics page: by trade, region and month, each figure with its rows."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]], *, site: str) -> str:
    """Return rows as CSV; ``site`` goes before the address in the last place of each, if it has one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([*row, f"{site}{where}" if where else ""] for *row, where in rows)
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is written; ``address`` leads to what it counts, quietly beside a louder one."""

    text: str
    address: str = ""
    is_quiet: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What a line is about, and its figures."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by ``title``; ``words`` name it to who does not see it, ``caption`` its columns."""

    title: str
    words: str
    caption: str
    heads: tuple[str, ...]
    lines: list[Line]

"""Tables of figures on the statistics page: by trade, region and month, each figure with its rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings


def with_site(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Yield rows for a spreadsheet: the address in the last place of each, if it has one, is whole."""
    site = settings.NODE.url.rstrip("/")
    yield from ([*row, f"{site}{where}" if where else ""] for *row, where in rows)


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

"""Tables of figures on the statistics page: by trade, region and month, each figure with its rows."""

from dataclasses import dataclass


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

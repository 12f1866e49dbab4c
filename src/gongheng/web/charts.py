"""Bar charts drawn on the server: plain SVG geometry, no scripts, no styles in attributes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 6, 14, 26
_STEPS = 4
_NICE = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: its words, its parts in the order of the series, where it leads.

    ``addresses`` are those of the parts; without them a part leads nowhere.
    """

    label: str
    values: tuple[int, ...]
    address: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Return the sum of the parts."""
        return sum(self.values)

    @property
    def parts(self) -> Iterator[tuple[int, str]]:
        """Yield each part and where it leads; nothing leads to no rows."""
        for value, address in zip_longest(self.values, self.addresses, fillvalue=""):
            yield int(value), str(address) if value else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of one series; ``series`` numbers its colour class from 1."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale with its number."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The words under a column."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A stacked bar chart and the numbers it was drawn from."""

    title: str
    series: tuple[str, ...]
    columns: tuple[Column, ...]
    width: int
    height: int
    blocks: tuple[Block, ...]
    ticks: tuple[Tick, ...]
    captions: tuple[Caption, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(column.total for column in self.columns)

    @property
    def base(self) -> int:
        """Return the height of the axis."""
        return self.height - _BOTTOM

    @property
    def caption_y(self) -> int:
        """Return the height of the words under the columns."""
        return self.height - 8


def stacked(
    title: str,
    *,
    series: Sequence[str],
    columns: Sequence[Column],
    width: int = 360,
    height: int = 220,
) -> Chart:
    """Return a chart with one column per row, stacked from the first series upwards."""
    top = _round_up(max((column.total for column in columns), default=0))
    area = height - _TOP - _BOTTOM
    slot = (width - _LEFT - _RIGHT) / max(len(columns), 1)
    blocks: list[Block] = []
    for number, column in enumerate(columns):
        blocks.extend(
            _stack(column, x=_LEFT + slot * number, slot=slot, scale=area / top, area=area)
        )
    ticks = [
        Tick(round(_TOP + area - area * step / _STEPS, 1), f"{top * step // _STEPS:,}")
        for step in range(_STEPS + 1)
    ]
    every = max(1, -(-len(columns) * 40 // (width - _LEFT - _RIGHT)))
    captions = [
        Caption(round(_LEFT + slot * (number + 0.5), 1), column.label)
        for number, column in enumerate(columns)
        if (len(columns) - 1 - number) % every == 0
    ]
    return Chart(
        title, tuple(series), tuple(columns), width, height,
        tuple(blocks), tuple(ticks), tuple(captions),
    )  # fmt: skip


def _stack(column: Column, *, x: float, slot: float, scale: float, area: float) -> list[Block]:
    blocks = []
    bottom = _TOP + area
    for index, value in enumerate(column.values, start=1):
        if value:
            height = value * scale
            bottom -= height
            blocks.append(
                Block(
                    index,
                    round(x + slot * 0.15, 1),
                    round(bottom, 1),
                    round(slot * 0.7, 1),
                    round(height, 1),
                )
            )
    return blocks


def _round_up(number: int) -> int:
    """Return the next number that divides into whole ticks."""
    size = _STEPS
    while True:
        for factor in _NICE:
            if number <= size * factor:
                return size * factor
        size *= 10

"""A language as one minimal automaton over the bytes of UTF-8, in two small tables.

``classes`` gives the class of each byte, ``steps`` the state behind a state and a class, ``labels``
the label of a value that ends in a state. Bytes that are not UTF-8 lead to a state of their own.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from gongheng.data.bulk import labels
from gongheng.data.bulk.languages import Language
from gongheng.data.bulk.parts import explored

Array: TypeAlias = np.ndarray[Any, Any]

_BYTES: Final = 256
_ASCII: Final = 0x80
_LARGEST: Final = 0x10FFFF
_SURROGATES: Final = (0xD800, 0xDFFF)


@dataclass(frozen=True)
class Automaton:
    """``steps`` is flat: the state is already multiplied by the number of classes."""

    classes: Array
    steps: Array
    labels: Array

    @property
    def width(self) -> int:
        """Return the number of classes of bytes."""
        return len(self.steps) // len(self.labels)

    def label(self, value: bytes) -> int:
        """Return the label of one value, its length apart."""
        at = 0
        for byte in value:
            at = int(self.steps[at + int(self.classes[byte])])
        return int(self.labels[at // self.width])


def _explored(language: Language) -> tuple[list[int], Array, Array]:
    """Return the named code points, and steps (last column: all others) and labels by state."""
    states, rows = explored(language, [group[0] for group in language.groups])
    by_symbol = {symbol: n for n, group in enumerate(language.groups) for symbol in group}
    symbols = sorted(by_symbol)
    steps = np.array(rows)[:, [*(by_symbol[symbol] for symbol in symbols), -1]]
    return symbols, steps, np.array([language.label(state) for state in states])


def _rows_alike(table: Array) -> tuple[Array, Array]:
    """Return the first of each kind of row, and the kind of each row.

    Rows are told apart by a sum of random multiples, and then compared in full.
    """
    draw = np.random.Generator(np.random.PCG64(len(table)))
    factors = draw.integers(1, 1 << 63, size=table.shape[1], dtype=np.uint64)
    sums = (table.astype(np.uint64) * factors).sum(axis=1, dtype=np.uint64)
    _, first, kinds = np.unique(sums, return_index=True, return_inverse=True)
    kinds = kinds.reshape(-1)
    if not (table[first][kinds] == table).all():
        _, first, kinds = np.unique(table, axis=0, return_index=True, return_inverse=True)
        kinds = kinds.reshape(-1)
    return first, kinds


def minimal(steps: Array, found: Array) -> tuple[Array, Array]:
    """Return the smallest automaton of the same labels; the start keeps number 0."""
    first, blocks = _rows_alike(found.reshape(-1, 1))
    count = 0
    while len(first) != count:
        count = len(first)
        first, blocks = _rows_alike(np.column_stack([blocks, blocks[steps]]))
    # Numbered by the order of their first members, so that the start is 0.
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(count)
    members = first[order]
    return rank[blocks[steps[members]]], found[members]


def _columns_alike(table: Array) -> tuple[Array, Array]:
    first, kinds = _rows_alike(np.ascontiguousarray(table.T))
    return table[:, first], kinds


def _encoded(symbols: list[int]) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes of the named code points beyond ASCII, with their columns."""
    for column, symbol in enumerate(symbols):
        if symbol >= _ASCII and not _SURROGATES[0] <= symbol <= _SURROGATES[1]:
            yield chr(symbol).encode(), column


_Leads: TypeAlias = tuple[tuple[range, tuple[range, ...]], ...]
_REST: Final = range(0x80, 0xC0)
_SEQUENCES: Final[_Leads] = (
    (range(0xC2, 0xE0), (_REST,)),
    (range(0xE0, 0xE1), (range(0xA0, 0xC0), _REST)),
    (range(0xE1, 0xED), (_REST, _REST)),
    (range(0xED, 0xEE), (range(0x80, 0xA0), _REST)),
    (range(0xEE, 0xF0), (_REST, _REST)),
    (range(0xF0, 0xF1), (range(0x90, 0xC0), _REST, _REST)),
    (range(0xF1, 0xF4), (_REST, _REST, _REST)),
    (range(0xF4, 0xF5), (range(0x80, 0x90), _REST, _REST)),
)
"""Well-formed UTF-8 beyond ASCII: first bytes, then what may follow, byte by byte."""


class _Bytes:
    """The automaton over bytes while it is made: code point states first, then those within one."""

    def __init__(self, symbols: list[int], steps: Array, found: Array) -> None:
        self._symbols, self._points = symbols, steps
        self._named: Mapping[bytes, int] = dict(_encoded(symbols))
        self._beginnings = {code[:n] for code in self._named for n in range(1, len(code))}
        self._inner: list[list[int]] = []
        self._labels = list(found)
        self._within: dict[Hashable, int] = {}
        self._wrong = self._state([])
        self._inner[0] = [self._wrong] * _BYTES
        self._outer = np.full((len(steps), _BYTES), self._wrong)
        self._outer[:, :_ASCII] = steps[:, -1:]
        ascii_only = [symbol for symbol in symbols if symbol < _ASCII]
        self._outer[:, ascii_only] = steps[:, : len(ascii_only)]
        beyond, first, kinds = np.unique(
            steps[:, [*self._named.values(), -1]], axis=0, return_index=True, return_inverse=True
        )
        leads = np.array([self._leads(int(state)) for state in first]).reshape(len(beyond), -1)
        self._outer[:, _ASCII:] = leads[kinds.reshape(-1)]

    def _leads(self, state: int) -> list[int]:
        """Return what is behind each first byte beyond ASCII; states that go alike there share it."""
        other = int(self._points[state, -1])
        row = [self._wrong] * _BYTES
        for leads, following in _SEQUENCES:
            for lead in leads:
                row[lead] = self._inside(state, bytes([lead]), following, other)
        return row[_ASCII:]

    def tables(self) -> tuple[Array, Array]:
        """Return steps by state and byte, and labels by state."""
        return np.vstack([self._outer, np.array(self._inner)]), np.array(self._labels)

    def _state(self, row: list[int]) -> int:
        self._inner.append(row)
        self._labels.append(labels.ENCODING)
        return len(self._labels) - 1

    def _inside(self, state: int, read: bytes, following: tuple[range, ...], other: int) -> int:
        """Return the state behind the first bytes of a code point; equal ones are one."""
        if not following:
            column = self._named.get(read)
            return other if column is None else int(self._points[state, column])
        if read not in self._beginnings:
            key: Hashable = (following, other)
            if key not in self._within:
                behind = self._inside(state, read + b"\x00", following[1:], other)
                self._within[key] = self._state(self._among(following[0], [behind] * _BYTES))
            return self._within[key]
        row = [self._wrong] * _BYTES
        for byte in following[0]:
            row[byte] = self._inside(state, read + bytes([byte]), following[1:], other)
        key = tuple(row)
        if key not in self._within:
            self._within[key] = self._state(row)
        return self._within[key]

    def _among(self, allowed: range, row: list[int]) -> list[int]:
        return [row[byte] if byte in allowed else self._wrong for byte in range(_BYTES)]


def compiled(language: Language) -> Automaton:
    """Return the minimal automaton of a language over bytes."""
    symbols, steps, found = _explored(language)
    columns, back = _columns_alike(steps)  # code points that go alike
    small, found = minimal(columns, found)
    by_byte, found = _Bytes(symbols, small[:, back], found).tables()
    columns, classes = _columns_alike(by_byte)
    small, found = minimal(columns, found)
    columns, merged = _columns_alike(small)
    classes = merged[classes]
    width = columns.shape[1]
    return Automaton(
        classes=classes.astype(np.uint8),
        steps=(columns * width).reshape(-1).astype(np.int32),
        labels=found.astype(np.uint8),
    )

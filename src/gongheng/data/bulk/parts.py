"""The pieces that the language of a field is put together from: each a deterministic automaton.

A piece distinguishes the code points of its ``alphabet``; all others are the symbol None. States are
hashable; ``NOWHERE`` is the state from which nothing can become right any more.
"""

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any, Final, Protocol, TypeAlias

from gongheng.data.bulk.regexes import Pattern, Symbol
from gongheng.data.standard.values import BLANK

State: TypeAlias = Any
NOWHERE: Final = None
SEPARATOR: Final = ord(";")
BLANKS: Final = frozenset(map(ord, BLANK))
CONTROLS: Final = frozenset(
    {*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF}
)


class Piece(Protocol):
    """A deterministic automaton over code points."""

    @property
    def alphabet(self) -> frozenset[int]:
        """Return the code points that it tells apart."""

    @property
    def start(self) -> Hashable:
        """Return the state before the first code point."""

    def step(self, state: State, symbol: Symbol) -> Hashable:
        """Return the state behind a symbol."""

    def is_match(self, state: State) -> bool:
        """Tell whether what was read so far is in the language."""


class _Steps(Protocol):
    @property
    def start(self) -> Hashable: ...

    def step(self, state: State, symbol: Symbol) -> Hashable: ...


def explored(steps: _Steps, symbols: Iterable[int]) -> tuple[list[Hashable], list[list[int]]]:
    """Return all states, the start first, and behind each the numbers of those it leads to.

    The last column is that of all symbols that are not named.
    """
    named: tuple[Symbol, ...] = (*symbols, None)
    states: list[Hashable] = [steps.start]
    numbers: dict[Hashable, int] = {steps.start: 0}
    rows: list[list[int]] = []
    for state in states:  # grows while it is walked
        row = []
        for symbol in named:
            behind = steps.step(state, symbol)
            number = numbers.get(behind)
            if number is None:
                number = numbers[behind] = len(states)
                states.append(behind)
            row.append(number)
        rows.append(row)
    return states, rows


class Tabled:
    """A piece walked once: its states are numbers, ``NOWHERE`` among them; ``original`` gives them back."""

    def __init__(self, piece: Piece) -> None:
        self.piece, self.alphabet = piece, piece.alphabet
        symbols = sorted(self.alphabet)
        self._states, rows = explored(piece, symbols)
        lost = self._states.index(NOWHERE) if NOWHERE in self._states else -1
        self._steps = [
            {symbol: to for symbol, to in zip((*symbols, None), row, strict=True) if to != lost}
            for row in rows
        ]
        self._matches = [piece.is_match(state) for state in self._states]
        self.start: Hashable = 0

    def step(self, state: State, symbol: Symbol) -> Hashable:
        return NOWHERE if state is NOWHERE else self._steps[state].get(symbol, NOWHERE)

    def is_match(self, state: State) -> bool:
        return state is not NOWHERE and self._matches[state]

    def original(self, state: State) -> State:
        """Return the piece's own state."""
        return NOWHERE if state is NOWHERE else self._states[state]


class Regular:
    """What a pattern matches, as few states as need be: numbers, or ``NOWHERE``."""

    def __init__(self, pattern: Pattern) -> None:
        self.alphabet = pattern.alphabet
        symbols = sorted(self.alphabet)
        states, rows = explored(pattern, symbols)
        kinds = _kinds([pattern.is_match(state) for state in states], rows)  # type: ignore[arg-type]
        lost = kinds[states.index(frozenset())] if frozenset() in states else -1
        self._matches = {
            kind
            for kind, state in zip(kinds, states, strict=True)
            if pattern.is_match(state)  # type: ignore[arg-type]
        }
        self._steps: dict[int, dict[Symbol, int]] = {}
        for kind, row in zip(kinds, rows, strict=True):
            behind = zip((*symbols, None), (kinds[number] for number in row), strict=True)
            self._steps[kind] = {symbol: to for symbol, to in behind if to != lost}
        self.start: Hashable = kinds[0]

    def step(self, state: State, symbol: Symbol) -> Hashable:
        return NOWHERE if state is NOWHERE else self._steps[state].get(symbol, NOWHERE)

    def is_match(self, state: State) -> bool:
        return state in self._matches


def _kinds(matches: list[bool], rows: list[list[int]]) -> list[int]:
    """Return which states are alike, by the number of their kind."""
    kinds = [int(match) for match in matches]
    count = 0
    while True:
        numbers: dict[Hashable, int] = {}
        kinds = [
            numbers.setdefault((kind, tuple([kinds[to] for to in row])), len(numbers))
            for kind, row in zip(kinds, rows, strict=True)
        ]
        if len(numbers) == count:
            return kinds
        count = len(numbers)


class Listed:
    """One of so many words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._beginnings = frozenset(word[:n] for word in self._words for n in range(len(word) + 1))
        self.start = ""

    @cached_property
    def alphabet(self) -> frozenset[int]:
        return frozenset(ord(character) for word in self._words for character in word)

    def step(self, state: State, symbol: Symbol) -> Hashable:
        if state is NOWHERE or symbol is None:
            return NOWHERE
        longer = state + chr(symbol)
        return longer if longer in self._beginnings else NOWHERE

    def is_match(self, state: State) -> bool:
        return state in self._words


class Sized:
    """So many code points exactly; the state counts, and stops counting one beyond."""

    alphabet: frozenset[int] = frozenset()
    start = 0

    def __init__(self, size: int) -> None:
        self.size = size

    def step(self, state: State, symbol: Symbol) -> Hashable:  # noqa: ARG002  any symbol counts
        return int(min(state + 1, self.size + 1))

    def is_match(self, state: State) -> bool:
        return bool(state == self.size)

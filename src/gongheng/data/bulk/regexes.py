r"""The dialect of patterns that every engine knows, as non-deterministic automata.

Literals, ASCII classes, ``.`` (anything but a line end ``\n``), groups, alternation, ``*``, ``+``,
``?``, ``{n}``, ``{m,n}``. A pattern always means the whole value. Anything else is refused.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

Symbol: TypeAlias = int | None
"""A code point that some pattern names, or None for all others."""

LINE_END: Final = ord("\n")
_SPECIAL = frozenset("|()[]{}*+?.\\^$")
_ANY: Final = frozenset({LINE_END})
"""Stands for ``.``: a negated set, see ``_Edge``."""


class WrongPattern(ValueError):
    """A pattern outside the dialect: a fault of ours."""


_Edge: TypeAlias = tuple[frozenset[int], bool, int]
"""Code points, whether they are the ones left out, and the state behind."""


class Pattern:
    """An automaton with states by number; a run stands on a set of them."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._edges: list[list[_Edge]] = []
        self._free: list[list[int]] = []
        first, self._last = self._alternatives()
        if self._at != len(text):
            raise WrongPattern(text)
        self.start = self._closure({first})

    @property
    def alphabet(self) -> frozenset[int]:
        """Return the code points that the pattern names."""
        return frozenset().union(*(edge[0] for edges in self._edges for edge in edges))

    def step(self, states: frozenset[int], symbol: Symbol) -> frozenset[int]:
        """Return the states behind a symbol; None is a code point that the pattern does not name."""
        return self._closure(
            {
                behind
                for state in states
                for named, is_negated, behind in self._edges[state]
                if (symbol in named) is not is_negated
            }
        )

    def is_match(self, states: frozenset[int]) -> bool:
        """Tell whether the value may end here."""
        return self._last in states

    def _closure(self, states: Iterable[int]) -> frozenset[int]:
        found: set[int] = set()
        pending = list(states)
        while pending:
            state = pending.pop()
            if state not in found:
                found.add(state)
                pending.extend(self._free[state])
        return frozenset(found)

    def _state(self) -> int:
        self._edges.append([])
        self._free.append([])
        return len(self._edges) - 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, expected: str) -> None:
        if self._peek() != expected:
            raise WrongPattern(self._text)
        self._at += 1

    def _alternatives(self) -> tuple[int, int]:
        first, last = self._state(), self._state()
        while True:
            inner, end = self._sequence()
            self._free[first].append(inner)
            self._free[end].append(last)
            if self._peek() != "|":
                return first, last
            self._take("|")

    def _sequence(self) -> tuple[int, int]:
        first = last = self._state()
        while self._peek() not in {"", "|", ")"}:
            began = self._at
            piece = self._atom()
            least, most = self._repeats()
            ended = self._at
            for number in range(least if most is None else most):
                if number:
                    self._at = began
                    piece = self._atom()
                    self._at = ended
                self._free[last].append(piece[0])
                if number >= least:
                    self._free[last].append(piece[1])
                last = piece[1]
            if most is None:
                if not least:
                    skip = self._state()
                    self._free[last].extend((piece[0], skip))
                    self._free[piece[1]].extend((piece[0], skip))
                    last = skip
                else:
                    self._free[last].append(piece[0])
        return first, last

    def _repeats(self) -> tuple[int, int | None]:
        sign = self._peek()
        if sign in {"*", "+", "?"}:
            self._at += 1
            found: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif sign == "{":
            end = self._text.index("}", self._at)
            least, comma, most = self._text[self._at + 1 : end].partition(",")
            self._at = end + 1
            if not least.isdecimal() or (comma and not most.isdecimal()):
                raise WrongPattern(self._text)
            found = int(least), int(most or least)
        else:
            return 1, 1
        if self._peek() in {"*", "+", "?", "{"}:
            raise WrongPattern(self._text)
        return found

    def _atom(self) -> tuple[int, int]:
        sign = self._peek()
        if sign == "(":
            self._take("(")
            if self._peek() == "?":
                self._take("?")
                self._take(":")
            inner = self._alternatives()
            self._take(")")
            return inner
        if sign == "[":
            return self._edge(self._class(), is_negated=False)
        self._at += 1
        if sign == ".":
            return self._edge(_ANY, is_negated=True)
        if sign == "\\":
            sign = self._peek()
            self._at += 1
            if not sign or sign.isalnum():
                raise WrongPattern(self._text)
        elif sign in _SPECIAL:
            raise WrongPattern(self._text)
        return self._edge(frozenset({ord(sign)}), is_negated=False)

    def _edge(self, named: frozenset[int], *, is_negated: bool) -> tuple[int, int]:
        first, last = self._state(), self._state()
        self._edges[first].append((named, is_negated, last))
        return first, last

    def _class(self) -> frozenset[int]:
        end = self._text.index("]", self._at + 2)
        inside = self._text[self._at + 1 : end]
        self._at = end + 1
        if "\\" in inside or "[" in inside or inside.startswith("^") or not inside.isascii():
            raise WrongPattern(self._text)
        found: set[int] = set()
        at = 0
        while at < len(inside):
            if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
                found.update(range(ord(inside[at]), ord(inside[at + 2]) + 1))
                at += 3
            else:
                found.add(ord(inside[at]))
                at += 1
        return frozenset(found)


@cache
def pattern(text: str) -> Pattern:
    """Return the automaton of a pattern. Raises ``WrongPattern``."""
    return Pattern(text)

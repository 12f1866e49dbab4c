"""Codes that carry a check character, as pieces: the sum so far is part of the state."""

from collections.abc import Callable, Hashable
from functools import cache
from typing import Final

from gongheng.data.bulk.parts import NOWHERE, Listed, Regular, State, Tabled
from gongheng.data.bulk.regexes import Symbol, pattern
from gongheng.data.standard.times import pattern_of
from gongheng.kernel.codes import identity, region, transaction, uscc

_USCC = Regular(pattern(uscc.SHAPE))
_DAY = pattern_of("yyyyMMdd")
_BIRTHDAY = "(?:1[89]|[2-9][0-9])"
_IDENTITY = Regular(
    pattern(f"(?:{'|'.join(sorted(region.PROVINCES))})[0-9]{{4}}{_DAY}[0-9]{{3}}[0-9X]")
)
_SINCE = Regular(pattern(f"[0-9]{{6}}{_BIRTHDAY}[0-9]{{9}}[0-9X]"))
"""Born in 1800 or later."""


class Weighted:
    """A shape whose last character makes the weighted sum of all divisible."""

    def __init__(
        self, shape: Regular, length: int, weigh: Callable[[int, int], int], modulus: int
    ) -> None:
        self._shape, self._length, self._weigh, self._modulus = shape, length, weigh, modulus
        self.alphabet = shape.alphabet
        self.start: Hashable = (shape.start, 0, 0)

    def step(self, state: State, symbol: Symbol) -> Hashable:
        if state is NOWHERE or symbol is None:
            return NOWHERE
        shape, at, total = state
        behind = self._shape.step(shape, symbol)
        if behind is NOWHERE:
            return NOWHERE
        return behind, at + 1, (total + self._weigh(at, symbol)) % self._modulus

    def is_match(self, state: State) -> bool:
        if state is NOWHERE:
            return False
        shape, at, total = state
        return at == self._length and total == 0 and self._shape.is_match(shape)


def _uscc_weight(at: int, symbol: int) -> int:
    if at == uscc.BODY_LENGTH:
        return uscc.ALPHABET.index(chr(symbol))
    return uscc.ALPHABET.index(chr(symbol)) * int(pow(3, at, uscc.MODULUS))


def _identity_weight(at: int, symbol: int) -> int:
    """Weigh a digit; the check character is what is missing to 1."""
    digit = 10 if symbol == ord("X") else symbol - ord("0")
    if at == identity.BODY_LENGTH:
        return digit - 1
    return digit * int(pow(2, identity.BODY_LENGTH - at, identity.MODULUS))


USCC: Final = Tabled(Weighted(_USCC, uscc.BODY_LENGTH + 1, _uscc_weight, uscc.MODULUS))


class _Identity:
    """An identity number: province, real day of birth since 1800, and the weighted sum."""

    def __init__(self) -> None:
        length = identity.BODY_LENGTH + 1
        self._sum = Weighted(_IDENTITY, length, _identity_weight, identity.MODULUS)
        self.alphabet = self._sum.alphabet
        self.start: Hashable = (self._sum.start, _SINCE.start)

    def step(self, state: State, symbol: Symbol) -> Hashable:
        behind: Hashable = NOWHERE
        if state is not NOWHERE:
            total, since = self._sum.step(state[0], symbol), _SINCE.step(state[1], symbol)
            behind = NOWHERE if total is NOWHERE or since is NOWHERE else (total, since)
        return behind

    def is_match(self, state: State) -> bool:
        return state is not NOWHERE and self._sum.is_match(state[0])


IDENTITY: Final = Tabled(_Identity())


class DealCode:
    """A transaction code: right, or right but for its category, or but for its check character.

    The state: place, platform's state, day's state, whether the category is known, product of the
    check character (0 when the category is not known, since it is not asked then).
    """

    _platform, _day, _serial = range(4, 22), range(23, 31), range(32, 38)
    _hyphens: Final = (3, 22, 31, 38)
    length: Final = 40

    def __init__(self, categories: frozenset[str]) -> None:
        self._categories = Listed({c for c in categories if len(c) == 3})  # noqa: PLR2004  letter and two digits
        self._date = Regular(pattern(_DAY))
        letters = "".join(sorted(transaction.CATEGORIES))
        self._shape = Regular(
            pattern(f"[{letters}][0-9]{{2}}-[0-9A-Z]{{18}}-[0-9]{{8}}-[0-9]{{6}}-[0-9A-Z]")
        )
        self.alphabet = self._shape.alphabet
        self.start: Hashable = (
            0,
            self._shape.start,
            self._categories.start,
            USCC.start,
            self._date.start,
            transaction.MODULUS,
        )

    def step(self, state: State, symbol: Symbol) -> Hashable:
        if state is NOWHERE or symbol is None:
            return NOWHERE
        at, shape, category, platform, day, product = state
        shape = self._shape.step(shape, symbol)
        platform = USCC.step(platform, symbol) if at in self._platform else platform
        day = self._date.step(day, symbol) if at in self._day else day
        if NOWHERE in {shape, platform, day} or not self._part_is_right(at, platform, day):
            return NOWHERE
        # Which platform and which day it was no longer matters behind them.
        platform = USCC.start if at == self._platform[-1] else platform
        day = self._date.start if at == self._day[-1] else day
        category = self._category(category, at, symbol)
        product = 0 if category is NOWHERE else self._multiplied(product, at, symbol)
        return at + 1, shape, category, platform, day, product

    def _category(self, category: State, at: int, symbol: int) -> State:
        """Return the beginning of the category, behind it whether it is known."""
        last = self._hyphens[0] - 1
        if at > last:
            return category
        category = self._categories.step(category, symbol)
        if at < last:
            return category
        return "" if self._categories.is_match(category) else NOWHERE

    def _part_is_right(self, at: int, platform: State, day: State) -> bool:
        if at == self._platform[-1]:
            return USCC.is_match(platform)
        return at != self._day[-1] or self._date.is_match(day)

    def _multiplied(self, product: int, at: int, symbol: int) -> int:
        if at in self._hyphens:
            return product
        value = transaction.ALPHABET.index(chr(symbol))
        total = (product + value) % transaction.MODULUS
        if at == self.length - 1:
            return total
        return (total or transaction.MODULUS) * 2 % (transaction.MODULUS + 1)

    def is_match(self, state: State) -> bool:
        """Tell whether the code is right, check character and all."""
        return self.is_whole(state) and self.is_known(state) and state[5] == 1

    @staticmethod
    def is_whole(state: State) -> bool:
        """Tell whether shape, platform and day are right."""
        return state is not NOWHERE and bool(state[0] == DealCode.length)

    @staticmethod
    def is_known(state: State) -> bool:
        """Tell whether the category is in its list."""
        return state[2] is not NOWHERE


@cache
def deal_code(categories: frozenset[str]) -> Tabled:
    """Return the piece of transaction codes, walked once for all languages that hold it."""
    return Tabled(DealCode(categories))

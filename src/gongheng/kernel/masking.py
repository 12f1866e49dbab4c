"""Personal data in a text: found for the secrecy review, masked for publication (A-09).

Found are mobile numbers, resident identity numbers, bank accounts and e-mail addresses, written
with half-width or full-width characters. Credit codes, transaction codes and other numbers of a
trade stay as they are: they are what a reader of a notice looks for.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongheng.kernel.codes import identity, region, uscc


class Personal(StrEnum):
    """A kind of personal data."""

    IDENTITY = "identity"
    MOBILE = "mobile"
    ACCOUNT = "account"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """Return the kind in Chinese."""
        return _LABELS[self]


_LABELS = {
    Personal.IDENTITY: "身份证号",
    Personal.MOBILE: "手机号码",
    Personal.ACCOUNT: "银行账号",
    Personal.EMAIL: "电子邮箱",
}

EVERY_KIND = frozenset(Personal)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text holds personal data: half-open positions of its characters."""

    kind: Personal
    start: int
    end: int


# Full-width ASCII has the same length, so that positions in both texts agree.
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_NOT_IN_CODE = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)"
_ENDS = r"(?![0-9A-Za-z])"

_TRANSACTION = re.compile(
    r"(?<![0-9A-Za-z-])[A-Z][0-9]{2}-[0-9A-Z]{18}-[0-9]{8}-[0-9]{6}-[0-9A-Z](?![0-9A-Za-z-])"
)
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{18}(?![0-9A-Za-z])")

# No code of a trade has eighteen digits behind letters, so "ID5301..." is searched as well.
_IDENTITY = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx]" + _ENDS)
_PARTED_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z-])[0-9]{6}([ -])[0-9]{8}\1[0-9]{3}[0-9Xx](?![0-9A-Za-z-])"
)
# Fifteen digits are more often a certificate's: only the word before them tells a person's.
_OLD_IDENTITY = re.compile(r"身份证[^0-9A-Za-z\n]{0,12}(?P<number>[0-9]{15})" + _ENDS)
_MOBILE = re.compile(
    rf"(?:{_NOT_IN_CODE}|(?<=tel)|(?<=phone)|(?<=mobile))"
    r"(?:\+?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|([ .\-\u2014\u2013])[0-9]{4}\1[0-9]{4})(?![0-9A-Za-z])"
    # Eleven digits before a unit of money are a sum.
    r"(?!\.[0-9]|[ ]?[万亿]?元)",
    re.IGNORECASE,
)
# Two groups of digits are two numbers of a table, but for the word before them.
_PARTED_MOBILE = re.compile(
    r"(?:电\s?话|手\s?机|联系方式|tel|mobile)[^0-9A-Za-z\n]{0,12}"
    r"(?P<number>1[3-9][0-9](?:[0-9]{4}[ -][0-9]{4}|[ -][0-9]{8}))(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_MOBILE_DIGITS = 11
_ACCOUNT_AFTER_WORD = re.compile(
    r"(?:[账帐][ ]{0,4}[号户]|卡号)[^0-9A-Za-z\n]{0,12}(?P<number>[0-9](?:[ -]?[0-9]){8,29})"
    + _ENDS
)
_CARD = re.compile(r"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)62[0-9]{14,17}" + _ENDS)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?=[A-Za-z0-9])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)


def found(text: str, kinds: Collection[Personal] = EVERY_KIND) -> Iterator[Place]:
    """Yield the places of personal data in order; places never overlap."""
    plain = text.translate(_HALF_WIDTH)
    taken = bytearray(len(plain))
    for span in _codes_of_trades(plain):
        taken[slice(*span)] = b"\x01" * (span[1] - span[0])
    places = []
    for kind, search in _SEARCHES.items():
        for start, end in search(plain):
            if kind in kinds and not any(taken[start:end]):
                places.append(Place(kind, start, end))
                taken[start:end] = b"\x01" * (end - start)
    yield from sorted(places, key=lambda place: place.start)


def masked(
    text: str, kinds: Collection[Personal] = EVERY_KIND, *, besides: Collection[str] = ()
) -> str:
    """Return the text with personal data covered; everything else stays to the character.

    A platform's own deposit account must be readable: leave ``ACCOUNT`` out for such texts.
    ``besides`` are values that stay: the contacts that a notice must name.
    """
    parts: list[str] = []
    done = 0
    for place in found(text, kinds):
        if text[place.start : place.end] in besides:
            continue
        parts += [text[done : place.start], _covered(text[place.start : place.end], place.kind)]
        done = place.end
    return "".join([*parts, text[done:]])


def covered_positions(text: str, kinds: Collection[Personal] = EVERY_KIND) -> Iterator[int]:
    """Yield the positions of the characters to cover, for a text whose length must stay."""
    for place in found(text, kinds):
        value = text[place.start : place.end]
        if place.kind is Personal.EMAIL:
            at = min(index for index in (value.find("@"), value.find("＠")) if index >= 0)
            yield from range(place.start + 1, place.start + at)
            continue
        covered = _covered(value, place.kind)
        yield from (place.start + i for i, character in enumerate(covered) if character == "*")


def hidden(value: str) -> str:
    """Return a whole value that is personal by its field: the first character and the length.

    For findings and lists: 张三丰 becomes 张**; one character is covered entirely.
    """
    return value[:1] + "*" * (len(value) - 1) if len(value) > 1 else "*" * len(value)


def _covered(value: str, kind: Personal) -> str:
    if kind is Personal.EMAIL:
        local, at, domain = re.split(r"([@＠])", value, maxsplit=1)
        return f"{local[0]}***{at}{domain}"
    head, tail = _KEPT[kind]
    positions = [i for i, character in enumerate(value) if character.isalnum()]
    if kind is Personal.MOBILE:
        positions = positions[-_MOBILE_DIGITS:]
    covered = set(positions[head:-tail])
    return "".join("*" if i in covered else character for i, character in enumerate(value))


# Characters that stay readable at both ends.
_KEPT = {Personal.IDENTITY: (3, 2), Personal.MOBILE: (3, 4), Personal.ACCOUNT: (2, 4)}


def _codes_of_trades(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that are never searched."""
    for match in _TRANSACTION.finditer(plain):
        yield match.span()
    for match in _EIGHTEEN.finditer(plain):
        if _is_credit_code(match[0]):
            yield match.span()


def _is_credit_code(value: str) -> bool:
    """Tell a credit code from an identity number: a number that is both counts as a person's."""
    return (
        uscc.is_valid(value)
        and (region.is_valid(uscc.region_of(value)) or uscc.region_of(value) == "100000")
        and not identity.is_valid(value)
    )


def _identities(plain: str) -> Iterator[tuple[int, int]]:
    for match in _IDENTITY.finditer(plain):
        if identity.is_plausible(match[0].upper()):
            yield match.span()
    for match in _PARTED_IDENTITY.finditer(plain):
        if identity.is_plausible(re.sub("[ -]", "", match[0]).upper()):
            yield match.span()
    for match in _OLD_IDENTITY.finditer(plain):
        number = match["number"]
        if identity.is_plausible(f"{number[:6]}19{number[6:]}0"):
            yield match.span("number")


def _mobiles(plain: str) -> Iterator[tuple[int, int]]:
    for match in _MOBILE.finditer(plain):
        yield match.span()
    for match in _PARTED_MOBILE.finditer(plain):
        yield match.span("number")


def _accounts(plain: str) -> Iterator[tuple[int, int]]:
    for match in _ACCOUNT_AFTER_WORD.finditer(plain):
        yield match.span("number")
    for match in _CARD.finditer(plain):
        if _is_luhn(match[0]):
            yield match.span()


def _is_luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        step = int(digit) * (1 + position % 2)
        total += step - 9 if step > 9 else step  # noqa: PLR2004 - the sum of the digits of 10 ... 18
    return total % 10 == 0


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda plain: (match.span() for match in pattern.finditer(plain))


# In this order: a number that is an identity number is not searched for a mobile number.
_SEARCHES: dict[Personal, Callable[[str], Iterator[tuple[int, int]]]] = {
    Personal.EMAIL: _matches(_EMAIL),
    Personal.IDENTITY: _identities,
    Personal.ACCOUNT: _accounts,
    Personal.MOBILE: _mobiles,
}

__all__ = ["EVERY_KIND", "Personal", "Place", "covered_positions", "found", "hidden", "masked"]

"""Where the words of a question stand in a text; pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from gongheng.public.search.words import Question

_LONGEST = 40
_MOST = 20
_BEFORE, _WINDOW = 24, 110
_BETWEEN = r"[\W_]*"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``is_hit`` when it was asked for."""

    text: str
    is_hit: bool


def parts(text: str, asked: Question, *, is_whole: bool = False) -> list[Part]:
    """Return the whole text in pieces, hits apart; together they are the text.

    Where no term stands as a whole its pairs of letters are hits, unless ``is_whole``.
    """
    found: list[Part] = []
    place = 0
    for start, end in _spans(text, asked, is_whole=is_whole):
        if start > place:
            found.append(Part(text[place:start], is_hit=False))
        found.append(Part(text[start:end], is_hit=True))
        place = end
    if place < len(text):
        found.append(Part(text[place:], is_hit=False))
    return found


def excerpt(text: str, asked: Question) -> list[Part]:
    """Return the surroundings of the first hit in pieces; empty when there is none."""
    first = next(_spans(text, asked), None)
    if first is None:
        return []
    begin = max(first[0] - _BEFORE, 0)
    end = begin + _WINDOW
    window = ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
    return parts(window, asked)


def _spans(text: str, asked: Question, *, is_whole: bool = False) -> Iterator[tuple[int, int]]:
    level = _same_length(text)
    whole, pairs = _patterns(asked.terms)
    pattern = whole if is_whole or whole.search(level) else pairs
    return _joined(match.span() for match in pattern.finditer(level) if match[0])


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans, those that touch as one."""
    held: tuple[int, int] | None = None
    for span in spans:
        if held and span[0] == held[1]:
            held = (held[0], span[1])
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _same_length(text: str) -> str:
    """Return the text in small letters of half width, every letter in its old place."""
    if unicodedata.is_normalized("NFKC", text) and len(folded := text.casefold()) == len(text):
        return folded
    level = (unicodedata.normalize("NFKC", letter).casefold() for letter in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, level, strict=True))


@lru_cache(maxsize=64)
def _patterns(terms: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    pairs = dict.fromkeys(pair for term in terms for pair in map(add, term, term[1:]))
    return _one_of(terms[:_MOST]), _one_of(list(pairs)[: _MOST * 2])


def _one_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted((word[:_LONGEST] for word in words), key=len, reverse=True)
    choices = [_BETWEEN.join(map(re.escape, word)) for word in longest_first]
    return re.compile("|".join(choices) or r"(?!)")

"""What changed between two versions: field by field, texts with what came and what went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from gongheng.kernel.clock import to_second
from gongheng.public.portal.presenting import Shown, shown

MOST_LINES = 400
MOST_LETTERS = 600
"""Longer texts are compared by their first lines, longer lines as a whole: a page must not stall."""
KEPT_EDGE, CHANGED_EDGE = 40, 1000
"""Letters that stand on either side of what is left out of a long piece."""

_KEPT, _GONE, _NEW = "kept", "gone", "new"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that was kept, that is gone, or that is new."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed: before and after, or for long texts the lines that changed.

    ``left_out`` counts lines without change between them; ``is_cut``: only the beginning was
    compared.
    """

    label: str
    before: str = ""
    after: str = ""
    lines: tuple[tuple[Span, ...], ...] = ()
    left_out: int = 0
    is_cut: bool = False


def changes(dataset: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return the public fields that differ between two bodies of a dataset."""
    old, new = (_told(shown(dataset, body, title="")) for body in (before, after))
    labels = dict.fromkeys([*new, *old])
    return [
        _change(label, old.get(label, _NOTHING), new.get(label, _NOTHING))
        for label in labels
        if old.get(label, _NOTHING).text != new.get(label, _NOTHING).text
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    text: str
    is_long: bool = False


_NOTHING = _Told("")


def _told(of: Shown) -> dict[str, _Told]:
    """Return what a body says by label; a text may be a letter in one version and short in the next."""
    moments = {moment.label: _Told(to_second(moment.at)) for moment in of.moments}
    facts = {fact.label: _Told(fact.value) for fact in of.facts}
    return (
        moments | facts | {letter.label: _Told(letter.text, is_long=True) for letter in of.letters}
    )


def _change(label: str, before: _Told, after: _Told) -> Change:
    if before.is_long or after.is_long:
        return text_change(label, before.text, after.text)
    return Change(label, before.text, after.text)


def text_change(label: str, before: str, after: str) -> Change:
    """Return how a text changed, line by line; unchanged lines are counted, not repeated."""
    old, new = _lines(before), _lines(after)
    is_cut = max(len(old), len(new)) > MOST_LINES
    old, new = old[:MOST_LINES], new[:MOST_LINES]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[Span, ...]] = []
    left_out = 0
    for deed, start, end, begin, stop in matcher.get_opcodes():
        if deed == "equal":
            left_out += end - start
            continue
        for was, became in zip_longest(old[start:end], new[begin:stop], fillvalue=""):
            found.append(tuple(map(shortened, spans(was, became))))
    return Change(label, lines=tuple(found), left_out=left_out, is_cut=is_cut)


def spans(before: str, after: str) -> Iterator[Span]:
    """Yield the pieces of a line that was changed, in reading order."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    was, became = before[start : len(before) - end], after[start : len(after) - end]
    if start:
        yield Span(before[:start], _KEPT)
    if max(len(was), len(became)) > MOST_LETTERS:
        yield from (Span(text, mark) for text, mark in ((was, _GONE), (became, _NEW)) if text)
    else:
        yield from _pieces(was, became)
    if end:
        yield Span(before[len(before) - end :], _KEPT)


def _shared(before: str, after: str) -> int:
    """Return how many letters two texts begin with in common."""
    pairs = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    return next((place for place, (one, other) in pairs if one != other), shorter)


def _pieces(before: str, after: str) -> Iterator[Span]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for deed, start, end, begin, stop in matcher.get_opcodes():
        if deed == "equal":
            yield Span(before[start:end], _KEPT)
            continue
        if end > start:
            yield Span(before[start:end], _GONE)
        if stop > begin:
            yield Span(after[begin:stop], _NEW)


def shortened(span: Span) -> Span:
    """Return a piece as a page shows it: the middle of a very long one is left out."""
    edge = KEPT_EDGE if span.mark == _KEPT else CHANGED_EDGE
    if len(span.text) <= 2 * edge:
        return span
    return Span(f"{span.text[:edge]}……{span.text[-edge:]}", span.mark)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]

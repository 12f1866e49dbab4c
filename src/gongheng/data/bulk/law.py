"""Terms of the law over columns: each distinct question is put once to the term itself."""

from functools import lru_cache
from typing import Final

import numpy as np

from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.standard import law_numbers

_UNKNOWN: Final = 2
_DAY, _SECOND = 8, 14


def lasts(rule: str, start: Texts, end: Texts, *, is_known: Array, days: Array) -> Array:
    """Tell by row whether the time between two times is what the law asks for.

    ``is_known`` says where both times are right; ``days`` whose law binds, 0 where it is not known.
    """
    found = np.full(len(days), _UNKNOWN, np.uint8)
    rows = np.flatnonzero(is_known & (days > 0))
    if len(rows):
        found[rows] = _by_distinct(rule, days[rows], digits(start, rows), digits(end, rows))
    return found


def digits(texts: Texts, rows: Array, size: int = _SECOND) -> Array:
    """Return right times as numbers of so many digits, filled up with zeros."""
    if texts.slots is not None and len(texts.starts) < len(rows):
        return _digits(texts.data, texts.starts, texts.ends, size)[texts.slots[rows]]
    return _digits(texts.data, *texts.places(rows), size)


def _digits(data: Array, starts: Array, ends: Array, size: int) -> Array:
    found = np.zeros(len(starts), np.int64)
    for place in range(size):
        inside = starts + place < ends
        byte = data[np.where(inside, starts + place, 0)]
        found = found * 10 + np.where(inside, byte.astype(np.int64) - 48, 0)
    return found


def _by_distinct(rule: str, days: Array, first: Array, last: Array) -> Array:
    """Put each question once. Days of questions are few, seconds are many."""
    # What matters of a second: see ``law_numbers.representatives``.
    is_end = last % 1_000_000 == 235_959  # noqa: PLR2004  the last second of a day
    keys = np.stack([days, first, last])
    if _counts_days(rule, tuple(np.unique(days).tolist())):
        keys = np.stack([days, first // 1_000_000, last // 1_000_000 * 2 + is_end])
        _, kinds, back = distinct(keys)
    else:
        _, kinds, back = distinct(keys)
    answers = [
        _answer(rule, f"{days[kind]:08d}", f"{first[kind]:014d}", f"{last[kind]:014d}")
        for kind in kinds.tolist()
    ]
    return np.array(answers, np.uint8)[back]


def distinct(keys: Array) -> tuple[Array, Array, Array]:
    """Return the kinds of columns, the first of each, and the kind of each."""
    order = np.lexsort(keys[::-1])
    ordered = keys[:, order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    back = np.empty(len(order), np.int64)
    back[order] = np.cumsum(is_new) - 1
    return ordered[:, is_new], order[is_new], back


def _counts_days(rule: str, days: tuple[int, ...]) -> bool:
    terms = (law_numbers.law_of(f"{day:08d}")(rule) for day in days)
    return all(term is None or law_numbers.counts_days(term) for term in terms)


@lru_cache(maxsize=1 << 17)
def _answer(rule: str, day: str, first: str, last: str) -> int:
    term = law_numbers.law_of(day)(rule)
    answer = None if term is None else law_numbers.lasts(term, first, last)
    return _UNKNOWN if answer is None else int(answer)

"""The loops of ``kernel_numba`` for machines without it: the same answers, more slowly."""

from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, Any]

_LARGEST = 4 * 10**17


def walk(
    data: Array,
    starts: Array,
    ends: Array,
    classes: Array,
    steps: Array,
    labels: Array,
    width: int,
    limit: int,
    too_long: int,
    firm: int,
) -> Array:
    """Walk all texts at once, one byte further in each round, the longest last."""
    sizes = ends - starts
    order = np.argsort(-sizes, kind="stable")
    begins, left = starts[order], sizes[order]
    at = np.zeros(len(starts), np.int64)
    points = np.zeros(len(starts), np.int64)
    active = len(starts)
    for place in range(int(left[0]) if len(left) else 0):
        active = int(np.searchsorted(-left[:active], -place, side="left"))
        byte = data[begins[:active] + place]
        at[:active] = steps[at[:active] + classes[byte]]
        points[:active] += (byte & 0xC0) != 0x80
    label = labels[at // width]
    is_long = (points > limit) & ((label == 0) | (label > firm))
    found = np.empty(len(starts), np.uint8)
    found[order] = np.where(is_long, np.uint8(too_long), label)
    return found


def _texts(data: Array, starts: Array, ends: Array) -> list[bytes]:
    whole = data.tobytes() if len(starts) else b""
    return [whole[first:last] for first, last in zip(starts.tolist(), ends.tolist(), strict=True)]


def equal_to(data: Array, starts: Array, ends: Array, word: Array) -> Array:
    """Tell of each text whether it is the word."""
    wanted = word.tobytes()
    return np.array([text == wanted for text in _texts(data, starts, ends)], np.bool_)


def compare(
    data: Array, starts: Array, ends: Array, others: Array, first: Array, last: Array
) -> Array:
    """Return -1, 0 or 1 as a text comes before, with or after its other; by code points."""
    pairs = zip(_texts(data, starts, ends), _texts(others, first, last), strict=True)
    return np.array([(one > two) - (one < two) for one, two in pairs], np.int8)


def numbers(data: Array, starts: Array, ends: Array, scale: int) -> tuple[Array, Array]:
    """Return right numbers times ten to the ``scale``, and of each whether it is small enough."""
    scaled = [
        int(Decimal(text.decode("ascii", "replace")).scaleb(scale)) if _is_number(text) else 0
        for text in _texts(data, starts, ends)
    ]
    fits = np.array([abs(number) <= _LARGEST for number in scaled], np.bool_)
    return np.array([n if abs(n) <= _LARGEST else 0 for n in scaled], np.int64), fits


def _is_number(text: bytes) -> bool:
    return text.removeprefix(b"-").replace(b".", b"", 1).isdigit()


def counts(data: Array, starts: Array, ends: Array) -> Array:
    """Return how many parts each text has, joined by semicolons."""
    return np.array([1 + text.count(b";") for text in _texts(data, starts, ends)], np.int64)


def begin(
    data: Array, starts: Array, ends: Array, others: Array, first: Array, last: Array
) -> Array:
    """Tell of each text whether all its parts begin with its other."""
    pairs = zip(_texts(data, starts, ends), _texts(others, first, last), strict=True)
    found = [all(part.startswith(two) for part in one.split(b";")) for one, two in pairs]
    return np.array(found, np.bool_)

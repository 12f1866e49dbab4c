"""The loops over bytes, compiled. ``kernel_numpy`` does the same where numba cannot be had.

Texts come as one buffer of bytes with the first and the last place of each, which may lie anywhere.
"""

import numpy as np
from numba import njit

_LARGEST = 4 * 10**17
"""Numbers beyond this are left to the judge of one record: they are exact there."""


@njit(cache=True, nogil=True)
def walk(data, starts, ends, classes, steps, labels, width, limit, too_long, firm):
    """Return the label of each text; one of more than ``limit`` code points is ``too_long``.

    Labels from 1 to ``firm`` are not changed by the length.
    """
    found = np.empty(len(starts), np.uint8)
    for i in range(len(starts)):
        at = 0
        points = 0
        for j in range(starts[i], ends[i]):
            byte = data[j]
            at = steps[at + classes[byte]]
            points += (byte & 0xC0) != 0x80
        label = labels[at // width]
        if points > limit and (label == 0 or label > firm):
            label = too_long
        found[i] = label
    return found


@njit(cache=True, nogil=True)
def equal_to(data, starts, ends, word):
    """Tell of each text whether it is the word."""
    found = np.zeros(len(starts), np.bool_)
    size = len(word)
    for i in range(len(starts)):
        if ends[i] - starts[i] == size:
            alike = True
            for j in range(size):
                if data[starts[i] + j] != word[j]:
                    alike = False
                    break
            found[i] = alike
    return found


@njit(cache=True, nogil=True)
def compare(data, starts, ends, others, first, last):
    """Return -1, 0 or 1 as a text comes before, with or after its other; by code points."""
    found = np.zeros(len(starts), np.int8)
    for i in range(len(starts)):
        one, two = ends[i] - starts[i], last[i] - first[i]
        sign = np.int8(0)
        for j in range(min(one, two)):
            a, b = data[starts[i] + j], others[first[i] + j]
            if a != b:
                sign = np.int8(-1) if a < b else np.int8(1)
                break
        if sign == 0 and one != two:
            sign = np.int8(-1) if one < two else np.int8(1)
        found[i] = sign
    return found


@njit(cache=True, nogil=True)
def numbers(data, starts, ends, scale):
    """Return right numbers times ten to the ``scale``, and of each whether it is small enough."""
    found = np.zeros(len(starts), np.int64)
    fits = np.ones(len(starts), np.bool_)
    for i in range(len(starts)):
        total, decimals, negative = np.int64(0), -1, False
        for j in range(starts[i], ends[i]):
            byte = data[j]
            if byte == 45:
                negative = True
            elif byte == 46:
                decimals = 0
            else:
                total = total * 10 + (byte - 48)
                if decimals >= 0:
                    decimals += 1
                if total > _LARGEST:
                    fits[i] = False
                    break
        for _ in range(scale - max(decimals, 0)):
            total *= 10
            if total > _LARGEST:
                fits[i] = False
                break
        found[i] = -total if negative else total
    return found, fits


@njit(cache=True, nogil=True)
def counts(data, starts, ends):
    """Return how many parts each text has, joined by semicolons."""
    found = np.ones(len(starts), np.int64)
    for i in range(len(starts)):
        for j in range(starts[i], ends[i]):
            found[i] += data[j] == 59
    return found


@njit(cache=True, nogil=True)
def begin(data, starts, ends, others, first, last):
    """Tell of each text whether all its parts begin with its other."""
    found = np.ones(len(starts), np.bool_)
    for i in range(len(starts)):
        size = last[i] - first[i]
        part = starts[i]
        while True:
            alike = ends[i] - part >= size
            if alike:
                for j in range(size):
                    if data[part + j] != others[first[i] + j] or (data[part + j] == 59):
                        alike = False
                        break
            if not alike:
                found[i] = False
                break
            while part < ends[i] and data[part] != 59:
                part += 1
            if part >= ends[i]:
                break
            part += 1
    return found

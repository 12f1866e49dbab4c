"""The loops that read plain JSON lines, compiled; without them a parser of another library does it."""

import numpy as np
from numba import njit

ABSENT, NULL = -1, -2
_TAB, _NEWLINE, _RETURN, _SPACE, _QUOTE, _BACKSLASH = 9, 10, 13, 32, 34, 92
_COMMA, _COLON, _OPENS, _CLOSES, _N, _U, _L = 44, 58, 123, 125, 110, 117, 108


@njit(cache=True, nogil=True)
def skipped(data, at):
    """Return the next place that is no white space of a line."""
    while data[at] == _SPACE or data[at] == _TAB or data[at] == _RETURN:
        at += 1
    return at


@njit(cache=True, nogil=True)
def column_of(data, first, last, names, bounds, guess):
    """Return which name stands there, -1 for none; ``guess`` is looked at first."""
    size = last - first
    for turn in range(-1, len(bounds) - 1):
        column = guess if turn < 0 else turn
        begin = bounds[column]
        if bounds[column + 1] - begin == size:
            same = True
            for i in range(size):
                if data[first + i] != names[begin + i]:
                    same = False
                    break
            if same:
                return column
    return -1


@njit(cache=True, nogil=True)
def end_of_text(data, at):
    """Return where a text ends whose first byte is at a place, and whether it has escapes; -1 for no end."""
    is_escaped = False
    while True:
        byte = data[at]
        if byte == _QUOTE:
            return at, is_escaped
        if byte == _BACKSLASH:
            is_escaped = True
            at += 1
            byte = data[at]
        if byte < _SPACE:
            return -1, is_escaped
        at += 1


@njit(cache=True, nogil=True)
def scan(data, names, bounds, rows):
    """Find the values of lines that are objects of texts and nulls, each of a known name, once.

    ``data`` ends with a line's end, so that nothing is looked for behind it. Returns how many lines
    there are, -1 as soon as anything else stands there; by column and line the places of the values, ``ABSENT`` or
    ``NULL`` where there is none, a last place turned round (``~``) where it has escapes; and which
    columns stand anywhere.
    """
    columns = len(bounds) - 1
    starts = np.full((columns, rows), ABSENT, np.int32)
    ends = np.zeros((columns, rows), np.int32)
    seen = np.zeros(columns, np.bool_)
    usual = np.zeros(columns + 1, np.int64)
    at, row = 0, 0
    while at < len(data):
        at = skipped(data, at)
        if data[at] == _NEWLINE:
            at += 1
            continue
        if data[at] != _OPENS:
            return -1, starts, ends, seen
        at = skipped(data, at + 1)
        place = 0
        is_open = data[at] != _CLOSES
        if not is_open:
            at += 1
        while is_open:
            if data[at] != _QUOTE or place >= columns:
                return -1, starts, ends, seen
            last, is_escaped = end_of_text(data, at + 1)
            if last < 0 or is_escaped:
                return -1, starts, ends, seen
            column = column_of(data, at + 1, last, names, bounds, usual[place])
            if column < 0 or starts[column, row] != ABSENT:
                return -1, starts, ends, seen
            usual[place] = column
            seen[column] = True
            place += 1
            at = skipped(data, last + 1)
            if data[at] != _COLON:
                return -1, starts, ends, seen
            at = skipped(data, at + 1)
            if data[at] == _QUOTE:
                last, is_escaped = end_of_text(data, at + 1)
                if last < 0:
                    return -1, starts, ends, seen
                starts[column, row] = at + 1
                ends[column, row] = ~last if is_escaped else last
                at = last + 1
            elif (
                data[at] == _N and data[at + 1] == _U and data[at + 2] == _L and data[at + 3] == _L
            ):
                starts[column, row] = NULL
                at += 4
            else:
                return -1, starts, ends, seen
            at = skipped(data, at)
            if data[at] == _COMMA:
                at = skipped(data, at + 1)
            elif data[at] == _CLOSES:
                at += 1
                is_open = False
            else:
                return -1, starts, ends, seen
        at = skipped(data, at)
        if data[at] != _NEWLINE:
            return -1, starts, ends, seen
        row += 1
    return row, starts, ends, seen


@njit(cache=True, nogil=True)
def four_digits(data, at):
    """Return the number of four hexadecimal digits, -1 if they are none."""
    found = 0
    for i in range(4):
        byte = data[at + i]
        if 48 <= byte <= 57:
            digit = byte - 48
        elif 65 <= byte <= 70:
            digit = byte - 55
        elif 97 <= byte <= 102:
            digit = byte - 87
        else:
            return -1
        found = found * 16 + digit
    return found


@njit(cache=True, nogil=True)
def unescaped(data, first, last, out, to):
    """Write a text with escapes; return where it ends, -1 if one of them is none."""
    i = first
    while i < last:
        byte = data[i]
        if byte != _BACKSLASH:
            out[to] = byte
            to += 1
            i += 1
            continue
        byte = data[i + 1]
        i += 2
        if byte == 34 or byte == 92 or byte == 47:  # noqa: PLR1714  compiled
            out[to] = byte
        elif byte == 98:
            out[to] = 8
        elif byte == 102:
            out[to] = 12
        elif byte == 110:
            out[to] = 10
        elif byte == 114:
            out[to] = 13
        elif byte == 116:
            out[to] = 9
        elif byte == _U and i + 4 <= last:
            point = four_digits(data, i)
            i += 4
            if 0xD800 <= point < 0xDC00 and i + 6 <= last and data[i] == 92 and data[i + 1] == _U:
                low = four_digits(data, i + 2)
                if not 0xDC00 <= low < 0xE000:
                    return -1
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                i += 6
            elif point < 0 or 0xD800 <= point < 0xE000:
                return -1
            if point < 0x80:
                out[to] = point
            elif point < 0x800:
                out[to] = 0xC0 | point >> 6
                to += 1
                out[to] = 0x80 | point & 0x3F
            else:
                if point < 0x10000:
                    out[to] = 0xE0 | point >> 12
                else:
                    out[to] = 0xF0 | point >> 18
                    to += 1
                    out[to] = 0x80 | point >> 12 & 0x3F
                to += 1
                out[to] = 0x80 | point >> 6 & 0x3F
                to += 1
                out[to] = 0x80 | point & 0x3F
        else:
            return -1
        to += 1
    return to


@njit(cache=True, nogil=True)
def gather(data, starts, ends, rows):
    """Return a column of what was found: first places, bytes, which are given, and whether all is well."""
    size = np.int64(0)
    for i in range(rows):
        if starts[i] >= 0:
            last = ends[i]
            size += (last if last >= 0 else ~last) - starts[i]
    out = np.empty(size, np.uint8)
    places = np.zeros(rows + 1, np.int32)
    given = np.zeros(rows, np.bool_)
    to = np.int64(0)
    for i in range(rows):
        first, last = np.int64(starts[i]), np.int64(ends[i])
        if first >= 0:
            given[i] = True
            if last >= 0:
                # Slices of their own: only so is the loop made into a copy of many bytes at once.
                text, place = data[first:last], out[to : to + last - first]
                for j in range(len(text)):
                    place[j] = text[j]
                to += last - first
            else:
                to = unescaped(data, first, ~last, out, to)
                if to < 0:
                    return places, out, given, False
        places[i + 1] = to
    return places, out[:to], given, True

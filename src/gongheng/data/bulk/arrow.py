"""Arrow columns as texts: no value is copied, no null is read, dictionaries stay dictionaries."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gongheng.data.bulk.texts import Array, Texts, empty

_LITTLE = np.zeros(1, np.uint8)


def texts_of(column: pa.Array) -> Texts:
    """Return a column of an Arrow table, of any type: what is not text is marked as such."""
    if pa.types.is_null(column.type):
        return empty(len(column))
    if pa.types.is_dictionary(column.type):
        return _of_dictionary(column)
    if _is_text(column.type):
        return _of_texts(column)
    return _of_something(column)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary_view(kind)
    )


def _of_texts(column: pa.Array) -> Texts:
    kind = column.type
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        column = column.cast(pa.large_binary())
        kind = column.type
    is_large = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    bitmap, offsets, data = column.buffers()
    places = np.frombuffer(offsets, np.int64 if is_large else np.int32) if offsets else None
    if places is None or not len(column):
        return empty(len(column))
    places = places[column.offset : column.offset + len(column) + 1].astype(np.int64)
    starts, ends = places[:-1], places[1:]
    if bitmap is not None and column.null_count:
        # What lies in the slot of a null is undefined: it is never looked at.
        ends = np.where(_valid(column), ends, starts)
    buffer = np.frombuffer(data, np.uint8) if data is not None and data.size else _LITTLE
    return Texts(buffer, starts, ends)


def _valid(column: pa.Array) -> Array:
    return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False))


def _of_dictionary(column: pa.Array) -> Texts:
    values = texts_of(column.dictionary)
    if values.slots is not None:
        return _of_something(column.dictionary_decode())
    # One more slot, empty, stands for null.
    starts = np.append(values.starts, 0)
    ends = np.append(values.ends, 0)
    indices = column.indices
    filled = indices.fill_null(0) if indices.null_count else indices
    slots = filled.to_numpy(zero_copy_only=False).astype(np.int64)
    if indices.null_count:
        slots = np.where(_valid(indices), slots, len(values.starts))
    is_text = None if values.is_text is None else np.append(values.is_text, values=True)[slots]
    return Texts(values.data, starts, ends, slots, is_text)


def _of_something(column: pa.Array) -> Texts:
    """Return a column that holds no texts: all but its nulls are wrong."""
    found: Any = empty(len(column))
    found.is_text = ~_valid(column)
    return Texts(found.data, found.starts, found.ends, found.slots, found.is_text)

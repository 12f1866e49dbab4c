"""JSON lines as columns at once, where every line is plainly a record of texts; else nothing is said.

A block is given up as soon as anything in it is out of the ordinary: a line that is no object, a
value that is no text, a field that the dataset has not or that stands twice, bytes that are not UTF-8.
Then it is read line by line, which says exactly what is wrong. So both ways give the same records.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json

from gongheng.data.bulk import kernels

_OPENS, _CLOSES, _NEWLINE = b"{}\n"


def table_of(block: bytes | memoryview, names: Sequence[str]) -> pa.Table | None:
    """Return the records of whole lines with the columns that stand there, None to give it up."""
    loops = kernels.lines()
    return _parsed(bytes(block), names) if loops is None else _scanned(block, names, loops)


def _scanned(
    block: bytes | memoryview,
    names: Sequence[str],
    loops: Any,  # noqa: ANN401  a module of loops
) -> pa.Table | None:
    if block[-1] != _NEWLINE:
        block = bytes(block) + b"\n"
    data = np.frombuffer(block, np.uint8)
    bounds = np.cumsum([0, *map(len, names)])
    written = np.frombuffer("".join(names).encode("ascii"), np.uint8)
    most = int(np.count_nonzero(data == _NEWLINE))
    rows, starts, ends, seen = loops.scan(data, written, bounds, most)
    if rows <= 0 or not seen.any():
        return None
    columns: dict[str, pa.Array] = {}
    for number in np.flatnonzero(seen).tolist():
        places, texts, given, is_well = loops.gather(data, starts[number], ends[number], rows)
        if not is_well:
            return None
        bitmap = None if given.all() else pa.py_buffer(np.packbits(given, bitorder="little"))
        buffers = [bitmap, pa.py_buffer(places), pa.py_buffer(texts)]
        columns[names[number]] = pa.Array.from_buffers(pa.string(), rows, buffers)
    table = pa.table(columns)
    try:
        table.validate(full=True)  # any bytes were taken for UTF-8
    except pa.ArrowException:
        return None
    return table


def _parsed(block: bytes, names: Sequence[str]) -> pa.Table | None:
    rows = _objects(block)
    if not rows:
        return None
    schema = pa.schema([(name, pa.string()) for name in names])
    try:
        table = pa.json.read_json(
            pa.BufferReader(block),
            read_options=pa.json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            parse_options=pa.json.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="error"
            ),
        )
        table.validate(full=True)  # the parser takes any bytes for UTF-8
    except pa.ArrowException:
        return None
    if table.num_rows != rows:
        return None
    given = {name for name in names if table.column(name).null_count < rows}
    if b"null" in block:  # a column may stand there without a value
        if b"\\u00" in block:  # and its name be written with escapes
            return None
        given |= {name for name in names if name not in given and f'"{name}"'.encode() in block}
    return table.select([name for name in names if name in given])


def _objects(block: bytes) -> int:
    """Return how many lines there are; 0 when one cannot be an object of its own."""
    codes = np.frombuffer(block, np.uint8)
    ends = np.append(np.flatnonzero(codes == _NEWLINE), len(codes))
    starts = np.append(0, ends[:-1] + 1)
    is_line = ends > starts
    starts, lasts = starts[is_line], ends[is_line] - 1
    if np.all((codes[starts] == _OPENS) & (codes[lasts] == _CLOSES)):
        return len(starts)
    rows = 0
    for each in block.split(b"\n"):
        line = each.strip()
        if line:
            if line[0] != _OPENS or line[-1] != _CLOSES:
                return 0
            rows += 1
    return rows

"""Row groups of a Parquet file, unpacked in little memory: whole where they are small, else in slices."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_AT_ONCE: Final = 1 << 17
LARGEST_BLOCK: Final = 2 << 30
"""Bytes of a row group, unpacked, beyond which it is not read."""
BLOCK_AT_ONCE: Final = 128 << 20
"""Bytes of a row group, unpacked, that are read at once; of a larger one half as many, in slices."""
MOST_AT_ONCE: Final = 512 << 20
"""Bytes that the rows read at once could come to, if each had the longest values it may have."""


def tables(
    path: Path,
    names: list[str],
    groups: Iterable[int] | None,
    refuse: Callable[[int, int], None],
) -> Iterator[pa.Table]:
    """Yield these columns of row groups, all when none are told.

    What is too large is left out, and ``refuse`` is told number and size of the group.
    """
    repetitive, doubtful = _with_dictionary(path, names)
    with (
        pq.ParquetFile(path, memory_map=True, read_dictionary=repetitive) as source,
        pq.ParquetFile(
            path, memory_map=True, read_dictionary=doubtful, metadata=source.metadata
        ) as looking,
    ):
        for group in range(source.metadata.num_row_groups) if groups is None else groups:
            size = source.metadata.row_group(group).total_byte_size
            if size > LARGEST_BLOCK:
                refuse(group, size)
                continue
            rows = _rows_at_once(source, group, _longest(looking, group, doubtful))
            if rows >= source.metadata.row_group(group).num_rows:
                yield source.read_row_group(group, columns=names, use_threads=False)
                continue
            batches = source.iter_batches(
                min(rows, ROWS_AT_ONCE), row_groups=[group], columns=names, use_threads=False
            )
            for batch in batches:
                yield pa.Table.from_batches([batch])


def _with_dictionary(path: Path, names: list[str]) -> tuple[list[str], list[str]]:
    """Return the columns of which a dictionary holds all values, and the texts where it may hold some."""
    with pq.ParquetFile(path) as source:
        schema = source.schema_arrow
        if not source.metadata.num_row_groups:
            return [], []
        group = source.metadata.row_group(0)
        chunks = [group.column(number) for number in range(group.num_columns)]
    # Where the dictionary grew too large, plain pages follow: their share shows in the size.
    few = {
        chunk.path_in_schema
        for chunk in chunks
        if chunk.has_dictionary_page
        and chunk.total_uncompressed_size < 4 * chunk.num_values + (1 << 19)
    }
    repetitive = {name for name in few & {*names} if pa.types.is_string(schema.field(name).type)}
    texts = {chunk.path_in_schema for chunk in chunks if chunk.physical_type == "BYTE_ARRAY"}
    doubtful = texts & {*names} - repetitive
    return sorted(repetitive), sorted(doubtful)


def _rows_at_once(source: pq.ParquetFile, group: int, longest: int) -> int:
    """Return how many rows of a row group may be read at once; ``longest``: bytes one may have."""
    found = source.metadata.row_group(group)
    rows: int = found.num_rows
    if found.total_byte_size > BLOCK_AT_ONCE:
        rows = rows * BLOCK_AT_ONCE // (2 * found.total_byte_size)
    if rows * longest > MOST_AT_ONCE:
        rows = min(rows, MOST_AT_ONCE // (2 * longest))
    return max(1, rows)


def _longest(looking: pq.ParquetFile, group: int, names: list[str]) -> int:
    """Return the bytes of the longest values in the dictionaries of columns, of each column one.

    ``looking`` reads these columns as dictionaries. A few long values that are repeated fill
    little of a file, and memory without end.
    """
    if not names:
        return 0
    one = looking.iter_batches(1, row_groups=[group], columns=names, use_threads=False)
    for batch in one:
        sizes = (pc.max(pc.binary_length(column.dictionary)).as_py() for column in batch)
        return sum(size or 0 for size in sizes)
    return 0

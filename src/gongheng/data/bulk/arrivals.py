"""What is known of the versions in a batch before they are held against earlier ones.

A task puts it aside for its records, a file each: their names, digests, and what their sender says of
them. A file may say in the columns ``$number`` and ``$operation`` which version a record is and whether
it withdraws its key.
"""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk.files import NUMBER, OPERATION
from gongheng.data.bulk.replacing import replacing
from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.bulk.versions import OPERATIONS
from gongheng.data.standard import keys
from gongheng.data.standard.histories import UNKNOWN
from gongheng.data.standard.registry import dataset as find_dataset
from gongheng.data.standard.values import is_blank
from gongheng.trust.crypto.digests import sm3

LARGEST_NUMBER: Final = 2**31 - 1

_SCHEMA: Final = pa.schema(
    {
        "file": pa.int32(),
        "row": pa.int64(),
        "name": pa.string(),
        "parents": pa.list_(pa.string()),
        "number": pa.int32(),
        "operation": pa.string(),
        "digest": pa.binary(),
        "wrong": pa.bool_(),
        "is_version": pa.bool_(),
    }
)
Place: TypeAlias = tuple[int, int]
"""Number of the file, and of the record there."""


class Arrivals:
    """The versions of one task's records, while they are put aside."""

    def __init__(self, folder: Path, dataset: str, name: str) -> None:
        self._dataset = dataset
        self._path = folder / "versions" / f"{name}.parquet"
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin a file."""
        made = self._open.enter_context(replacing(self._path))
        self._writer = self._open.enter_context(pq.ParquetWriter(made, _SCHEMA))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failed: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End: the file is there when nothing failed."""
        self._open.__exit__(kind, failed, trace)

    def add(
        self,
        first: Place,
        columns: Mapping[str, Texts],
        *,
        said: Mapping[str, Texts],
        is_wrong: Array,
    ) -> None:
        """Put aside some records of a file; ``said`` are the columns that tell of versions."""
        rows = len(is_wrong)
        values = {code: _values(texts, rows) for code, texts in columns.items()}
        digests = _digests(values, rows)
        names, parents = _names(self._dataset, values, digests)
        versions = [_version(said, row) for row in range(rows)]
        table = {
            "file": np.full(rows, first[0], np.int32),
            "row": np.arange(first[1], first[1] + rows),
            "name": names,
            "parents": parents,
            "number": [number for number, _, _ in versions],
            "operation": [operation for _, operation, _ in versions],
            "digest": digests,
            "wrong": is_wrong,
            "is_version": [is_version for _, _, is_version in versions],
        }
        self._writer.write_table(pa.table(table, schema=_SCHEMA))


def _values(texts: Texts, rows: int) -> list[str | None]:
    """Return the values of a column, nothing for what is blank; each distinct one is read once."""
    data = texts.data.data
    spans = zip(texts.starts.tolist(), texts.ends.tolist(), strict=True)
    read = [str(data[start:end], "utf-8", "backslashreplace") for start, end in spans]
    given = [None if is_blank(value) else value for value in read]
    return given[:rows] if texts.slots is None else [given[slot] for slot in texts.slots.tolist()]


def _digests(values: Mapping[str, list[str | None]], rows: int) -> list[bytes]:
    """Return the SM3 of the canonical bodies: of the fields that are given, by name."""
    said = [_pairs(code, values[code]) for code in sorted(values)]
    bodies = zip(*said, strict=True) if said else [()] * rows
    return [sm3(f"{{{','.join(filter(None, pairs))}}}".encode()) for pairs in bodies]


def _pairs(code: str, values: list[str | None]) -> list[str]:
    """Return name and value as they stand in canonical JSON, nothing for what is not given."""
    head = f'"{code}":'
    pairs = {value: head + json.dumps(value, ensure_ascii=False) for value in {*values} - {None}}
    return [pairs.get(value, "") for value in values]


def _names(
    dataset: str, values: Mapping[str, list[str | None]], digests: list[bytes]
) -> tuple[list[str], list[list[str]]]:
    """Return the names of records, and those of their parents."""
    found = find_dataset(dataset)
    fields = [code for code in dict.fromkeys((*found.key, *found.parent_key)) if code in values]
    names, parents = [], []
    for row, digest in enumerate(digests):
        body = {code: values[code][row] for code in fields}
        key = keys.kept_key(keys.key_of(dataset, body)) or UNKNOWN + digest.hex()
        names.append(f"{dataset}:{key}")
        above = keys.parent_keys_of(dataset, body)
        parents.append([f"{found.parent}:{keys.kept_key(key)}" for key in above if key])
    return names, parents


def _version(said: Mapping[str, Texts], row: int) -> tuple[int, str, bool]:
    """Return number, operation, and whether these are such; number 0 where none is told."""
    told = {name: texts.raw(row).decode("ascii", "replace").strip() for name, texts in said.items()}
    number, operation = told.get(NUMBER, ""), told.get(OPERATION, "") or OPERATIONS[0]
    is_number = number.isdecimal() and number.isascii() and 0 < int(number) <= LARGEST_NUMBER
    is_version = (is_number or not number) and operation in OPERATIONS
    return (
        (int(number), operation, True) if is_number and is_version else (0, operation, is_version)
    )

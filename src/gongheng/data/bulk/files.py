"""Files of records, chunk by chunk, as Arrow columns of text: Parquet, CSV, JSON lines, XML rows."""

import csv
import io
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from gongheng.data.bulk import reasons, row_groups
from gongheng.data.bulk.quick_lines import table_of
from gongheng.data.bulk.texts import Array
from gongheng.data.standard import registry
from gongheng.kernel.reasons import Reason, Refusal

ROWS_AT_ONCE: Final = 1 << 17
LINES_AT_ONCE: Final = 1 << 13
LONGEST_LINE: Final = 64 << 20
NUMBER: Final = "$number"
OPERATION: Final = "$operation"
SAID: Final = (NUMBER, OPERATION)
"""Columns that no dataset has: which version a record is, and what it does to its key."""

_CSV_BLOCK: Final = 8 << 20
_JSON_BLOCK: Final = 16 << 20
_MARK: Final = b"\xef\xbb\xbf"
_SAMPLE: Final = 1 << 16
_GROWN: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file: the reason, and names or numbers that belong to it."""

    reason: Reason
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Chunk:
    """Some records that follow each other; ``not_text`` marks by column what was no text."""

    rows: int
    columns: dict[str, pa.Array]
    not_text: dict[str, Array] = field(default_factory=dict)
    not_records: list[int] = field(default_factory=list)
    """Numbers of lines in the chunk that are no record at all."""


@dataclass(slots=True)
class File:
    """A file that is being read, or one row group of it. ``faults`` fill up while it is read.

    ``has_versions``: columns that tell of versions are known, too.
    """

    path: Path
    dataset: str
    group: int | None = None
    has_versions: bool = False
    faults: list[Fault] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the records; a file that cannot be read on says so in ``faults`` and ends."""
        read = _READERS.get(self.path.suffix.lower())
        if read is None:
            self.faults.append(Fault(reasons.UNKNOWN_FORMAT, (self.path.suffix,)))
            return
        try:
            if self.path.stat().st_size:
                yield from read(self)
        except Refusal as refusal:
            self.faults.append(Fault(refusal.reason))
        except (FileNotFoundError, PermissionError):
            self.faults.append(Fault(reasons.NOT_THERE))
        except (pa.ArrowException, OSError, ValueError, csv.Error, etree.LxmlError) as broken:
            self.faults.append(Fault(reasons.BROKEN, (str(broken)[:200],)))

    @property
    def columns(self) -> Mapping[str, None]:
        """Return the columns that may stand in the file, in the order of the dataset."""
        said = SAID if self.has_versions else ()
        return dict.fromkeys((*registry.dataset(self.dataset).by_code, *said))

    def known(self, names: list[str]) -> list[str] | None:
        """Return the columns that the dataset has, and note the others; None when some are double."""
        fields = self.columns
        self.unknown.update(name for name in names if name not in fields)
        known = [name for name in names if name in fields]
        double = sorted({name for name in known if known.count(name) > 1})
        if double:
            self.faults.append(Fault(reasons.DUPLICATE_COLUMNS, tuple(double)))
            return None
        return known


def opened(path: Path, dataset: str = "") -> File:
    """Return a file to read; the dataset is told, or begins its name. Raises ``Refusal``."""
    if dataset:
        return File(path, registry.dataset(dataset).code)
    named = [d.code for d in registry.datasets() if _begins(path.name, d.code)]
    told = max(named, key=len, default="")
    if not told and path.suffix.lower() == ".xml":
        told = _dataset_in_title(path)
    if not told:
        raise Refusal(reasons.UNKNOWN_DATASET, file=path.name)
    return File(path, told)


def _begins(name: str, code: str) -> bool:
    rest = name[len(code) :]
    return name.upper().startswith(code) and not (rest[:1].isalpha() or rest[:1] == "_")


def _parquet(file: File) -> Iterator[Chunk]:
    with pq.ParquetFile(file.path, memory_map=True) as source:
        names = file.known(source.schema_arrow.names)
    if not names:
        return
    groups = None if file.group is None else [file.group]

    def refuse(group: int, size: int) -> None:
        file.faults.append(Fault(reasons.TOO_LARGE, (str(group), str(size))))

    for table in row_groups.tables(file.path, names, groups, refuse):
        yield from _of_table(table)


def _of_table(table: pa.Table) -> Iterator[Chunk]:
    """Yield a table as one chunk: its columns come in one piece each, as a row group has them."""
    columns = {}
    for name, column in zip(table.schema.names, table.columns, strict=True):
        joined = column.combine_chunks()
        if isinstance(joined, pa.ChunkedArray):
            joined = joined.chunk(0) if joined.num_chunks == 1 else _joined(joined)
        columns[name] = joined
    yield Chunk(table.num_rows, columns)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    if not column.num_chunks:
        return pa.nulls(0)
    return column.cast(pa.large_string()).combine_chunks()


def _csv(file: File) -> Iterator[Chunk]:
    encoding, header, is_alone = _head_of_csv(file.path)
    names = file.known(header)
    if names is None or is_alone:
        return
    broken: list[int] = []

    def skip(row: Any) -> str:  # noqa: ANN401  pyarrow's row
        broken.append(row.number or 0)
        return "skip"

    with pa.csv.open_csv(
        file.path,
        read_options=pa.csv.ReadOptions(
            use_threads=False,
            block_size=_CSV_BLOCK,
            encoding=encoding,
            column_names=header,
            skip_rows=1,
        ),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.binary()),
            include_columns=names,
            strings_can_be_null=False,
            check_utf8=False,
        ),
    ) as source:
        for batch in source:
            if batch.num_rows:
                yield Chunk(batch.num_rows, dict(zip(batch.schema.names, batch, strict=True)))
    if broken:
        lines = tuple(str(number) for number in broken[:20] if number)
        file.faults.append(Fault(reasons.BROKEN_LINES, (str(len(broken)), *lines)))


def _head_of_csv(path: Path) -> tuple[str, list[str], bool]:
    """Return the encoding of a file, the names in its first line, and whether nothing follows."""
    with path.open("rb") as source:
        sample = source.read(_SAMPLE * 16)
    encoding = _encoding_of(sample)
    text = sample.decode("utf-8" if encoding == "utf8" else encoding, "replace")
    header = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), [])
    is_alone = len(sample) < _SAMPLE * 16 and len(text.strip().splitlines()) <= 1
    return encoding, [name.strip() for name in header], is_alone


def _encoding_of(sample: bytes) -> str:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if sample.startswith(_MARK):
        return "utf8"
    begin = sample[:_SAMPLE]
    try:
        begin.decode("utf-8")
    except UnicodeDecodeError as wrong:
        is_cut = wrong.start > len(begin) - 4 and len(begin) == _SAMPLE
        return "utf8" if is_cut or not _is_gb18030(begin) else "gb18030"
    return "utf8"


def _is_gb18030(sample: bytes) -> bool:
    try:
        sample.decode("gb18030")
    except UnicodeDecodeError as wrong:
        return wrong.start > len(sample) - 4 and len(sample) == _SAMPLE
    return True


class _Lines:
    """Records one by one, gathered to columns."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._fields = file.columns
        self.fresh()

    def fresh(self) -> None:
        self.rows, self.bytes = 0, 0
        self._values: dict[str, list[str | None]] = {}
        self._others: dict[str, list[int]] = {}
        self._broken: list[int] = []

    def add(self, body: object, size: int) -> None:
        """Take up a record, or what stands in the place of one."""
        if not isinstance(body, Mapping):
            self._broken.append(self.rows)
            body = {}
        for name, value in body.items():
            if name not in self._fields:
                if len(self._file.unknown) < ROWS_AT_ONCE:
                    self._file.unknown.add(name[:60])
                continue
            column = self._values.setdefault(name, [])
            column.extend([None] * (self.rows - len(column)))
            if name == NUMBER and isinstance(value, int):
                column.append(str(value))
            elif value is None or isinstance(value, str):
                column.append(value)
            else:
                column.append(None)
                self._others.setdefault(name, []).append(self.rows)
        self.rows += 1
        self.bytes += size

    def chunk(self) -> Chunk:
        """Return what was gathered, and begin anew."""
        import numpy as np  # noqa: PLC0415  beside its only use

        columns = {}
        for name, values in self._values.items():
            values.extend([None] * (self.rows - len(values)))
            columns[name] = pa.array([_bytes(value) for value in values], pa.large_binary())
        not_text = {}
        for name, rows in self._others.items():
            not_text[name] = np.zeros(self.rows, np.bool_)
            not_text[name][rows] = True
        found = Chunk(self.rows, columns, not_text, self._broken)
        self.fresh()
        return found


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("utf-8", "surrogatepass")


def _gathered(file: File, records: Iterator[tuple[object, int]]) -> Iterator[Chunk]:
    lines = _Lines(file)
    for body, size in records:
        lines.add(body, size)
        if lines.rows >= LINES_AT_ONCE or lines.bytes >= LONGEST_LINE:
            yield lines.chunk()
    if lines.rows:
        yield lines.chunk()


def _json_lines(file: File) -> Iterator[Chunk]:
    names = list(file.columns)
    with file.path.open("rb") as source:
        if source.read(len(_MARK)) != _MARK:
            source.seek(0)
        buffer = bytearray(_JSON_BLOCK)  # used again: new memory costs as much as reading
        while read := source.readinto(buffer):
            whole = buffer.rfind(b"\n", 0, read) + 1
            if whole:
                source.seek(whole - read, io.SEEK_CUR)
                block: bytes | memoryview = memoryview(buffer)[:whole]
            else:
                block = bytes(buffer[:read]) + source.readline(LONGEST_LINE)
            if len(block) > LONGEST_LINE:  # a line may be longer than any that is read
                source.seek(-len(block), io.SEEK_CUR)
                yield from _gathered(file, _records_of_lines(source))
                return
            table = table_of(block, names)
            if table is None:
                yield from _gathered(file, _records_of_lines(io.BytesIO(block)))
            else:
                yield from _of_table(table)


def _records_of_lines(source: BinaryIO) -> Iterator[tuple[object, int]]:
    while line := source.readline(LONGEST_LINE):
        size = len(line)
        if size == LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = source.readline(LONGEST_LINE)
            yield None, 0
            continue
        text = line.strip().removeprefix(_MARK)
        if text:
            try:
                yield json.loads(text), size
            except (ValueError, RecursionError):
                yield None, size


def _xml(file: File) -> Iterator[Chunk]:
    yield from _gathered(file, _records_of_xml(file.path))


def _walk_xml(path: Path) -> Generator[Any, None, None]:
    with path.open("rb") as source:
        rows = etree.iterparse(
            source,
            tag="DES",
            no_network=True,
            resolve_entities=False,
            load_dtd=False,
            huge_tree=False,
        )
        for _, row in rows:
            if row.getroottree().docinfo.internalDTD is not None:
                raise Refusal(reasons.ENTITIES)
            yield row
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]


def _records_of_xml(path: Path) -> Iterator[tuple[object, int]]:
    for row in _walk_xml(path):
        context = row.find("CONTEXT")
        if context is not None:  # what is withdrawn comes without
            yield {child.tag: child.text for child in context if isinstance(child.tag, str)}, 1024


def _dataset_in_title(path: Path) -> str:
    try:
        with closing(_walk_xml(path)) as rows:
            for row in rows:
                told: str = row.findtext("TITLE/DATA_EN", "")
                return told if told in {d.code for d in registry.datasets()} else ""
    except (OSError, etree.LxmlError):
        pass
    return ""


_READERS: Final[Mapping[str, Callable[[File], Iterator[Chunk]]]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".xml": _xml,
}

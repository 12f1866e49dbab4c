"""What a validation found: counts and examples by dataset, field and rule; and the list of all errors."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk.audit import Disagreement
from gongheng.data.bulk.files import Fault
from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.texts import LOOKED_AT, Array
from gongheng.data.bulk.wording import words_of
from gongheng.data.standard import registry
from gongheng.data.standard.masks import shown
from gongheng.kernel import spreadsheets
from gongheng.kernel.findings import Severity

EXAMPLES: Final = 20
SYSTEMATIC: Final = 0.3
"""Share of a dataset's records beyond which a fault is said to be systematic."""

COLUMNS: Final = ("file", "row", "dataset", "field", "rule", "severity", "value")
_REMEMBERED: Final = 100_000
_XLSX_ROWS: Final = 1_000_000


@dataclass(slots=True)
class Tally:
    """One fault of one field: how often, and its first examples (file, row, value)."""

    severity: str
    count: int = 0
    examples: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """Everything that was found. ``tallies`` by dataset, field and rule.

    ``audited`` records were judged by both engines, ``audited_across`` by the rules across records; ``disagreeing`` are the first of those of which
    they said different things: any is a fault of ours. ``kinds`` by dataset: what the records were
    beside earlier batches (``versions.Kind``); ``given_up``: how many had waited too long for their parents;
    ``is_kept``: the batch now belongs to them.
    """

    records: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    tallies: dict[tuple[str, str, str], Tally] = field(default_factory=dict)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    audited: int = 0
    audited_across: int = 0
    disagreements: int = 0
    disagreeing: list[Disagreement] = field(default_factory=list)
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    given_up: dict[str, int] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def errors(self) -> int:
        """Return how many errors there are, warnings apart."""
        wrong = (t.count for t in self.tallies.values() if t.severity == Severity.ERROR)
        return sum(wrong) + len(self.faults)

    def add(self, other: "Outcome") -> None:
        """Add what came of a further part, which follows on this."""
        self.records.update(other.records)
        self.refused.update(other.refused)
        for key, more in other.tallies.items():
            tally = self.tallies.setdefault(key, Tally(more.severity))
            tally.count += more.count
            tally.examples.extend(more.examples[: EXAMPLES - len(tally.examples)])
        self.audited += other.audited
        self.disagreements += other.disagreements
        self.disagreeing.extend(other.disagreeing[: EXAMPLES - len(self.disagreeing)])

    def is_systematic(self, key: tuple[str, str, str]) -> bool:
        """Tell whether a fault is in so many records that the sender's program must be wrong."""
        return self.tallies[key].count > SYSTEMATIC * self.records[key[0]]

    def as_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return {
            "datasets": {
                code: {"records": count, "refused": self.refused[code]}
                for code, count in sorted(self.records.items())
            },
            "faults": [
                {
                    "dataset": key[0],
                    "field": key[1],
                    "rule": key[2],
                    "severity": tally.severity,
                    **dict(zip(("message", "remedy"), words_of(*key), strict=True)),
                    "count": tally.count,
                    "systematic": self.is_systematic(key),
                    "examples": [
                        {"file": file, "row": row, "value": value}
                        for file, row, value in tally.examples
                    ],
                }
                for key, tally in sorted(self.tallies.items(), key=lambda each: -each[1].count)
            ],
            "files": [
                {"file": file, "code": fault.reason.code, "names": list(fault.names[:EXAMPLES])}
                for file, fault in self.faults
            ],
            "not_asked": self.not_asked,
            "history": {
                "records": self.kinds,
                "waited_too_long": self.given_up,
                "kept": self.is_kept,
            },
            "audit": {
                "records": self.audited,
                "across_records": self.audited_across,
                "disagreements": self.disagreements,
                "examples": [asdict(each) for each in self.disagreeing],
            },
        }


class Sink(Protocol):
    """Where the list of errors goes."""

    def write(self, rows: Mapping[str, pa.Array]) -> None:
        """Write some errors."""

    def close(self) -> None:
        """End the list."""


SCHEMA: Final = pa.schema(
    [
        (name, pa.int64() if name == "row" else pa.dictionary(pa.int32(), pa.string()))
        if name != "value"
        else (name, pa.string())
        for name in COLUMNS
    ]
)


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")

    def write(self, rows: Mapping[str, pa.Array]) -> None:
        self._writer.write_batch(pa.record_batch([rows[name] for name in COLUMNS], schema=SCHEMA))

    def close(self) -> None:
        self._writer.close()


def _plain(rows: Mapping[str, pa.Array]) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows[name].to_pylist() for name in COLUMNS), strict=True)


class _Csv:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        spreadsheets.write(self._file, [COLUMNS])

    def write(self, rows: Mapping[str, pa.Array]) -> None:
        spreadsheets.write(self._file, _plain(rows))

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """A workbook; a sheet holds a million errors, then the next begins."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # noqa: PLC0415  only who asks for a workbook needs it

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._row = _XLSX_ROWS
        self._sheet: Any = None

    def write(self, rows: Mapping[str, pa.Array]) -> None:
        for row in _plain(rows):
            if self._row >= _XLSX_ROWS:
                self._sheet = self._book.add_worksheet()
                self._sheet.write_row(0, 0, COLUMNS)
                self._row = 1
            self._sheet.write_row(self._row, 0, row)
            self._row += 1

    def close(self) -> None:
        if self._sheet is None:
            self._book.add_worksheet().write_row(0, 0, COLUMNS)
        self._book.close()


SINKS: Final[Mapping[str, type[_Parquet | _Csv | _Xlsx]]] = {
    ".parquet": _Parquet,
    ".csv": _Csv,
    ".xlsx": _Xlsx,
}


class Teller:
    """Takes up what is found, batch by batch: counts it, and writes the list of errors."""

    def __init__(self, outcome: Outcome, sink: Sink | None) -> None:
        self._outcome, self._sink = outcome, sink
        self._shown: dict[tuple[str, str, bytes], str] = {}

    def take(self, file: str, dataset: str, numbers: Array, found: Found) -> None:
        """Take up one fault of some rows, which have these numbers in the file."""
        key = (dataset, found.field, found.rule)
        tally = self._outcome.tallies.setdefault(key, Tally(found.severity))
        tally.count += len(found.rows)
        wanted = EXAMPLES - len(tally.examples)
        some = found.rows if self._sink else found.rows[: max(0, wanted)]
        values = self._values(dataset, found, some)
        listed = numbers[: len(some)].tolist()
        for number, value in list(zip(listed, values, strict=True))[: max(0, wanted)]:
            tally.examples.append((file, number, value))
        if self._sink is not None and listed:
            self._sink.write(_columns(file, dataset, found, listed, values))

    def _values(self, dataset: str, found: Found, rows: Any) -> list[str]:  # noqa: ANN401  an array
        texts = found.texts
        if texts is None or not found.field:
            return [""] * len(rows)
        field = registry.dataset(dataset).field(found.field)
        starts, ends = texts.places(rows)
        values = []
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            raw = texts.data[start : min(end, start + LOOKED_AT)].tobytes()
            key = (dataset, found.field, raw)
            value = self._shown.get(key)
            if value is None:
                value = shown(field, raw.decode("utf-8", "replace"))
                if len(self._shown) < _REMEMBERED:
                    self._shown[key] = value
            values.append(value)
        return values


def _columns(
    file: str, dataset: str, found: Found, numbers: list[int], values: list[str]
) -> dict[str, pa.Array]:
    same = {
        "file": file,
        "dataset": dataset,
        "field": found.field,
        "rule": found.rule,
        "severity": found.severity,
    }
    zeros = pa.array([0] * len(numbers), pa.int32())
    rows: dict[str, pa.Array] = {
        name: pa.DictionaryArray.from_arrays(zeros, pa.array([text], pa.string()))
        for name, text in same.items()
    }
    rows["row"] = pa.array(numbers, pa.int64())
    rows["value"] = pa.array(values, pa.string())
    return rows

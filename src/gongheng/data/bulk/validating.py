"""Files judged by the standard: every record by itself, then keys and parents across all files."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from gongheng.data.bulk import audit, reasons
from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.audit import Disagreement
from gongheng.data.bulk.files import Chunk, Fault, File, opened
from gongheng.data.bulk.judging import Found, Judge
from gongheng.data.bulk.outcome import EXAMPLES, SINKS, Outcome, Sink, Teller
from gongheng.data.bulk.sets import Sets
from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.standard import faults
from gongheng.data.standard.reading import NATIONAL, Profile, plan_of
from gongheng.kernel.findings import Severity
from gongheng.kernel.reasons import Reason, Refusal

Progress: TypeAlias = Callable[[str, int], None]
"""Is told the file that is being read, and how many of its records are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: ``errors`` is the file of all errors, ``dataset`` that of all files.

    ``with_sets``: rules across records too; ``with_audit``: what was found is judged once more.
    """

    paths: tuple[Path, ...]
    dataset: str = ""
    errors: Path | None = None
    profile: Profile = NATIONAL
    kernel: str = ""
    with_sets: bool = True
    with_audit: bool = True


def validate(wish: Wish, *, progress: Progress = lambda _file, _rows: None) -> Outcome:
    """Judge files in the order they are named; the list of errors is written as they are found."""
    outcome = Outcome()
    sink: Sink | None = None
    if wish.errors is not None:
        if wish.errors.suffix.lower() not in SINKS:
            raise Refusal(reasons.UNKNOWN_FORMAT, file=wish.errors.name)
        sink = SINKS[wish.errors.suffix.lower()](wish.errors)
    try:
        with tempfile.TemporaryDirectory(prefix="gongheng-") as folder:
            run = _Run(wish, outcome, Teller(outcome, sink), Path(folder), progress)
            run.all(wish.paths)
    finally:
        if sink is not None:
            sink.close()
    return outcome


class _Run:
    """One validation while it goes on."""

    def __init__(
        self, wish: Wish, outcome: Outcome, teller: Teller, folder: Path, progress: Progress
    ) -> None:
        self._wish, self._outcome, self._teller = wish, outcome, teller
        self._folder, self._progress = folder, progress
        self._judges: dict[str, Judge] = {}

    def all(self, paths: Iterable[Path]) -> None:
        files: list[File] = []
        for path in paths:
            try:
                files.append(opened(path, self._wish.dataset))
            except Refusal as refusal:
                self._outcome.faults.append((str(path), Fault(refusal.reason)))
        sets = None
        if self._wish.with_sets:
            there = {file.dataset for file in files}
            sets = Sets(self._folder, there, kernel=self._wish.kernel)
        for number, file in enumerate(files):
            self._file(file, sets, number=number)
        if sets is not None:
            self._across(sets, [str(file.path) for file in files])

    def _file(self, file: File, sets: Sets | None, *, number: int) -> None:
        judge = self._judge(file.dataset)
        first = 1
        seen: set[str] = set()
        for chunk in file.chunks():
            self._chunk(file, judge, chunk, first)
            if sets is not None:
                sets.add(file.dataset, number, first, chunk)
            seen.update(chunk.columns)
            first += chunk.rows
            self._progress(file.path.name, first - 1)
        self._outcome.records[file.dataset] += first - 1
        if first > 1:
            self._columns(file, seen)
        name = str(file.path)
        self._outcome.faults.extend((name, fault) for fault in file.faults)

    def _judge(self, dataset: str) -> Judge:
        if dataset not in self._judges:
            binds = self._wish.profile.binds(dataset)
            self._judges[dataset] = Judge(dataset, binds_local=binds, kernel=self._wish.kernel)
        return self._judges[dataset]

    def _chunk(self, file: File, judge: Judge, chunk: Chunk, first: int) -> None:
        is_refused = np.zeros(chunk.rows, np.bool_)
        is_record = np.ones(chunk.rows, np.bool_)
        is_record[chunk.not_records] = False
        columns = _texts(chunk)
        all_found = []
        for found in judge.judged(chunk.rows, columns):
            kept = found
            if chunk.not_records:
                rows = found.rows[is_record[found.rows]]
                kept = Found(found.rule, found.field, found.severity, rows, found.texts)
            self._take(file, first, kept, is_refused)
            all_found.append(kept)
        if self._wish.with_audit:
            asked = audit.is_audited(np.arange(first, first + chunk.rows), is_refused) & is_record
            self._audit(file, columns, all_found, np.flatnonzero(asked), first)
        if chunk.not_records:
            fault = faults.NOT_A_RECORD
            rows = np.array(chunk.not_records, np.int64)
            self._take(
                file, first, Found(fault.rule, "", str(fault.severity), rows, None), is_refused
            )
        self._outcome.refused[file.dataset] += int(is_refused.sum())

    def _audit(
        self, file: File, columns: Mapping[str, Texts], found: list[Found], rows: Array, first: int
    ) -> None:
        self._outcome.audited += len(rows)
        differ = audit.disagreements(file.dataset, self._wish.profile, columns, found, rows)
        for row, only_bulk, only_single in differ:
            self._outcome.disagreements += 1
            if len(self._outcome.disagreeing) < EXAMPLES:
                self._outcome.disagreeing.append(
                    Disagreement(str(file.path), first + row, file.dataset, only_bulk, only_single)
                )

    def _take(self, file: File, first: int, found: Found, is_refused: Array) -> None:
        if len(found.rows):
            self._teller.take(str(file.path), file.dataset, found.rows + first, found)
            if found.severity == Severity.ERROR:
                is_refused[found.rows] = True

    def _columns(self, file: File, seen: set[str]) -> None:
        """Say once of a file which columns are too many and which needed ones are not there."""
        binds = self._wish.profile.binds(file.dataset)
        needed = plan_of(file.dataset, binds_local=binds).steps
        missing = [s.field.code for s in needed if s.required and s.field.code not in seen]
        lists: Mapping[Reason, list[str]] = {
            reasons.UNKNOWN_COLUMNS: sorted(file.unknown),
            reasons.MISSING_COLUMNS: missing,
        }
        for reason, names in lists.items():
            if names:
                file.faults.append(Fault(reason, (str(len(names)), *names[:20])))

    def _across(self, sets: Sets, names: list[str]) -> None:
        for across in sets.found():
            self._teller.take(names[across.file], across.dataset, across.rows, across.found)
        self._outcome.not_asked.extend(sets.not_asked())


def _texts(chunk: Chunk) -> dict[str, Texts]:
    columns = {name: texts_of(column) for name, column in chunk.columns.items()}
    for name, rows in chunk.not_text.items():
        texts = columns[name]
        texts.is_text = ~rows if texts.is_text is None else texts.is_text & ~rows
    return columns

"""The work of a validation cut into tasks: a file, or one row group of it, judged by itself.

A task leaves its list of errors and what rules across records need in the folder of the run, under
names made of its own numbers: done twice, it leaves the same. What it found is handed back.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk import audit, reasons
from gongheng.data.bulk.arrivals import Arrivals
from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.audit import Disagreement
from gongheng.data.bulk.files import SAID, Chunk, Fault, File
from gongheng.data.bulk.judging import Found, Judge
from gongheng.data.bulk.outcome import COLUMNS, EXAMPLES, SCHEMA, Outcome, Sink, Teller
from gongheng.data.bulk.replacing import replacing
from gongheng.data.bulk.sets import Aside
from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.standard import faults
from gongheng.data.standard.reading import NATIONAL, Profile
from gongheng.kernel.findings import Severity

Progress: TypeAlias = Callable[[str, int], None]
"""Is told the file that is being read, and how many of its records are done."""

WHOLE: Final = -1
State: TypeAlias = tuple[int, int]
"""Size and time of change of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What all tasks of a run have in common; ``there``: the datasets of which there are files.

    ``folder`` is that of the run, ``with_list`` asks for the list of errors, ``with_sets`` for what
    rules across records need, ``with_versions`` for what is held against earlier batches.
    """

    folder: Path
    profile: Profile = NATIONAL
    kernel: str = ""
    there: frozenset[str] = frozenset()
    with_list: bool = True
    with_sets: bool = True
    with_audit: bool = True
    with_versions: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work.

    ``file`` is the number of the file, ``shown`` its name as it was given, ``group`` the number of
    the row group.
    """

    file: int
    path: Path
    shown: str
    dataset: str
    group: int = WHOLE
    before: int = 0
    """Records of the file that stand before."""
    state: State | None = None

    @property
    def name(self) -> str:
        """Return what its results are called."""
        return f"{self.file:06d}-{self.group + 1:06d}"


@dataclass(slots=True)
class Part:
    """What came of a task. ``errors`` is the file of its errors, as Arrow writes a stream."""

    file: int
    outcome: Outcome
    errors: Path | None
    rows: int = 0
    seen: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def forget(self) -> None:
        """Remove the list of errors: it was taken up."""
        if self.errors is not None:
            self.errors.unlink()


def state_of(path: Path) -> State | None:
    """Return the state of a file, None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def tasks_of(file: File, number: int) -> list[Task]:
    """Return the tasks of a file: its row groups, or all of it when it cannot be cut."""
    path, shown = file.path.absolute(), str(file.path)
    whole = Task(number, path, shown, file.dataset, state=state_of(path))
    if file.path.suffix.lower() != ".parquet" or not whole.state or not whole.state[0]:
        return [whole]
    try:
        groups = pq.read_metadata(file.path)
    except (pa.ArrowException, OSError, ValueError):
        return [whole]  # the task says what is wrong
    before = 0
    tasks = []
    for group in range(groups.num_row_groups):
        tasks.append(Task(number, path, shown, file.dataset, group, before, whole.state))
        before += groups.row_group(group).num_rows
    return tasks or [whole]


class _Stream:
    """A list of errors, as it stands between a task and the whole."""

    def __init__(self, path: Path) -> None:
        self._writer = pa.ipc.new_stream(path, SCHEMA)

    def write(self, rows: Mapping[str, pa.Array]) -> None:
        self._writer.write_batch(pa.record_batch([rows[name] for name in COLUMNS], schema=SCHEMA))

    def close(self) -> None:
        self._writer.close()


@contextmanager
def telling(path: Path | None, outcome: Outcome) -> Iterator[Teller]:
    """Give what takes up findings; their list is at ``path`` when all of them were taken."""
    if path is None:
        yield Teller(outcome, None)
        return
    with replacing(path) as made:
        sink = _Stream(made)
        try:
            yield Teller(outcome, sink)
        finally:
            sink.close()


def listed(path: Path, sink: Sink) -> None:
    """Write the errors of a part to the list of all."""
    with pa.OSFile(os.fspath(path)) as source, pa.ipc.open_stream(source) as batches:
        for batch in batches:
            sink.write(dict(zip(COLUMNS, batch.columns, strict=True)))


@lru_cache(maxsize=256)
def _judge(_run: Path, dataset: str, kernel: str, *, binds: bool) -> Judge:
    """Return what judges a dataset, once for each run: between two the tables may change."""
    return Judge(dataset, binds_local=binds, kernel=kernel)


def judged(order: Order, task: Task, progress: Progress = lambda _file, _rows: None) -> Part:
    """Do a task."""
    errors = order.folder / "errors" / task.name if order.with_list else None
    part = Part(task.file, Outcome(), errors)
    with ExitStack() as stack:
        aside = None
        if order.with_sets:
            aside = Aside(order.folder, task.dataset, task.name, order.there)
            stack.enter_context(aside)
        versions = None
        if order.with_versions:
            versions = Arrivals(order.folder, task.dataset, task.name)
            stack.enter_context(versions)
        teller = stack.enter_context(telling(errors, part.outcome))
        _Judging(order, task, part, teller, versions).all(aside, progress)
    return part


class _Judging:
    """One task while it is done."""

    def __init__(
        self, order: Order, task: Task, part: Part, teller: Teller, versions: Arrivals | None
    ) -> None:
        self._order, self._task, self._part, self._teller = order, task, part, teller
        self._versions = versions
        group = None if task.group < 0 else task.group
        self._file = File(task.path, task.dataset, group=group, has_versions=versions is not None)
        binds = order.profile.binds(task.dataset)
        self._judge = _judge(order.folder, task.dataset, order.kernel, binds=binds)

    def all(self, aside: Aside | None, progress: Progress) -> None:
        part, file, before = self._part, self._file, self._task.before
        for chunk in file.chunks():
            first = before + part.rows + 1
            self._chunk(chunk, first)
            if aside is not None:
                aside.add(self._task.file, first, chunk)
            part.seen.update(chunk.columns)
            part.rows += chunk.rows
            progress(file.path.name, before + part.rows)
        part.outcome.records[file.dataset] += part.rows
        part.unknown, part.faults = file.unknown, file.faults
        if self._task.state and state_of(file.path) != self._task.state:
            part.faults.append(Fault(reasons.CHANGED))

    def _chunk(self, chunk: Chunk, first: int) -> None:
        said = _said(chunk)
        is_refused = np.zeros(chunk.rows, np.bool_)
        is_record = np.ones(chunk.rows, np.bool_)
        is_record[chunk.not_records] = False
        columns = _texts(chunk)
        all_found = []
        for found in self._judge.judged(chunk.rows, columns):
            kept = found
            if chunk.not_records:
                rows = found.rows[is_record[found.rows]]
                kept = Found(found.rule, found.field, found.severity, rows, found.texts)
            self._take(first, kept, is_refused)
            all_found.append(kept)
        if self._order.with_audit:
            asked = audit.is_audited(np.arange(first, first + chunk.rows), is_refused) & is_record
            self._audit(columns, all_found, np.flatnonzero(asked), first)
        if chunk.not_records:
            fault = faults.NOT_A_RECORD
            rows = np.array(chunk.not_records, np.int64)
            self._take(first, Found(fault.rule, "", str(fault.severity), rows, None), is_refused)
        self._part.outcome.refused[self._task.dataset] += int(is_refused.sum())
        if self._versions is not None:
            place = self._task.file, first
            self._versions.add(place, columns, said=said, is_wrong=is_refused)

    def _audit(
        self, columns: Mapping[str, Texts], found: list[Found], rows: Array, first: int
    ) -> None:
        outcome, dataset = self._part.outcome, self._task.dataset
        outcome.audited += len(rows)
        differ = audit.disagreements(dataset, self._order.profile, columns, found, rows)
        for row, only_bulk, only_single in differ:
            outcome.disagreements += 1
            if len(outcome.disagreeing) < EXAMPLES:
                outcome.disagreeing.append(
                    Disagreement(self._task.shown, first + row, dataset, only_bulk, only_single)
                )

    def _take(self, first: int, found: Found, is_refused: Array) -> None:
        if len(found.rows):
            task = self._task
            self._teller.take(task.shown, task.dataset, found.rows + first, found)
            if found.severity == Severity.ERROR:
                is_refused[found.rows] = True


def _said(chunk: Chunk) -> dict[str, Texts]:
    """Take the columns that tell of versions out of a chunk."""
    there = [name for name in SAID if name in chunk.columns]
    return {name: texts_of(_as_text(chunk.columns.pop(name))) for name in there}


def _as_text(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_integer(column.type) else column


def _texts(chunk: Chunk) -> dict[str, Texts]:
    columns = {name: texts_of(column) for name, column in chunk.columns.items()}
    for name, rows in chunk.not_text.items():
        texts = columns[name]
        texts.is_text = ~rows if texts.is_text is None else texts.is_text & ~rows
    return columns

"""Files judged by the standard: every record by itself, then keys and parents across all files."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gongheng.data.bulk import reasons
from gongheng.data.bulk.across import Noted, audited
from gongheng.data.bulk.audit import Disagreement
from gongheng.data.bulk.files import Fault, File, opened
from gongheng.data.bulk.incoming import History, Incoming
from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.keeping import Kept, alone
from gongheng.data.bulk.outcome import EXAMPLES, SINKS, Outcome, Sink, Teller
from gongheng.data.bulk.scheduling import Scheduler, Threads
from gongheng.data.bulk.sets import Sets
from gongheng.data.bulk.tasks import Order, Part, Progress, Task, listed, tasks_of
from gongheng.data.bulk.texts import Array
from gongheng.data.standard import faults
from gongheng.data.standard.reading import NATIONAL, Profile, plan_of
from gongheng.kernel.findings import Severity
from gongheng.kernel.reasons import Reason, Refusal

if TYPE_CHECKING:
    from gongheng.data.bulk.arrivals import Place

_OF_HISTORY: Final = {faults.DUPLICATE.rule, faults.PARENT_MISSING.rule}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: ``errors`` is the file of all errors, ``dataset`` that of all files.

    ``with_sets``: rules across records too; ``with_audit``: what was found is judged once more;
    ``history``: records are versions beside those of earlier batches.
    """

    paths: tuple[Path, ...]
    dataset: str = ""
    errors: Path | None = None
    profile: Profile = NATIONAL
    kernel: str = ""
    with_sets: bool = True
    with_audit: bool = True
    history: History | None = None


def validate(
    wish: Wish,
    *,
    scheduler: Scheduler = Threads(),  # noqa: B008  it holds nothing
    progress: Progress = lambda _file, _rows: None,
) -> Outcome:
    """Judge files; the list of errors follows the order in which they are named."""
    outcome = Outcome()
    sink: Sink | None = None
    if wish.errors is not None:
        if wish.errors.suffix.lower() not in SINKS:
            raise Refusal(reasons.UNKNOWN_FORMAT, file=wish.errors.name)
        sink = SINKS[wish.errors.suffix.lower()](wish.errors)
    try:
        with (
            scheduler.folder(wish.paths) as folder,
            alone(wish.history.folder) if wish.history else nullcontext(),
        ):
            _Run(wish, outcome, sink, folder).all(scheduler, progress)
    finally:
        if sink is not None:
            sink.close()
    return outcome


def opened_files(wish: Wish) -> tuple[list[File], list[tuple[str, Fault]]]:
    """Return the files whose dataset is known, and what is wrong with the others."""
    files: list[File] = []
    wrong: list[tuple[str, Fault]] = []
    for path in wish.paths:
        try:
            files.append(opened(path, wish.dataset))
        except Refusal as refusal:
            wrong.append((str(path), Fault(refusal.reason)))
    return files, wrong


def ordered(wish: Wish, files: list[File], folder: Path) -> tuple[Order, list[Task]]:
    """Return what judging these files comes to: the same tasks however often it is asked."""
    order = Order(
        folder=folder,
        profile=wish.profile,
        kernel=wish.kernel,
        there=frozenset(file.dataset for file in files),
        with_list=wish.errors is not None,
        with_sets=wish.with_sets,
        with_audit=wish.with_audit,
        with_versions=wish.history is not None,
    )
    return order, [task for number, file in enumerate(files) for task in tasks_of(file, number)]


class _Run:
    """One validation while it goes on."""

    def __init__(self, wish: Wish, outcome: Outcome, sink: Sink | None, folder: Path) -> None:
        self._wish, self._outcome, self._sink, self._folder = wish, outcome, sink, folder
        self._wrong: set[Place] = set()
        self._kept = Kept(wish.history.folder, folder) if wish.history else None

    def all(self, scheduler: Scheduler, progress: Progress) -> None:
        files, self._outcome.faults = opened_files(self._wish)
        order, tasks = ordered(self._wish, files, self._folder)
        parts = scheduler.done(order, tasks, progress)
        for number, of_file in groupby(parts, key=lambda part: part.file):
            self._file(files[number], of_file)
        names = [str(file.path) for file in files]
        if self._wish.with_sets:
            self._across(scheduler, names)
        if self._wish.history is not None and self._kept is not None:
            self._beside(self._wish.history, self._kept, names)

    def _file(self, file: File, parts: Iterable[Part]) -> None:
        rows = 0
        seen: set[str] = set()
        for part in parts:
            self._outcome.add(part.outcome)
            if self._sink is not None and part.errors is not None:
                listed(part.errors, self._sink)
            rows += part.rows
            seen |= part.seen
            file.unknown |= part.unknown
            file.faults.extend(fault for fault in part.faults if fault not in file.faults)
        if rows:
            self._columns(file, seen)
        elif not file.faults:
            file.faults.append(Fault(reasons.EMPTY))
        name = str(file.path)
        self._outcome.faults.extend((name, fault) for fault in file.faults)

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

    def _across(self, scheduler: Scheduler, names: list[str]) -> None:
        sets = Sets(self._folder, kernel=self._wish.kernel)
        teller, noted = Teller(self._outcome, self._sink), Noted()
        with scheduler.engine(self._folder) as engine:
            for across in sets.found(engine):
                noted.take(across)
                if self._kept is not None:
                    # Versions of one key and children before their parents are no faults there.
                    if across.found.rule in _OF_HISTORY:
                        continue
                    if across.found.severity == Severity.ERROR:
                        self._wrong.update((across.file, row) for row in across.rows.tolist())
                teller.take(names[across.file], across.dataset, across.rows, across.found)
        self._outcome.not_asked.extend(sets.not_asked())
        if self._wish.with_audit:
            self._audit(noted, names)

    def _audit(self, noted: Noted, names: list[str]) -> None:
        """Judge a sample across records again, by looking."""
        outcome = self._outcome
        for dataset, (file, row), bulk, single in audited(self._folder, noted):
            outcome.audited_across += 1
            if bulk == single:
                continue
            outcome.disagreements += 1
            if len(outcome.disagreeing) < EXAMPLES:
                only = [
                    tuple(("", rule) for rule in sorted(r)) for r in (bulk - single, single - bulk)
                ]
                outcome.disagreeing.append(Disagreement(names[file], row, dataset, *only))

    def _beside(self, history: History, kept: Kept, names: list[str]) -> None:
        """Hold the records against earlier batches, and keep them where that is asked for."""
        teller = Teller(self._outcome, self._sink)

        def tell(file: int, dataset: str, rows: Array, found: Found) -> None:
            teller.take(names[file], dataset, rows, found)

        incoming = Incoming(self._folder, kept, now=history.now)
        incoming.settle(self._wrong, tell)
        self._outcome.kinds = {code: dict(n) for code, n in sorted(incoming.kinds.items())}
        self._outcome.given_up = dict(incoming.given_up)
        if history.keeps and self._is_sure():
            kept.keep()
            self._outcome.is_kept = True

    def _is_sure(self) -> bool:
        """Tell whether everything was read and both engines agree: nothing else is kept."""
        harmless = {reasons.EMPTY, reasons.UNKNOWN_COLUMNS, reasons.MISSING_COLUMNS}
        is_whole = all(fault.reason in harmless for _, fault in self._outcome.faults)
        return is_whole and not self._outcome.disagreements

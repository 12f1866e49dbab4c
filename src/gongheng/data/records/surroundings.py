"""The current records around those in hand: read one by one, or ahead for a whole batch.

A judge asks of every record which ones stand above it and beside it. What was read once is kept for
the length of a transaction, and what the transaction itself makes current is told by ``note``. For a
batch the answers are read ahead, some queries for all its records instead of some for each.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from django.db.models import Count, Q

from gongheng.data.records.models import Current, Version, Waiting
from gongheng.data.records.names import Name, name_in, parents_of, reference
from gongheng.data.standard import summary

Mark: TypeAlias = tuple[str, str, int, str]
"""Dataset, key, number and digest of a version."""


class Surroundings:
    """What is known of the current records, by name and by case."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know nothing: what was read or noted may have been undone."""
        self._rows: dict[Name, Current | None] = {}
        self._cases: dict[str, dict[str, Current | None]] = {}  # None: several of one dataset
        self._stored: set[Mark] | None = None
        self._awaited: set[str] | None = None

    def current(self, name: Name) -> Current | None:
        """Return the current row of a record that has not been withdrawn."""
        row = self._rows.get(name)
        if row is None:
            # Absence is asked for anew: a parent may have come by another line in the meantime.
            self._read([name])
            row = self._rows[name]
        return None if row is None or row.is_withdrawn else row

    def is_new(self, name: Name) -> bool:
        """Tell whether no record of this name was there when it was read ahead."""
        return name in self._rows and self._rows[name] is None

    def may_be_stored(self, mark: Mark) -> bool:
        """Tell whether a version may be stored already."""
        return self._stored is None or mark in self._stored

    def may_be_awaited(self, name: Name) -> bool:
        """Tell whether a version may wait for this record."""
        return self._awaited is None or reference(name) in self._awaited

    def single_rows(self, case_code: str) -> Mapping[str, Current]:
        """Return the records of a case of which there is just one, by dataset."""
        if case_code not in self._cases:
            self._read_cases([case_code])
        return {code: row for code, row in self._cases[case_code].items() if row is not None}

    def note(self, row: Current, *, is_first: bool) -> None:
        """Take up what has just become current."""
        self._rows[row.dataset, row.key] = row
        case = self._cases.get(row.case_code)
        if case is None:
            return
        if is_first and not row.is_withdrawn:
            case[row.dataset] = None if row.dataset in case else row
        else:
            del self._cases[row.case_code]

    def note_stored(self, mark: Mark) -> None:
        """Take up that a version is stored now."""
        if self._stored is not None:
            self._stored.add(mark)

    def note_waiting(self, parent: str) -> None:
        """Take up that a version now waits for the record of this reference."""
        if self._awaited is not None:
            self._awaited.add(parent)

    def read_ahead(self, marks: Iterable[tuple[Mark, Mapping[str, object]]]) -> None:
        """Read what judging these versions will ask for."""
        given = list(marks)
        names = {(dataset, key) for (dataset, key, _, _), _ in given}
        above: set[Name] = set()
        cases: set[str] = set()
        for (dataset, _, _, _), body in given:
            above.update(parents_of(dataset, body))
            cases.add(summary.describe(dataset, body).case_code)
        missing = names | above
        while missing:
            self._read(missing)
            rows = [self._rows[name] for name in missing]
            parents = {name_in(row.parent) for row in rows if row is not None and row.parent}
            missing = parents - self._rows.keys()
        self._read_cases(cases - {""})
        self._read_marks({mark for mark, _ in given}, names)

    def _read(self, names: Collection[Name]) -> None:
        self._rows.update(dict.fromkeys(names))
        for row in Current.objects.filter(_any_of(names)).select_related("version"):
            self._rows[row.dataset, row.key] = row

    def _read_cases(self, cases: Collection[str]) -> None:
        self._cases.update({case: {} for case in cases})
        standing = Current.objects.filter(case_code__in=cases, is_withdrawn=False)
        single = Q()
        for case, dataset, count in standing.values_list("case_code", "dataset").annotate(
            count=Count("id")
        ):
            self._cases[case][dataset] = None
            if count == 1:
                single |= Q(case_code=case, dataset=dataset)
        if single:
            for row in standing.filter(single).select_related("version"):
                self._cases[row.case_code][row.dataset] = row

    def _read_marks(self, marks: set[Mark], names: Collection[Name]) -> None:
        stored = Version.objects.filter(_any_of(names))
        self._stored = marks.intersection(stored.values_list("dataset", "key", "number", "digest"))
        awaited = Waiting.objects.filter(parent__in=[reference(name) for name in names])
        self._awaited = set(awaited.values_list("parent", flat=True))


def _any_of(names: Collection[Name]) -> Q:
    """Return the condition that dataset and key are one of the names; never true for none."""
    by_dataset: dict[str, list[str]] = {}
    for dataset, key in names:
        by_dataset.setdefault(dataset, []).append(key)
    found = Q(pk__in=[])
    for dataset, wanted in by_dataset.items():
        found |= Q(dataset=dataset, key__in=wanted)
    return found

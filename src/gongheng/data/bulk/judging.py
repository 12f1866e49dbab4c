"""A batch of rows of one dataset, judged whole: every fault of every row, as numbers.

A field's values are walked through its automaton once per distinct value; the rules of the record
follow over the columns; what columns cannot say is asked of the judge of one record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from gongheng.data.bulk import kernels, labels, languages, law, store
from gongheng.data.bulk.beside import DAY_OF_CASE, Asked
from gongheng.data.bulk.programs import ASK, FALSE, TRUE, Batch, Column, Logic, Program
from gongheng.data.bulk.texts import Array, Texts, empty
from gongheng.data.standard import faults
from gongheng.data.standard.expressions import Facts, Lookup, fields_of
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.generated import DAYS
from gongheng.data.standard.law_numbers import law_of
from gongheng.data.standard.reading import RESIDENT_CARD, Step, plan_of
from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.rules import CompiledRule, row_rules_of
from gongheng.data.standard.table_files import Stage

_IS_RIGHT = np.array(labels.IS_RIGHT)
_NEVER = 99_999_999


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a batch that have one fault, in their order.

    ``rule`` is its public code; ``field`` names where it is shown, empty for none; ``texts`` are the
    values there, None when the fault has no value.
    """

    rule: str
    field: str
    severity: str
    rows: Array
    texts: Texts | None


class Judge:
    """What judges batches of one dataset."""

    def __init__(self, code: str, *, binds_local: bool = False, kernel: str = "") -> None:
        self.dataset: Dataset = find_dataset(code)
        self._plan = plan_of(code, binds_local=binds_local)
        self._loops = kernels.load(kernel)
        program = Program(self.dataset)
        self._rules = [_Ruled(rule, program) for rule in _batch_rules(code)]
        asked = [fields_of(r.rule.when) | fields_of(r.rule.assertion) for r in _batch_rules(code)]
        self.needed = frozenset[str]().union(*asked, {c for c in DAYS if c in self._plan.known})
        """The fields that the rules look at; of the others only faults are kept."""

    def judged(self, rows: int, columns: Mapping[str, Texts]) -> Iterator[Found]:
        """Yield the faults of so many rows; a field without a column is absent everywhere."""
        kept: dict[str, Column] = {}
        late: list[Found] = []
        for step in self._plan.steps:
            code = step.field.code
            texts = columns.get(code)
            found = self._labels(step, texts, rows, columns)
            late.extend(self._faults(step, texts, found))
            if code in self.needed:
                given = found != labels.BLANK
                kept[code] = Column(texts or empty(rows), _IS_RIGHT[found], given)
        days = _days(rows, kept)
        batch = Batch(rows, kept, days, self._loops)
        for fault in late:
            yield _in_force(fault, days)
        yield from _broken(self._rules, batch, columns)

    def column(self, code: str, texts: Texts, rows: int, beside: Mapping[str, Texts]) -> Column:
        """Return a column of one field, judged; ``beside`` may say what document a number is of."""
        step = next(step for step in self._plan.steps if step.field.code == code)
        found = self._labels(step, texts, rows, beside)
        return Column(texts, _IS_RIGHT[found], found != labels.BLANK)

    def _labels(
        self, step: Step, texts: Texts | None, rows: int, columns: Mapping[str, Texts]
    ) -> Array:
        """Return the label of each row."""
        if texts is None:
            return np.full(rows, labels.BLANK, np.uint8)
        found = texts.by_row(self._walked(step, texts, is_foreign=False))
        if step.document_type and (found > labels.BLANK).any():
            kinds = columns.get(step.document_type)
            if kinds is not None:
                is_other = self._is_foreign(kinds)
                foreign = texts.by_row(self._walked(step, texts, is_foreign=True))
                found = np.where(is_other & (found > labels.BLANK), foreign, found)
        if texts.is_text is not None:
            found = np.where(texts.is_text, found, np.uint8(labels.NOT_TEXT))
        return found

    def _walked(self, step: Step, texts: Texts, *, is_foreign: bool) -> Array:
        place = (self.dataset.code, step.field.code)
        automaton = store.automaton_of(place, is_foreign=is_foreign)
        return self._loops.walk(  # type: ignore[no-any-return]
            texts.data,
            texts.starts,
            texts.ends,
            automaton.classes,
            automaton.steps,
            automaton.labels,
            automaton.width,
            languages.limit_of(step.field),
            labels.TOO_LONG,
            labels.WHATEVER_LENGTH,
        )

    def _is_foreign(self, kinds: Texts) -> Array:
        """Tell by row whether the record names another document than the resident card."""
        resident = np.frombuffer(RESIDENT_CARD.encode(), np.uint8)
        is_resident = self._loops.equal_to(kinds.data, kinds.starts, kinds.ends, resident)
        found = kinds.by_row(~is_resident & (kinds.ends > kinds.starts))
        return found if kinds.is_text is None else found & kinds.is_text

    def _faults(self, step: Step, texts: Texts | None, found: Array) -> Iterator[Found]:
        code = step.field.code
        if step.required is not None:
            blank = np.flatnonzero(found == labels.BLANK)
            if len(blank):
                yield _of_fault(step.required, code, blank, None)
        wrong = np.flatnonzero(found > labels.BLANK)
        if not len(wrong):
            return
        kinds = found[wrong]
        for label in np.unique(kinds).tolist():
            fault = labels.fault_of(label)
            shown = None if fault is faults.NOT_TEXT else texts
            yield _of_fault(fault, code, wrong[kinds == label], shown)


class BesideJudge:
    """What judges batches of joined rows by the rules that look at other records."""

    def __init__(self, asked: Asked, *, kernel: str = "") -> None:
        self._asked = asked
        self._loops = kernels.load(kernel)
        program = Program(asked.dataset)
        self._rules = [_Ruled(rule, program) for rule in asked.rules]
        self._above = [f"{dataset}.{field}" for dataset, field in asked.above]
        own = Judge(asked.dataset.code, kernel=kernel)
        self._steps = [(code, own, code) for code in asked.own]
        judges = {code: Judge(code, kernel=kernel) for code in asked.datasets}
        self._steps.extend((f"{d}.{f}", judges[d], f) for d, f in asked.above)

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns that are wanted."""
        return [name for name, _, _ in self._steps]

    def judged(
        self, rows: int, columns: Mapping[str, Texts], answers: Sequence[Array]
    ) -> Iterator[Found]:
        """Yield what is broken; ``answers`` say by row whether the rows looked for are there."""
        kept = {}
        for name, judge, code in self._steps:
            beside = {} if "." in name else columns
            kept[name] = judge.column(code, columns[name], rows, beside)
        own = {code: kept[code] for code in self._asked.own}
        exists = dict(zip(self._asked.lookups, answers, strict=True))
        days = _days_of_case(rows, own, kept.get(".".join(DAY_OF_CASE)))
        batch = Batch(rows, kept, days, self._loops, exists=exists)
        yield from _broken(self._rules, batch, columns)


def _days_of_case(rows: int, own: Mapping[str, Column], notice: Column | None) -> Array:
    """Return the earlier day of the case's first notice and of the record."""
    days = _days(rows, own)
    if notice is None:
        return days
    found = np.flatnonzero(notice.is_right)
    first = np.zeros(rows, np.int64)
    first[found] = law.digits(notice.texts, found, size=8)
    return np.where((first > 0) & ((days == 0) | (first < days)), first, days)


def _broken(
    rules: Iterable["_Ruled"], batch: Batch, columns: Mapping[str, Texts]
) -> Iterator[Found]:
    for ruled in rules:
        rows = ruled.broken(batch)
        if len(rows):
            rule = ruled.rule.rule
            shown = columns.get(rule.field)
            if shown is not None:
                shown = _only_right(shown, batch.columns.get(rule.field))
            yield Found(f"std.{rule.kind}.{rule.id}", rule.field, rule.severity, rows, shown)


def _of_fault(fault: Fault, field: str, rows: Array, texts: Texts | None) -> Found:
    return Found(fault.rule, field, str(fault.severity), rows, texts)


@cache
def _dated_faults() -> Mapping[str, tuple[int, int]]:
    """Return first and last day of the sorts of fault that do not bind always, by rule."""
    return {
        fault.rule: (int(fault.valid_from or 0), int(fault.valid_until or _NEVER))
        for fault in faults.ALL.values()
        if fault.valid_from or fault.valid_until
    }


def _in_force(found: Found, days: Array) -> Found:
    bounds = _dated_faults().get(found.rule)
    if bounds is None:
        return found
    there = days[found.rows]
    rows = found.rows[(bounds[0] <= there) & (there <= bounds[1])]
    return Found(found.rule, found.field, found.severity, rows, found.texts)


def _days(rows: int, columns: Mapping[str, Column]) -> Array:
    """Return the day whose rules bind each row, ``yyyyMMdd`` as a number, 0 when not known."""
    days = np.zeros(rows, np.int64)
    for code in DAYS:
        column = columns.get(code)
        if column is not None:
            missing = np.flatnonzero((days == 0) & column.is_right)
            days[missing] = law.digits(column.texts, missing, size=8)
    return days


def _only_right(texts: Texts, column: Column | None) -> Texts | None:
    """Return the values to show with a broken rule: those that are right."""
    if column is None or bool(column.is_right.all()):
        return texts
    starts, ends = texts.places()
    return Texts(texts.data, starts, np.where(column.is_right, ends, starts))


def _batch_rules(code: str) -> tuple[CompiledRule, ...]:
    return tuple(rule for rule in row_rules_of(code) if rule.rule.stage is not Stage.REAL_TIME)


class _Ruled:
    """One rule of the table over columns."""

    def __init__(self, rule: CompiledRule, program: Program) -> None:
        self.rule = rule
        self._when: Logic | None = program.logic(rule.rule.when) if rule.rule.when else None
        self._assertion = program.logic(rule.rule.assertion)

    def broken(self, batch: Batch) -> Array:
        """Return the rows that break the rule."""
        asserted = self._assertion(batch)
        is_broken, is_asked = asserted == FALSE, asserted == ASK
        if self._when is not None:
            asked = self._when(batch)
            is_asked = (is_broken & (asked == ASK)) | (
                is_asked & ((asked == ASK) | (asked == TRUE))
            )
            is_broken = is_broken & (asked == TRUE)
        if self.rule.is_dated:
            in_force = self._in_force(batch.days)
            is_broken, is_asked = is_broken & in_force, is_asked & in_force
        rows = np.flatnonzero(is_asked)
        if len(rows):
            is_broken = is_broken.copy()
            is_broken[rows] = self._asked_of_one(batch, rows)
        return np.flatnonzero(is_broken)

    def _in_force(self, days: Array) -> Array:
        first = int(self.rule.rule.valid_from or 0)
        last = int(self.rule.rule.valid_until or _NEVER)
        known = (first <= days) & (days <= last)
        return np.where(days == 0, not self.rule.rule.valid_until, known)

    def _asked_of_one(self, batch: Batch, rows: Array) -> Array:
        """Ask the closures, once for all rows of which they would be asked the same."""
        names = sorted(fields_of(self.rule.rule.when) | fields_of(self.rule.rule.assertion))
        columns = [(name, batch.columns[name]) for name in names]
        keys = [batch.days[rows]]
        keys.extend(batch.exists[lookup][rows] for lookup in self.rule.lookups)
        for _, column in columns:
            slots = column.texts.slots
            keys.append(rows if slots is None else slots[rows])
            keys.append(column.is_right[rows] * 2 + column.is_given[rows])
        _, kinds, back = law.distinct(np.stack(keys))
        return np.array([self._answer(batch, columns, row) for row in rows[kinds].tolist()])[back]

    def _answer(self, batch: Batch, columns: list[tuple[str, Column]], row: int) -> bool:
        right = {name: column.texts.text(row) for name, column in columns if column.is_right[row]}
        given = {name for name, column in columns if column.is_given[row]}
        day = f"{batch.days[row]:08d}" if batch.days[row] else ""

        def among(lookup: Lookup, _values: tuple[str, ...]) -> bool:
            return bool(batch.exists[lookup][row])

        return self.rule.is_broken(Facts(right, given, law_of(day), day, among), day)

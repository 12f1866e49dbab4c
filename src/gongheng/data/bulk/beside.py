"""What the rules that look at other records ask for in one run: which rules, columns and joins.

A rule is asked when files of every dataset that it names are there. The row above is found by the
key, the rest of a case by its code where a case has just one such row: as the receiving node does.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gongheng.data.standard.expressions import Lookup, fields_of
from gongheng.data.standard.generated import DAYS
from gongheng.data.standard.reading import plan_of
from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.rules import CompiledRule, context_rules_of
from gongheng.data.standard.table_files import Stage

DAY_OF_CASE = ("TENDER_ANN_QUA_INQUERY_ANN", "NOTICE_SEND_TIME")
"""The first notice of a case, whose day binds all its records."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The rules of one dataset that look at other records: ``own`` and ``above`` are fields."""

    dataset: Dataset
    rules: tuple[CompiledRule, ...]
    own: tuple[str, ...]
    above: tuple[tuple[str, str], ...]
    lookups: tuple[Lookup, ...]

    @property
    def datasets(self) -> frozenset[str]:
        """Return the datasets whose rows are joined to the record."""
        return frozenset(dataset for dataset, _ in self.above)

    @property
    def chain(self) -> tuple[Dataset, ...]:
        """Return the datasets from the one above up to the last whose rows are asked for."""
        steps = list(_chain(self.dataset))
        while steps and steps[-1].code not in self.datasets:
            steps.pop()
        return tuple(steps)


def _chain(dataset: Dataset) -> Iterator[Dataset]:
    seen = {dataset.code}
    while dataset.parent and dataset.parent_key and dataset.parent not in seen:
        seen.add(dataset.parent)
        dataset = find_dataset(dataset.parent)
        yield dataset


def named_by(rule: CompiledRule) -> frozenset[str]:
    """Return the other datasets that a rule names."""
    names = fields_of(rule.rule.when) | fields_of(rule.rule.assertion)
    above = {name.partition(".")[0] for name in names if "." in name}
    return frozenset(above | {lookup.dataset for lookup in rule.lookups})


def asked_of(code: str, there: Collection[str]) -> Asked | None:
    """Return what is asked of a dataset's records, None when nothing is."""
    dataset = find_dataset(code)
    rules = tuple(
        rule
        for rule in context_rules_of(code)
        if rule.rule.stage is not Stage.REAL_TIME and named_by(rule) <= set(there)
    )
    if not rules:
        return None
    names = frozenset[str]().union(
        *(fields_of(rule.rule.when) | fields_of(rule.rule.assertion) for rule in rules)
    )
    above = sorted({(d, f) for d, _, f in (n.partition(".") for n in names if "." in n)})
    own = {name for name in names if "." not in name} | {rule.field for rule in rules if rule.field}
    own |= {code for code in DAYS if code in dataset.by_code}
    steps = {step.field.code: step for step in plan_of(code).steps}
    own |= {steps[name].document_type for name in own if steps[name].document_type}
    lookups = dict.fromkeys(lookup for rule in rules for lookup in rule.lookups)
    return Asked(dataset, rules, tuple(sorted(own)), tuple(above), tuple(lookups))


def not_asked_of(code: str, there: Collection[str]) -> frozenset[str]:
    """Return the datasets without files for which rules of a dataset are not asked."""
    found = (named_by(rule) for rule in context_rules_of(code))
    return frozenset().union(*found) - set(there)


def columns_of(code: str, there: Collection[str]) -> list[str]:
    """Return the fields of a dataset that any rule across records looks at in this run."""
    dataset = find_dataset(code)
    found = [*dataset.key, *(dataset.parent_key if dataset.parent else ())]
    for other in there:
        asked = asked_of(other, there)
        if asked is None:
            continue
        found.extend(field for named, field in asked.above if named == code)
        found.extend(f for lookup in asked.lookups if lookup.dataset == code for f in lookup.fields)
        if other == code:
            found.extend(asked.own)
        if other == code or code in asked.datasets:
            found.extend(case_fields_of(dataset))
    return [name for name in dict.fromkeys(found) if name in dataset.by_code]


def case_fields_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields of which the first that is given is the code of the case."""
    return tuple(filter(None, dataset.notice.case_code.split("|")))

"""The rules of the table, compiled: conditions on a record, or on a record and those above it."""

from dataclasses import dataclass
from functools import cache

from gongheng.data.standard.expressions import (
    Compiled,
    Facts,
    Lookup,
    compiled,
    fields_of,
    lookups_of,
)
from gongheng.data.standard.masks import shown
from gongheng.data.standard.registry import Dataset, Rule, dataset as find_dataset
from gongheng.kernel.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to judge.

    ``in_context``: it asks for other rows than the record. ``is_dated``: it binds on some days only.
    ``lookups`` are the rows that it looks for in other datasets.
    """

    rule: Rule
    when: Compiled | None
    assertion: Compiled
    in_context: bool
    is_dated: bool
    lookups: tuple[Lookup, ...] = ()

    @property
    def field(self) -> str:
        """Return the field where the finding is shown."""
        return self.rule.field

    def is_in_force(self, day: str) -> bool:
        """Tell whether the rule binds on a day (``yyyyMMdd``, empty when it is not known)."""
        if not day:
            return not self.rule.valid_until
        return (self.rule.valid_from or day) <= day <= (self.rule.valid_until or day)

    def is_broken(self, facts: Facts, day: str) -> bool:
        """Tell whether the condition is true and the assertion false."""
        if self.is_dated and not self.is_in_force(day):
            return False
        if self.when is not None and self.when(facts) is not True:
            return False
        return self.assertion(facts) is False

    def finding(self, dataset: Dataset, *, record: str, value: str) -> Finding:
        """Say to the sender that the rule is broken."""
        basis = f"依据{self.rule.law}。" if self.rule.law else ""
        return Finding(
            record=record,
            field=self.rule.field,
            rule=f"std.{self.rule.kind}.{self.rule.id}",
            value=shown(dataset.field(self.rule.field), value) if self.rule.field else "",
            message=self.rule.message + basis,
            remedy=self.rule.remedy,
            severity=Severity(self.rule.severity),
        )


def _needs_context(name: str) -> bool:
    return "." in name


def _compile(rule: Rule) -> CompiledRule:
    names = fields_of(rule.when) | fields_of(rule.assertion)
    lookups = tuple(dict.fromkeys((*lookups_of(rule.when), *lookups_of(rule.assertion))))
    return CompiledRule(
        rule=rule,
        lookups=lookups,
        when=compiled(rule.when) if rule.when else None,
        assertion=compiled(rule.assertion),
        is_dated=bool(rule.valid_from or rule.valid_until),
        in_context=bool(lookups) or any(_needs_context(name) for name in names),
    )


@cache
def _rules_of(dataset: str) -> tuple[CompiledRule, ...]:
    return tuple(_compile(rule) for rule in find_dataset(dataset).rules)


@cache
def row_rules_of(dataset: str) -> tuple[CompiledRule, ...]:
    """Return the rules that ask for the record alone. Raises ``WrongExpression``."""
    return tuple(rule for rule in _rules_of(dataset) if not rule.in_context)


@cache
def context_rules_of(dataset: str) -> tuple[CompiledRule, ...]:
    """Return the rules that ask for rows above the record. Raises ``WrongExpression``."""
    return tuple(rule for rule in _rules_of(dataset) if rule.in_context)


@cache
def context_names_of(dataset: str) -> tuple[tuple[str, str], ...]:
    """Return the datasets and fields above a record that its rules ask for."""
    names: set[str] = set()
    for rule in find_dataset(dataset).rules:
        names |= fields_of(rule.when) | fields_of(rule.assertion)
    above = sorted(name for name in names if _needs_context(name))
    return tuple((name.partition(".")[0], name.partition(".")[2]) for name in above)

"""Checks of records against the standard: findings for their sender, never an exception.

A blank value breaks only "must be given"; a wrong value is reported once and counts as unknown in
every rule that needs it, so that one mistake gives one finding.
"""

from collections.abc import Iterator, Mapping

from gongheng.data.standard import faults
from gongheng.data.standard.expressions import Among, Facts
from gongheng.data.standard.generated import DAYS, judge_of
from gongheng.data.standard.law_numbers import law_of
from gongheng.data.standard.reading import (
    NATIONAL,
    Profile,
    bare_finding,
    finding_of,
    is_right,
    plan_of,
    read,
)
from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.rules import (
    CompiledRule,
    context_names_of,
    context_rules_of,
)
from gongheng.data.standard.values import is_blank, text_of
from gongheng.kernel.findings import Finding

__all__ = ["NATIONAL", "Profile", "check", "check_in_context"]


def _day_of(right: Mapping[str, str]) -> str:
    """Return the day whose rules bind a record, ``yyyyMMdd``, empty when it is not known."""
    return next((right[code][:8] for code in DAYS if code in right), "")


def _judge(
    dataset: Dataset, rules: tuple[CompiledRule, ...], facts: Facts, record: str, day: str
) -> Iterator[Finding]:
    for rule in rules:
        if rule.is_broken(facts, day):
            yield rule.finding(dataset, record=record, value=facts.right.get(rule.field, ""))


def check(
    dataset: str,
    body: Mapping[str, object],
    *,
    record: str = "",
    profile: Profile = NATIONAL,
) -> list[Finding]:
    """Return what is wrong with one record, by itself; an empty list when nothing is.

    ``body`` maps field codes to text as on the wire; anything else in it gives findings. Raises
    ``Refusal`` only for an unknown dataset.
    """
    judge = judge_of(find_dataset(dataset).code, binds_local=profile.binds(dataset))
    return judge(body, record)


def check_in_context(
    dataset: str,
    body: Mapping[str, object],
    *,
    parents: Mapping[str, Mapping[str, str]],
    previous: Mapping[str, str] | None = None,
    operation: str = "",
    record: str = "",
    among: Among = lambda _lookup, _values: None,
) -> list[Finding]:
    """Return what is wrong with a record among those before it.

    ``parents`` are bodies by dataset code: the row above and any other row of the same case that is
    known (the project, the section, the notice ...); a rule whose row is missing is not asked.
    ``previous`` is the version before, None for a new key. ``operation`` (``insert``, ``update``,
    ``delete``) also checks that the key is new, or known. ``among`` looks for rows that must exist
    in other datasets; where nobody knows, as while data come in, nothing is missed. The row above must be among ``parents``
    when the dataset has one that it can be joined to. Run ``check`` too: wrong values are unknown
    here. Raises ``Refusal`` only for an unknown dataset.
    """
    found = find_dataset(dataset)
    findings = [
        *_of_key(operation, previous, record),
        *_immutable(found, body, previous, record),
        *_parent_missing(found, parents, record),
    ]
    rules = context_rules_of(dataset)
    if rules:
        right, given = _case(dataset, body, parents)
        day = _day_of_case(right)
        facts = Facts(right, given, law_of(day), day, among)
        findings.extend(_judge(found, rules, facts, record, day))
    return findings


def _of_key(operation: str, previous: Mapping[str, str] | None, record: str) -> Iterator[Finding]:
    if operation == "insert" and previous is not None:
        yield bare_finding(faults.KEY_EXISTS, record=record)
    if operation in {"update", "delete"} and previous is None:
        yield bare_finding(faults.KEY_UNKNOWN, record=record)


def _immutable(
    dataset: Dataset,
    body: Mapping[str, object],
    previous: Mapping[str, str] | None,
    record: str,
) -> Iterator[Finding]:
    for field in dataset.fields if previous else ():
        if not field.is_immutable and field.code not in dataset.key:
            continue
        before, now = text_of((previous or {}).get(field.code)), text_of(body.get(field.code))
        if before != now and not (is_blank(before) and is_blank(now)):
            yield finding_of(faults.IMMUTABLE, record=record, field=field, value=now)


def _parent_missing(
    dataset: Dataset, parents: Mapping[str, Mapping[str, str]], record: str
) -> Iterator[Finding]:
    if dataset.parent and dataset.parent_key and dataset.parent not in parents:
        name = find_dataset(dataset.parent).name
        yield bare_finding(faults.PARENT_MISSING, record=record, limit=name)


def _day_of_case(right: Mapping[str, str]) -> str:
    """Return the day of the case's first notice that is known, else that of the record."""
    notice = right.get("TENDER_ANN_QUA_INQUERY_ANN.NOTICE_SEND_TIME", "")[:8]
    return min(filter(None, (notice, _day_of(right))), default="")


def _case(
    dataset: str, body: Mapping[str, object], parents: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, str], set[str]]:
    """Return the right values of a record and of the rows above it, and the names of all given."""
    reading = read(plan_of(dataset), body, "")
    right, given = reading.right, reading.given
    for code, field in context_names_of(dataset):
        value = text_of(parents.get(code, {}).get(field))
        if is_blank(value):
            continue
        name = f"{code}.{field}"
        given.add(name)
        if is_right(code, field, value):
            right[name] = value
    return right, given

"""The record judged by the definitions alone: field by field, rule by rule, by closures."""

from collections.abc import Mapping
from typing import Any

from gongheng.data.standard.expressions import Facts
from gongheng.data.standard.generated import DAYS
from gongheng.data.standard.law_numbers import law_of
from gongheng.data.standard.reading import plan_of, read, unknown_fields
from gongheng.data.standard.registry import dataset as find_dataset
from gongheng.data.standard.rules import row_rules_of
from gongheng.kernel.findings import Finding


def judged(dataset: str, body: Mapping[str, Any], *, binds_local: bool = False) -> list[Finding]:
    """Return what ``validator.check`` must return."""
    found = find_dataset(dataset)
    plan = plan_of(dataset, binds_local=binds_local)
    reading = read(plan, body, "")
    findings = [*reading.findings, *unknown_fields(plan, body, "")]
    day = next((reading.right[code][:8] for code in DAYS if code in reading.right), "")
    facts = Facts(reading.right, reading.given, law_of(day), day)
    return findings + [
        rule.finding(found, record="", value=reading.right.get(rule.field, ""))
        for rule in row_rules_of(dataset)
        if rule.is_broken(facts, day)
    ]

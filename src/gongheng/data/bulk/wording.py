"""What is said to people about a fault that bulk found: the same words as of one record."""

from functools import cache

from gongheng.data.bulk.reasons import NO_VERSION
from gongheng.data.standard import faults, histories
from gongheng.data.standard.reading import bare_finding, finding_of
from gongheng.data.standard.registry import dataset as find_dataset
from gongheng.data.standard.rules import context_rules_of, row_rules_of


@cache
def words_of(dataset: str, field: str, rule: str) -> tuple[str, str]:
    """Return the message and the remedy of a rule that was broken at a field."""
    found = find_dataset(dataset)
    for each in (*row_rules_of(dataset), *context_rules_of(dataset)):
        if f"std.{each.rule.kind}.{each.rule.id}" == rule:
            finding = each.finding(found, record="", value="")
            return finding.message, finding.remedy
    for reason in (*histories.ALL, NO_VERSION):
        if rule == reason.code:
            return reason.message, reason.remedy
    # Two sorts of fault share the code of lengths; the field tells which.
    is_exact = bool(field) and found.field(field).length.is_exact
    fault = next(
        fault
        for fault in faults.ALL.values()
        if fault.rule == rule and (fault is not faults.TOO_LONG or not is_exact)
    )
    if field:
        finding = finding_of(fault, record="", field=found.field(field), value="")
    else:
        above = find_dataset(found.parent).name if found.parent else ""
        finding = bare_finding(fault, record="", limit=above)
    return finding.message, finding.remedy

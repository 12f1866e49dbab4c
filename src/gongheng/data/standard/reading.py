"""One record, read field by field: its right values, what was given, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gongheng.data.standard import faults
from gongheng.data.standard.checks import Check, check_of
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.masks import shown
from gongheng.data.standard.registry import (
    Dataset,
    Field,
    FieldAudience,
    Need,
    dataset as find_dataset,
)
from gongheng.data.standard.values import BLANK
from gongheng.kernel.findings import Finding, Severity

RESIDENT_CARD = "01"
_DOCUMENT_TYPES = {
    "ID_CARD": "ID_CARD_TYPE",
    "ID_CARD_NO": "ID_CARD_TYPE",
    "PROPOSER_CODE": "PROPOSER_CARD_TYPE",
    "BUYER_IDCARD": "BUYER_IDTYPE",
}
"""Which field says what document a number is of."""

LONGEST_NAME = 60
"""Characters of an unknown field's name that are repeated to the sender."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a province binds beyond the national fields: datasets whose local fields must be given.

    ``*`` stands for every dataset.
    """

    binds_local_of: frozenset[str]

    def binds(self, dataset: str) -> bool:
        """Tell whether the local mandatory fields of ``dataset`` must be given."""
        return dataset in self.binds_local_of or "*" in self.binds_local_of


NATIONAL = Profile(frozenset())
"""The national fields alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One field, ready to check: ``required`` is the fault of a blank value, if it is one.

    ``foreign`` checks a number of which the field ``document_type`` says that it is not that of a
    resident identity card.
    """

    field: Field
    required: Fault | None
    check: Check
    document_type: str
    foreign: Check


@dataclass(frozen=True, slots=True)
class Plan:
    """How the records of a dataset are read, field by field."""

    dataset: Dataset
    steps: tuple[Step, ...]
    checks: Mapping[str, Check]
    known: frozenset[str]


def _required(dataset: Dataset, field: Field, *, binds_local: bool) -> Fault | None:
    if field.need is not Need.MANDATORY:
        return None
    if field.audience is FieldAudience.SECRET:
        return None  # never leaves the node where it was made, so others cannot miss it
    if field.scope != "local" or binds_local:
        return faults.REQUIRED
    return faults.KEY if field.code in dataset.key else None


def _step(dataset: Dataset, field: Field, *, binds_local: bool) -> Step:
    document_type = _DOCUMENT_TYPES.get(field.code, "")
    return Step(
        field=field,
        required=_required(dataset, field, binds_local=binds_local),
        check=check_of(field),
        document_type=document_type if document_type in dataset.by_code else "",
        foreign=check_of(field, is_foreign_document=True),
    )


@cache
def plan_of(code: str, *, binds_local: bool = False) -> Plan:
    """Return the plan of a dataset, made once."""
    dataset = find_dataset(code)
    steps = tuple(_step(dataset, field, binds_local=binds_local) for field in dataset.fields)
    return Plan(
        dataset=dataset,
        steps=steps,
        checks={step.field.code: step.check for step in steps},
        known=frozenset(dataset.by_code),
    )


def finding_of(fault: Fault, *, record: str, field: Field, value: str) -> Finding:
    """Say a fault of a field's value to its sender."""
    limit = field.code_list or field.length.text
    if fault in {faults.TOO_LONG, faults.EXACT_LENGTH}:
        limit = str(field.length.size or "2000000")
    return Finding(
        record=record,
        field=field.code,
        rule=fault.rule,
        value=shown(field, value),
        message=fault.message.format(label=field.label, limit=limit),
        remedy=fault.remedy.format(label=field.label, limit=limit),
        severity=fault.severity,
    )


def bare_finding(
    fault: Fault, *, record: str, field: str = "", label: str = "", limit: str = ""
) -> Finding:
    """Say a fault that is not one of a known field's value."""
    return Finding(
        record=record,
        field=field,
        rule=fault.rule,
        value="",
        message=fault.message.format(label=label, limit=limit),
        remedy=fault.remedy.format(label=label, limit=limit),
        severity=fault.severity,
    )


def unknown_fields(plan: Plan, body: Mapping[str, object], record: str) -> Iterator[Finding]:
    """Yield the columns that the dataset does not have."""
    for name in body:
        if name not in plan.known:
            label = str(name)
            printable = "".join(c for c in label[:LONGEST_NAME] if c.isprintable())
            yield bare_finding(
                faults.UNKNOWN_FIELD, record=record, field=printable, label=printable
            )


def _is_foreign_document(step: Step, body: Mapping[str, object]) -> bool:
    stated = body.get(step.document_type)
    return isinstance(stated, str) and stated not in {"", RESIDENT_CARD}


@dataclass(slots=True)
class Reading:
    """What was read of a record: its right values, the names of what was given, the findings."""

    right: dict[str, str]
    given: set[str]
    findings: list[Finding]


def _fault_of(step: Step, value: str, body: Mapping[str, object]) -> Fault | None:
    """Judge a value once more, knowing what document its number is of."""
    fault = step.check(value)
    if fault is not None and step.document_type and _is_foreign_document(step, body):
        return step.foreign(value)
    return fault


def is_right(dataset: str, field: str, value: str) -> bool:
    """Tell whether a value that is not blank may be reckoned with."""
    fault = plan_of(dataset).checks[field](value)
    return fault is None or fault.severity is Severity.WARNING


def read(plan: Plan, body: Mapping[str, object], record: str) -> Reading:
    """Read a record by the fields of its dataset."""
    reading = Reading({}, set(), [])
    for step in plan.steps:
        read_step(step, body.get(step.field.code), body, record, reading)
    return reading


def read_step(
    step: Step, value: object, body: Mapping[str, object], record: str, reading: Reading
) -> None:
    """Read the value of one field."""

    def find(fault: Fault, value: str = "") -> None:
        reading.findings.append(finding_of(fault, record=record, field=step.field, value=value))

    code = step.field.code
    if not isinstance(value, str) and value is not None:
        reading.given.add(code)
        find(faults.NOT_TEXT)
    elif not value or not value.strip(BLANK):
        if step.required is not None:
            find(step.required)
    else:
        reading.given.add(code)
        fault = step.check(value) and _fault_of(step, value, body)
        if fault is not None:
            find(fault, value)
        if fault is None or fault.severity is Severity.WARNING:
            reading.right[code] = value

"""Every field of every dataset, changed in every usual way, before two judges.

The second judge is a JSON Schema made from the same tables and run by a foreign validator: it
shares our reading of the tables, not our checks.
"""

import jsonschema_rs
import pytest

from gongheng.data.standard import registry, samples, schema, validator
from gongheng.data.standard.registry import Dataset, Field
from tests.scope import IS_FULL

pytestmark = pytest.mark.slow

DATASETS = registry.datasets()
STRUCTURAL = {
    f"std.{name}"
    for name in (
        "required",
        "key",
        "length",
        "number",
        "time",
        "code_list",
        "region",
        "empty_part",
        "unknown_field",
        "not_text",
    )
}
VALUES = (
    *("", " ", "\u3000\t", "1", "0", "99", "A", "01", "001", "１", "-1", "1\n", ";", "1;1", "1;"),
    *("1.5", "1.123456", "1.1234567", "1" * 15, "1" * 30, "x" * 18, "x" * 23, "中" * 201),
    *("𠀀" * 200, "𠀀" * 201, "530100", "530199", "530100;530100", "530100;", "156", "A080300"),
    *("20260230", "20260229", "20240229", "20261012240000", "20261012235960", "20261012235959"),
    *("00000101", "202610120900", "20261012"),
)

_first_of_kind: dict[tuple[object, ...], Field] = {}
for _field in (field for dataset in DATASETS for field in dataset.fields):
    _kind = (_field.type, _field.length, _field.need, _field.code_list)
    _first_of_kind.setdefault((*_kind, _field.is_multiple, _field.check), _field)
JUDGED = {id(field) for field in _first_of_kind.values()}
"""The usual run is short of time: it takes the first field of each kind, the full one every field."""

by_dataset = pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.code)


def longest(field: Field) -> str:
    """Return a text of exactly the length a field allows."""
    return "中" * (field.length.size or 1)


def structural(dataset: Dataset, body: dict[str, str]) -> set[str]:
    found = validator.check(dataset.code, body)
    return {finding.field for finding in found if finding.rule in STRUCTURAL}


@by_dataset
def test_samples_are_right(dataset: Dataset) -> None:
    assert validator.check(dataset.code, samples.valid(dataset.code)) == []
    every = samples.full(dataset.code)
    assert validator.check(dataset.code, every, profile=samples.EVERY_PROVINCE) == []
    assert set(every) == set(dataset.by_code)


@by_dataset
def test_two_judges_agree_on_every_field(dataset: Dataset) -> None:
    judge = jsonschema_rs.validator_for(schema.json_schema(dataset.code))
    body = samples.full(dataset.code)

    fields = [field for field in dataset.fields if IS_FULL or id(field) in JUDGED]
    for field in fields:
        for value in (*VALUES, longest(field), longest(field) + "中"):
            changed = {**body, field.code: value}
            wrong = structural(dataset, changed)
            assert wrong <= {field.code}
            assert judge.is_valid(changed) is not bool(wrong), (field.code, value)


@by_dataset
def test_two_judges_agree_on_what_must_be_given(dataset: Dataset) -> None:
    judge = jsonschema_rs.validator_for(schema.json_schema(dataset.code))
    body = samples.full(dataset.code)

    for field in dataset.fields:
        without = {code: value for code, value in body.items() if code != field.code}
        assert judge.is_valid(without) is not bool(structural(dataset, without)), field.code


@by_dataset
def test_a_missing_value_is_found(dataset: Dataset) -> None:
    body = samples.full(dataset.code)

    for field in dataset.fields:
        without = {code: value for code, value in body.items() if code != field.code}
        found = validator.check(dataset.code, without, profile=samples.EVERY_PROVINCE)
        is_needed = field.need is registry.Need.MANDATORY and field.audience != "secret"
        wanted = {"std.required"} if is_needed else set()
        assert {x.rule for x in found if x.field == field.code} >= wanted, field.code


@by_dataset
def test_a_value_that_is_too_long_is_found(dataset: Dataset) -> None:
    body = samples.full(dataset.code)

    for field in dataset.fields:
        size = field.length.size or 2_000_000
        found = validator.check(dataset.code, {**body, field.code: "1" * (size + 1)})
        assert field.code in {finding.field for finding in found}, field.code


@by_dataset
def test_local_fields_bind_only_in_a_province_that_wants_them(dataset: Dataset) -> None:
    body = samples.full(dataset.code)

    for field in dataset.fields:
        if field.scope != "local" or field.need is not registry.Need.MANDATORY:
            continue
        without = {code: value for code, value in body.items() if code != field.code}
        found = {x.rule for x in validator.check(dataset.code, without) if x.field == field.code}
        assert found <= {"std.key"} if field.code in dataset.key else found == set()

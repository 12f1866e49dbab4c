"""Every rule of the table: right on the samples, broken by the change that breaks it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.standard import registry, samples, validator
from gongheng.data.standard.expressions import Lookup
from gongheng.data.standard.rules import context_names_of, context_rules_of, row_rules_of
from gongheng.data.standard.values import parts_of
from gongheng.kernel.findings import Severity

BROKEN = json.loads((Path(__file__).parent / "broken_rules.json").read_text(encoding="utf-8"))
RULES = [rule for dataset in registry.datasets() for rule in dataset.rules]


@cache
def _above() -> dict[str, dict[str, str]]:
    return {dataset.code: samples.valid(dataset.code) for dataset in registry.datasets()}


def broken_rules(dataset: str, body: dict[str, str], above: dict[str, dict[str, str]]) -> set[str]:
    """Return the ids of the table's rules that are broken."""

    def among(lookup: Lookup, values: tuple[str, ...]) -> bool:
        row = above[lookup.dataset]
        pairs = zip(lookup.fields, values, strict=True)
        return all(value in parts_of(row.get(field, "")) for field, value in pairs)

    findings = validator.check(dataset, body)
    findings += validator.check_in_context(dataset, body, parents=above, among=among)
    return {finding.rule.split(".")[2] for finding in findings if finding.rule.count(".") == 2}


@pytest.mark.parametrize("example", BROKEN, ids=lambda example: str(example["rule"]))
def test_a_rule_is_broken_by_its_example_and_not_by_the_sample(example: dict[str, Any]) -> None:
    dataset = example["dataset"]
    right = samples.valid(dataset)
    wrong = {**right, **example["record"]}
    above = {code: {**body, **example["above"].get(code, {})} for code, body in _above().items()}

    assert example["rule"] not in broken_rules(dataset, right, _above())
    assert example["rule"] in broken_rules(dataset, wrong, above)


def test_every_rule_has_an_example() -> None:
    assert {rule.id for rule in RULES} == {example["rule"] for example in BROKEN}


def test_every_condition_of_the_source_is_a_row() -> None:
    conditional = {
        (dataset.code, field.code)
        for dataset in registry.datasets()
        for field in dataset.fields
        if field.need is registry.Need.CONDITIONAL
    }
    ruled = {(rule.dataset, rule.field) for rule in RULES if rule.kind in {"conditional", "either"}}
    # Whether sections follow is not in the record; three fields of the tax certificate share a rule.
    without_a_rule = {
        ("TENDER_PROJECT", "UNIFIED_DEAL_CODE"),
        ("UNIFIED_CODE_RECORD", "BID_CODE"),
        ("LEGAL_PERSON_BASE", "TAX_CERT_END_DATE"),
        ("LEGAL_PERSON_BASE", "LOCAL_TAX_CERT_NO"),
        ("LEGAL_PERSON_BASE", "LOCAL_TAX_CERT_END_DATE"),
    }

    assert len(conditional) == 98
    assert conditional - ruled == without_a_rule


def test_rules_ask_only_for_fields_that_exist() -> None:
    for dataset in registry.datasets():
        for code, field in context_names_of(dataset.code):
            registry.dataset(code).field(field)
        for rule in (*row_rules_of(dataset.code), *context_rules_of(dataset.code)):
            assert not rule.field or rule.field in dataset.by_code
            for lookup in rule.lookups:
                assert set(lookup.fields) <= set(registry.dataset(lookup.dataset).by_code)
                assert set(lookup.own) <= set(dataset.by_code)
            assert Severity(rule.rule.severity)


def test_rule_codes_are_unique_and_their_texts_are_sentences() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.message.endswith("。") and rule.remedy.endswith("。") for rule in RULES)


def test_one_mistake_gives_one_finding() -> None:
    """A malformed deadline is unknown to the five rules that ask for it."""
    body = samples.valid("TENDER_ANN_QUA_INQUERY_ANN", BID_DOC_REFER_END_TIME="2026-11-05")

    found = validator.check("TENDER_ANN_QUA_INQUERY_ANN", body)
    found += validator.check_in_context(
        "TENDER_ANN_QUA_INQUERY_ANN", body, parents=samples.works_case()
    )

    assert [finding.rule for finding in found] == ["std.time"]


def test_a_works_case_is_right_in_its_order() -> None:
    case = samples.works_case()

    for dataset, body in case.items():
        assert validator.check(dataset, body) == []
        assert validator.check_in_context(dataset, body, parents=case) == []


def test_twenty_days_end_on_a_working_day() -> None:
    """Documents of 12 September: the twentieth day is a holiday, so 8 October is the first day."""
    case = samples.works_case()
    notice = {
        **case["TENDER_ANN_QUA_INQUERY_ANN"],
        "NOTICE_SEND_TIME": "20260912090000",
        "DOC_GET_START_TIME": "20260912090000",
    }

    def rules(deadline: str) -> list[str]:
        body = {**notice, "BID_DOC_REFER_END_TIME": deadline}
        found = validator.check_in_context("TENDER_ANN_QUA_INQUERY_ANN", body, parents=case)
        return [finding.rule for finding in found]

    assert rules("20261002090000") == ["std.period.TN-PREPARATION"]
    assert rules("20261007235959") == ["std.period.TN-PREPARATION"]
    assert rules("20261008090000") == []


def test_a_tender_that_is_not_compulsory_needs_no_twenty_days() -> None:
    case = samples.works_case()
    case["TENDER_PROJECT"]["IS_TO_LAW"] = "0"
    hurried = {**case["TENDER_ANN_QUA_INQUERY_ANN"], "BID_DOC_REFER_END_TIME": "20261020090000"}

    found = validator.check_in_context("TENDER_ANN_QUA_INQUERY_ANN", hurried, parents=case)

    assert found == []

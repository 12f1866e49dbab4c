"""The generated function of a dataset says what the definitions say, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.data.standard import registry, samples, validator
from gongheng.data.standard.tests.reference import judged

BROKEN = json.loads((Path(__file__).parent / "broken_rules.json").read_text(encoding="utf-8"))
NEAR_MISSES = (
    "", " ", "\u3000\t", "0", "1", "2", "3", "9", "01", "1;1", ";", "1;", "a", "招", "招\n标",
    "\u3000招", "\x00", "20261012090000", "20261005", "20250229", "0.00", "1.50", "-1",
    "3000000000.01", "A01", samples.PLATFORM, samples.firm(2), samples.deal_code(),
    samples.SECTION_CODE, f"{samples.SECTION_CODE};{samples.SECTION_CODE}", samples.person(1),
    None, 7, "x" * 5000,
)  # fmt: skip
RULED = sorted({rule.dataset for dataset in registry.datasets() for rule in dataset.rules})


def assert_agreement(dataset: str, body: dict[str, Any]) -> None:
    assert validator.check(dataset, body) == judged(dataset, body)


@pytest.mark.parametrize("dataset", [dataset.code for dataset in registry.datasets()])
def test_full_and_empty_records_are_judged_alike(dataset: str) -> None:
    for body in ({}, samples.valid(dataset), samples.full(dataset)):
        assert_agreement(dataset, body)
        strict = validator.check(dataset, body, profile=samples.EVERY_PROVINCE)
        assert strict == judged(dataset, body, binds_local=True)


def test_the_examples_of_broken_rules_are_judged_alike() -> None:
    for example in BROKEN:
        body = {**samples.valid(example["dataset"]), **example["record"]}
        assert_agreement(example["dataset"], body)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_near_misses_are_judged_alike(data: st.DataObject) -> None:
    dataset = data.draw(st.sampled_from(RULED))
    fields = sorted(registry.dataset(dataset).by_code)
    changes = data.draw(
        st.dictionaries(st.sampled_from(fields), st.sampled_from(NEAR_MISSES), max_size=8)
    )
    base = data.draw(st.sampled_from([samples.valid, samples.full]))
    assert_agreement(dataset, {**base(dataset), **changes})


def test_two_doubtful_codes_do_not_hide_a_wrong_one() -> None:
    doubtful = samples.deal_code()[:-1] + "X"
    body = samples.full("TENDER_ANN_QUA_INQUERY_ANN", UNIFIED_DEAL_CODES=f"{doubtful};nonsense")

    found = validator.check("TENDER_ANN_QUA_INQUERY_ANN", body)

    assert "std.deal_code" in {finding.rule for finding in found}

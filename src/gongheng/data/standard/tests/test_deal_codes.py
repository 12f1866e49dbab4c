"""Every record of a trade carries its unified transaction code (E-28)."""

import pytest

from gongheng.data.standard import faults, registry, samples, validator
from gongheng.data.standard.registry import Need
from gongheng.kernel.findings import Severity

EVERYWHERE = samples.EVERY_PROVINCE
WITHOUT = {"PROJECT", "T_ASKANSWER", "T_ASKANSWER_REPLY"}
"""Works datasets that have no place for a code: no lot is there yet, or the standard gives none."""
CODED = [
    (dataset, field)
    for dataset in registry.datasets()
    for field in dataset.fields
    if field.check == "deal_code" and field.need is Need.MANDATORY
]


def test_every_dataset_of_a_works_tender_has_a_place_for_the_code() -> None:
    works = [dataset for dataset in registry.datasets() if dataset.domain == "works"]
    coded = {dataset.code for dataset, _ in CODED}
    without_lots = {"TENDER_PROJECT"}  # its own code only where it has no lots

    assert {dataset.code for dataset in works} - coded == WITHOUT | without_lots
    assert registry.dataset("TENDER_PROJECT").field("UNIFIED_DEAL_CODE").need is Need.CONDITIONAL


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("", faults.REQUIRED),
        (samples.deal_code().replace("20261012", "20261312"), faults.DEAL_CODE),
    ],
)
def test_a_code_that_is_missing_or_malformed_is_an_error(wrong: str, fault: faults.Fault) -> None:
    assert fault.severity is Severity.ERROR
    for dataset, field in CODED:
        body = samples.valid(dataset.code, **{field.code: wrong})
        found = {
            (one.field, one.rule) for one in validator.check(dataset.code, body, profile=EVERYWHERE)
        }

        assert (field.code, fault.rule) in found, dataset.code

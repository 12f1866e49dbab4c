"""Whole records: the bulk engine finds what the judge of one record finds, and what was planted."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.judging import Judge
from gongheng.data.bulk.tests.planted import PLANTS, Record, planted
from gongheng.data.standard import registry, samples, validator
from gongheng.data.standard.tests.test_generated import NEAR_MISSES

RULED = sorted({rule.dataset for dataset in registry.datasets() for rule in dataset.rules})
TEXTS = [value for value in NEAR_MISSES if value is None or isinstance(value, str)]


def found(
    dataset: str, records: list[Record], *, kernel: str = "", as_dictionary: bool = False
) -> set[tuple[int, str, str]]:
    columns = {}
    for field in registry.dataset(dataset).fields:
        column: Any = pa.array([record.get(field.code) for record in records], pa.string())
        columns[field.code] = texts_of(column.dictionary_encode() if as_dictionary else column)
    judge = Judge(dataset, kernel=kernel)
    return {
        (row + 1, fault.field, fault.rule)
        for fault in judge.judged(len(records), columns)
        for row in fault.rows.tolist()
    }


def one_by_one(dataset: str, records: list[Record]) -> set[tuple[int, str, str]]:
    return {
        (row, finding.field, finding.rule)
        for row, record in enumerate(records, 1)
        for finding in validator.check(dataset, record)
    }


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_planted_is_found_and_nothing_else(seed: int, share: float) -> None:
    for dataset in PLANTS:
        made = planted(dataset, count=200, share=share, seed=seed)
        is_even = seed % 2 == 0
        assert found(dataset, made.records, as_dictionary=is_even) == made.key
        assert one_by_one(dataset, made.records) == made.key


def test_the_slow_loops_find_the_same() -> None:
    for dataset in PLANTS:
        made = planted(dataset, count=100, share=0.5, seed=4)
        assert found(dataset, made.records, kernel="numpy") == made.key


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_records_with_near_misses_are_judged_alike(data: st.DataObject) -> None:
    dataset = data.draw(st.sampled_from(RULED))
    fields = sorted(registry.dataset(dataset).by_code)
    changes = st.dictionaries(st.sampled_from(fields), st.sampled_from(TEXTS), max_size=8)
    bases = st.sampled_from([samples.valid, samples.full])
    drawn = data.draw(st.lists(st.tuples(bases, changes), min_size=1, max_size=12))
    records: list[Record] = [{**base(dataset), **change} for base, change in drawn]

    expected = one_by_one(dataset, records)
    assert found(dataset, records) == expected
    assert found(dataset, records, kernel="numpy", as_dictionary=True) == expected


def test_the_slot_of_a_null_is_never_looked_at() -> None:
    """What lies below a null is undefined in Arrow: here it is a wrong value."""
    values = pa.array(["20261012090500", "nonsense-------"], pa.string())
    masked = pa.Array.from_buffers(
        pa.string(), 2, [pa.py_buffer(b"\x01"), *values.buffers()[1:]], null_count=1
    )

    texts = texts_of(masked)

    assert [texts.text(0), texts.text(1)] == ["20261012090500", ""]


def test_a_slice_of_a_column_is_read_from_its_own_place() -> None:
    whole = pa.array(["a", None, "bb", "招", None], pa.string())

    for column in (whole.slice(1, 3), whole.dictionary_encode().slice(1, 3)):
        texts = texts_of(column)
        assert [texts.text(row) for row in range(3)] == ["", "bb", "招"]

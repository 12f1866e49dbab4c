"""Whatever is sent gives findings, never an exception."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gongheng.data.standard import disclosure, keys, samples, summary, validator
from gongheng.kernel.reasons import Refusal

NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
NO_TEXT = [1, 1.5, True, b"x", [], {}, ["a"], {"a": {}}, object(), 10**400, float("nan")]


@pytest.mark.parametrize("value", NO_TEXT, ids=lambda value: type(value).__name__)
def test_a_value_that_is_no_text_is_found(value: object) -> None:
    body: dict[str, Any] = {**samples.valid(NOTICE), "NOTICE_NAME": value}

    found = validator.check(NOTICE, body)

    assert [(x.field, x.rule, x.value) for x in found] == [("NOTICE_NAME", "std.not_text", "")]


def test_null_is_blank() -> None:
    body: dict[str, Any] = {**samples.valid(NOTICE), "NOTICE_NAME": None}

    assert [x.rule for x in validator.check(NOTICE, body)] == ["std.required"]


def test_ten_million_characters_are_refused_and_not_repeated() -> None:
    flood = "招" * 10_000_000

    in_a_name = validator.check(NOTICE, samples.valid(NOTICE, NOTICE_NAME=flood))
    in_prose = validator.check(NOTICE, samples.valid(NOTICE, NOTICE_CONTENT=flood))

    for found in (in_a_name, in_prose):
        assert [x.rule for x in found] == ["std.length"]
        assert len(found[0].value) <= 60


def test_an_unknown_column_is_named_but_not_trusted() -> None:
    body = samples.valid(NOTICE) | {"<script>": "x", "NOTICE_NAMES": "y", "\x00" * 99: "z"}

    found = validator.check(NOTICE, body)

    assert {x.rule for x in found} == {"std.unknown_field"}
    assert [x.field for x in found] == ["<script>", "NOTICE_NAMES", ""]


def test_names_of_columns_need_not_be_text() -> None:
    body: dict[Any, Any] = {**samples.valid(NOTICE), 7: "x", None: "y", ("a",): "z"}

    assert {x.rule for x in validator.check(NOTICE, body)} == {"std.unknown_field"}


def test_an_empty_record_lacks_everything_that_is_needed() -> None:
    found = validator.check(NOTICE, {}, record="r1")

    assert {x.rule for x in found} == {"std.required"}
    assert {x.record for x in found} == {"r1"}
    assert {x.field for x in found} <= set(samples.valid(NOTICE))


def test_an_unknown_dataset_is_refused_with_a_reason() -> None:
    for ask in (validator.check, keys.key_of, summary.describe, disclosure.public_body):
        with pytest.raises(Refusal) as refusal:
            ask("NO_SUCH_DATASET", {})
        assert refusal.value.reason.code == "standard.unknown_dataset"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
mangled = st.dictionaries(
    st.sampled_from(sorted(samples.full(NOTICE))) | st.text(), anything, max_size=8
)


@settings(deadline=None)
@given(mangled)
def test_nothing_that_is_sent_breaks_the_check(changes: dict[str, Any]) -> None:
    body = {**samples.full(NOTICE), **changes}

    found = validator.check(NOTICE, body)
    found += validator.check_in_context(
        NOTICE, body, parents=samples.works_case(), previous=samples.valid(NOTICE)
    )

    summary.describe(NOTICE, body)
    keys.key_of(NOTICE, body)
    assert all(finding.message and finding.remedy for finding in found)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400))
def test_a_finding_repeats_only_what_can_be_printed(value: str) -> None:
    for finding in validator.check("PROJECT", samples.valid("PROJECT", RELATE_CODE=value)):
        assert finding.value.isprintable()
        assert len(finding.value) <= 60

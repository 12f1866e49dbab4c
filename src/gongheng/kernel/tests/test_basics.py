"""The small foundations: references, refusals, findings, canonical bytes, clocks, identifiers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import RFC_4122

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import reasons
from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import (
    BEIJING,
    DEMO_STARTS_AT,
    FileClock,
    RealClock,
    machine_now,
    to_minute,
    to_second,
)
from gongheng.kernel.findings import Finding, Severity
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal, catalogue

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_bytes_are_json_and_canonical_again(value: object) -> None:
    encoded = canonical(value)

    assert json.loads(encoded) == value
    assert canonical(json.loads(encoded)) == encoded


@given(st.dictionaries(texts, st.integers(), max_size=6))
def test_the_order_of_names_does_not_matter(value: dict[str, int]) -> None:
    backwards = dict(reversed(value.items()))

    assert canonical(backwards) == canonical(value)


@pytest.mark.parametrize(
    "inexact", [1.0, float("nan"), b"x", {1: "a"}, {"a": [0.5]}, object(), {"a": {1, 2}}]
)
def test_what_has_no_exact_form_has_no_canonical_bytes(inexact: object) -> None:
    with pytest.raises(TypeError):
        canonical(inexact)


def test_a_lone_surrogate_has_no_canonical_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical("\ud800")


def test_canonical_bytes_are_these() -> None:
    assert (
        canonical({"b": [1, True, None], "a": "标段"}) == '{"a":"标段","b":[1,true,null]}'.encode()
    )


@pytest.fixture
def _empty_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_catalogue", {})


@pytest.mark.usefixtures("_empty_catalogue")
def test_a_code_of_refusal_is_used_once() -> None:
    first = Reason(code="tests.cause", message="甲。", remedy="乙。")

    with pytest.raises(ValueError, match=r"tests\.cause"):
        Reason(code="tests.cause", message="丙。", remedy="丁。")
    assert list(catalogue()) == [first]


@pytest.mark.usefixtures("_empty_catalogue")
def test_a_refusal_says_what_why_and_what_next() -> None:
    law = Law("招标投标法实施条例", "第三十六条")
    reason = Reason(code="tests.late", message="已过截止时间。", remedy="请联系代理机构。", law=law)

    refusal = Refusal(reason, deadline=1)

    assert str(refusal) == "已过截止时间。依据《招标投标法实施条例》第三十六条。请联系代理机构。"
    assert refusal.facts == {"deadline": 1}
    assert str(Reason(code="tests.no_law", message="甲。", remedy="乙。")) == "甲。乙。"


def test_a_finding_travels_as_text() -> None:
    finding = Finding("1", "NAME", "required", "", "缺少名称。", "请补填。", Severity.WARNING)

    assert finding.as_json()["severity"] == "warning"
    assert set(finding.as_json()) == {
        "record",
        "field",
        "rule",
        "value",
        "message",
        "remedy",
        "severity",
    }


def test_identifiers_are_version_seven_and_sorted_by_time() -> None:
    before = machine_now()

    identifiers = [uuid7() for _ in range(1000)]
    assert identifiers == sorted(identifiers)  # rows of one millisecond keep their order

    milliseconds = [identifier.int >> 80 for identifier in identifiers]
    assert len(set(identifiers)) == 1000
    assert {(identifier.version, identifier.variant) for identifier in identifiers} == {
        (7, RFC_4122)
    }
    assert milliseconds == sorted(milliseconds)
    assert milliseconds[0] >= int(before.timestamp() * 1000)


def test_the_real_clock_tells_beijing_time() -> None:
    now = RealClock().now()

    assert now.tzinfo is BEIJING
    assert abs(now - machine_now()) < timedelta(seconds=5)


def test_every_demonstration_begins_at_the_same_instant(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock.json")

    clock.begin()
    clock.begin()

    assert timedelta(0) <= clock.now() - DEMO_STARTS_AT < timedelta(seconds=5)


def test_legal_time_moves_forward_for_all_who_share_the_file(tmp_path: Path) -> None:
    city, province = (FileClock(tmp_path / "clock.json") for _ in range(2))
    city.begin()
    deadline = DEMO_STARTS_AT + timedelta(days=20)

    city.advance_to(deadline)

    assert timedelta(0) <= province.now() - deadline < timedelta(seconds=5)
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


def test_legal_time_never_goes_back(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock.json")
    clock.begin()

    with pytest.raises(ValueError, match="never goes back"):
        clock.advance_to(datetime(2026, 10, 12, 0, 0, tzinfo=UTC))
    assert clock.now() >= DEMO_STARTS_AT


def test_instants_are_written_in_beijing_time() -> None:
    """T-10."""
    instant = datetime(2026, 10, 12, 16, 30, 59, 999999, tzinfo=UTC)

    assert (to_minute(instant), to_minute(None)) == ("2026-10-13 00:30", "")
    assert (to_second(instant), to_second(None)) == ("2026-10-13 00:30:59", "")

"""Rules are rows: each with its weight, its stage, its version and the days on which it binds."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gongheng.data.standard import (
    expressions,
    faults,
    generated,
    reading,
    registry,
    rules,
    samples,
    validator,
)
from gongheng.data.standard.table_files import Stage
from gongheng.kernel.findings import Severity

DAY = re.compile("[0-9]{8}|")


def test_every_rule_says_how_it_binds() -> None:
    rows = [rule for dataset in registry.datasets() for rule in dataset.rules]

    for row in [*rows, *faults.ALL.values()]:
        assert Severity(row.severity)
        assert isinstance(row.stage, Stage)
        assert isinstance(row.is_key_item, bool)
        assert row.version.isdigit()
        assert DAY.fullmatch(row.valid_from)
        assert DAY.fullmatch(row.valid_until)
        assert row.message
        assert row.remedy


CACHES = (
    registry._datasets,
    rules._rules_of,
    rules.row_rules_of,
    rules.context_rules_of,
    reading.plan_of,
    generated.judge_of,
    expressions.compiled,
)


def forget() -> None:
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture
def changed_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Code 1 stands in its list up to 11 October, code 0 from the 12th."""
    known = registry.code_list("PROJECT_RELATE")
    dated = replace(known, dated={"1": ("", "20261011"), "0": ("20261012", "")})
    lists = {**{found.name: found for found in registry.code_lists()}, "PROJECT_RELATE": dated}
    monkeypatch.setattr(registry, "_code_lists", lambda: lists)
    forget()
    yield
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize(
    ("code", "stamp", "broken"),
    [
        ("1", "20261011235959", []),
        ("1", "20261012000000", ["std.code_list.CL-PROJECT-RELATE_CODE"]),
        ("0", "20261011235959", ["std.code_list.CL-PROJECT-RELATE_CODE"]),
        ("0", "20261012000000", []),
        ("1", "tomorrow", ["std.time"]),
    ],
)
@pytest.mark.usefixtures("changed_list")
def test_a_code_list_that_changes_in_mid_month_binds_by_the_day_of_the_record(
    code: str, stamp: str, broken: list[str]
) -> None:
    body = samples.full("PROJECT", RELATE_CODE=code, DATA_TIMESTAMP=stamp)

    assert [finding.rule for finding in validator.check("PROJECT", body)] == broken

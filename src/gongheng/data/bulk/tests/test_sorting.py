"""Findings come in the order of upload, however the rows came and on however many files they were put."""

import random
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import duck, joins, sorting
from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.sets import Across
from gongheng.data.bulk.tests.cases import planted
from gongheng.data.bulk.tests.test_across import spoilt
from gongheng.data.bulk.tests.test_beside import written
from gongheng.data.bulk.texts import of_values
from gongheng.data.bulk.validating import Wish, validate

ROWS = 300
VALUES: list[str | bytes | None] = [f"值{n}" if n % 7 else "" for n in range(ROWS)]


def across(file: int, rule: str, rows: list[int], *, with_values: bool) -> Across:
    texts = of_values(VALUES) if with_values else None
    found = Found(rule, "NAME" if with_values else "", "error", np.array(rows), texts)
    return Across("PROJECT", file, np.array(rows) + 1, found)


def told(findings: list[Across]) -> list[tuple[Any, ...]]:
    return [
        (
            each.file,
            found.rule,
            row,
            found.field,
            found.severity,
            found.texts and found.texts.raw(n),
        )
        for each in findings
        for found in [each.found]
        for row, n in zip(each.rows.tolist(), found.rows.tolist(), strict=True)
    ]


@pytest.mark.parametrize("at_once", [1, 10, 1 << 16])
def test_findings_are_sorted_with_their_values(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "_AT_ONCE", at_once)
    chance = random.Random(at_once)
    findings = []
    for file in (3, 0, 2):
        for rule in ("std.b", "std.a"):
            rows = chance.sample(range(ROWS), 60)
            for start in range(0, 60, 20):
                some = rows[start : start + 20]
                findings.append(across(file, rule, some, with_values=rule == "std.b"))
    chance.shuffle(findings)

    paths = [tmp_path / f"{n}.parquet" for n in range(3)]
    for number, path in enumerate(paths):
        sorting.put(findings[number::3], path)
    with duckdb.connect() as connection:
        found = list(sorting.in_order(connection, "PROJECT", paths))

    assert told(found) == sorted(told(findings), key=lambda each: each[:3])
    if at_once > ROWS:
        assert [(each.file, each.found.rule) for each in found] == [
            (file, rule) for file in (0, 2, 3) for rule in ("std.a", "std.b")
        ]


def test_a_long_value_is_kept_as_far_as_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    found = Found("std.a", "NAME", "error", np.array([0]), of_values(["x" * 100_000]))
    sorting.put([Across("PROJECT", 0, np.array([1]), found)], path)

    assert pq.read_table(path).column("value").to_pylist() == [b"x" * 1000]


def test_nothing_found_is_no_file(tmp_path: Path) -> None:
    sorting.put([], tmp_path / "none.parquet")

    assert not list(tmp_path.iterdir())
    with duckdb.connect() as connection:
        assert not list(sorting.in_order(connection, "PROJECT", []))


@pytest.mark.parametrize("order", ["place DESC", "hash(place)"])
def test_the_list_is_the_same_in_whatever_order_the_rows_come(
    order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duck, "_AT_ONCE", 50)
    files, _ = planted(cases=40, share=0.6, seed=5)
    paths = written(tmp_path, spoilt(files, seed=5))
    plain = tmp_path / "plain.parquet"
    first = validate(Wish(paths=paths, errors=plain)).as_json()
    right = joins.joined

    def turned(*asked: Any, **more: Any) -> str:
        return f"SELECT * FROM ({right(*asked, **more)}) ORDER BY {order}"  # noqa: S608

    monkeypatch.setattr(joins, "joined", turned)
    other = tmp_path / "other.parquet"

    assert validate(Wish(paths=paths, errors=other)).as_json() == first
    rows = pq.read_table(plain).to_pylist()
    assert pq.read_table(other).to_pylist() == rows
    assert len({row["rule"] for row in rows if row["rule"].startswith("std.exists.")}) > 1

"""What bulk says across records is judged again by looking; a difference is said loudly."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gongheng.data.bulk import across, audit, joins
from gongheng.data.bulk.beside import named_by
from gongheng.data.bulk.sets import Across, JoinedJudge
from gongheng.data.bulk.tests.cases import Files, planted
from gongheng.data.bulk.tests.test_beside import written
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard.registry import Dataset
from gongheng.data.standard.rules import context_rules_of


@pytest.fixture(autouse=True)
def _judges_every_record_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ONE_OF", 1)


def spoilt(files: Files, *, seed: int) -> Files:
    """Double and drop some records, and take some values away."""
    chance = random.Random(f"spoilt {seed}")
    found: Files = defaultdict(list)
    for dataset, bodies in files.items():
        for body in bodies:
            if chance.random() < 0.1:
                continue
            found[dataset].append(body)
            if chance.random() < 0.1:
                found[dataset].append(dict(body))
            if chance.random() < 0.1:
                changed = dict(body)
                changed[chance.choice(list(body))] = chance.choice(["", " ", "\u0001", "a;b"])
                found[dataset].append(changed)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_looking_says_what_the_engine_says(seed: int, tmp_path: Path) -> None:
    files, _ = planted(cases=12, share=0.5, seed=seed)

    outcome = validate(Wish(paths=written(tmp_path, spoilt(files, seed=seed))))

    assert outcome.disagreeing == []
    assert outcome.audited_across == sum(outcome.records.values())
    rules = {rule for _, _, rule in outcome.tallies}
    assert {"std.duplicate", "std.parent_missing"} < rules
    assert any(rule.startswith("std.exists.") for rule in rules)


def test_a_rule_that_only_looks_elsewhere_is_asked_of_two_datasets_alone(tmp_path: Path) -> None:
    files, _ = planted(cases=2, share=0, seed=1)
    for dataset in files:
        for rule in context_rules_of(dataset):
            there = named_by(rule)
            if rule.lookups and there <= files.keys():
                some = {code: files[code] for code in {dataset} | there}
                (tmp_path / f"{dataset}-{rule.rule.id}").mkdir()
                paths = written(tmp_path / f"{dataset}-{rule.rule.id}", some)
                assert validate(Wish(paths=paths)).disagreeing == []


def _says_nothing(*_asked: object) -> str:
    return "SELECT 0::BIGINT AS place WHERE false"


@pytest.mark.parametrize("question", ["duplicates", "orphans"])
def test_an_engine_that_misses_something_is_found_out(
    question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = planted(cases=4, share=0, seed=1)
    paths = written(tmp_path, spoilt(files, seed=3))
    monkeypatch.setattr(joins, question, _says_nothing)

    outcome = validate(Wish(paths=paths))

    assert outcome.disagreements
    missed = {rule for each in outcome.disagreeing for _, rule in each.only_single}
    assert {"duplicates": "std.duplicate", "orphans": "std.parent_missing"}[question] in missed


@pytest.mark.parametrize(("verdict", "said_by"), [("true", "only_single"), ("false", "only_bulk")])
def test_an_engine_that_looks_for_rows_wrongly_is_found_out(
    verdict: str, said_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that must exist: all are said to be there, or none; each rule of the sort shows it."""
    files, _ = planted(cases=12, share=0.5, seed=1)
    right = joins.joined

    def damaged(*asked: Any, **more: Any) -> str:
        found, count = re.subn(
            r'm\d+\.place IS NULL AS ("exists \d+")', rf"{verdict} AS \1", right(*asked, **more)
        )
        changed.append(count)
        return found

    changed: list[int] = []
    monkeypatch.setattr(joins, "joined", damaged)

    outcome = validate(Wish(paths=written(tmp_path, files)))

    assert sum(changed)
    assert outcome.disagreements
    rules = {rule for each in outcome.disagreeing for _, rule in getattr(each, said_by)}
    assert any(rule.startswith("std.exists.") for rule in rules)
    other = {"only_single": "only_bulk", "only_bulk": "only_single"}[said_by]
    assert not any(getattr(each, other) for each in outcome.disagreeing)


def test_one_verdict_that_is_turned_round_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = planted(cases=12, share=0.5, seed=1)
    right = JoinedJudge.__call__
    left_out: list[Across] = []

    def damaged(self: JoinedJudge, batch: pa.RecordBatch) -> Iterator[Across]:
        for found in right(self, batch):
            if found.found.rule.startswith("std.exists.") and not left_out:
                left_out.append(found)
            else:
                yield found

    monkeypatch.setattr(JoinedJudge, "__call__", damaged)

    outcome = validate(Wish(paths=written(tmp_path, files)))

    [missing] = left_out
    assert outcome.disagreements == len(missing.rows)
    assert {each.only_single for each in outcome.disagreeing} == {(("", missing.found.rule),)}


def test_an_engine_that_makes_something_up_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = planted(cases=3, share=0, seed=1)

    def all_double(dataset: Dataset) -> str:
        return f'SELECT (file::BIGINT << 40) | "row" AS place FROM "{dataset.code}" ORDER BY place'  # noqa: S608

    monkeypatch.setattr(joins, "duplicates", all_double)

    outcome = validate(Wish(paths=written(tmp_path, {"PROJECT": files["PROJECT"]})))

    assert outcome.disagreements == len(files["PROJECT"])


def test_a_sample_of_what_is_alike_everywhere_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = planted(cases=4, share=0, seed=1)
    monkeypatch.setattr(across, "MOST_AROUND", 2)

    outcome = validate(Wish(paths=written(tmp_path, {"PROJECT": files["PROJECT"]})))

    assert (outcome.audited_across, outcome.disagreements) == (0, 0)

"""What bulk says across records is judged again by looking; a difference is said loudly."""

import random
from collections import defaultdict
from pathlib import Path

import pytest

from gongheng.data.bulk import across, audit, joins
from gongheng.data.bulk.beside import named_by
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

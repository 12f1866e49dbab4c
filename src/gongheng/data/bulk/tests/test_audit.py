"""What bulk says is judged once more, record by record; a difference is said loudly."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import audit, labels, reasons, store
from gongheng.data.bulk.tests.planted import planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry, samples
from gongheng.node import cli

DATASET = "PROJECT"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = planted(DATASET, count=60, share=0.3, seed=7)
    path = tmp_path / "PROJECT.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) for record in made.records]
    path.write_text("\n".join([*lines, "[]"]), encoding="utf-8")
    return path


def damage(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str, *, says: int) -> None:
    """Damage the kept automaton of a field: its right values get another label."""
    monkeypatch.setenv("GONGHENG_CACHE", str(folder))
    monkeypatch.setattr(store, "_known", {})
    store.automaton_of.cache_clear()
    store.automaton_of((DATASET, code))
    (kept,) = (folder / "gongheng" / "automata").iterdir()
    made = dict(np.load(kept))
    made["labels"] = np.where(made["labels"] == labels.RIGHT, says, made["labels"]).astype(np.uint8)
    np.savez(kept, **made)
    monkeypatch.setattr(store, "_known", {})
    store.automaton_of.cache_clear()


@pytest.fixture(autouse=True)
def _forget_what_was_damaged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    store.automaton_of.cache_clear()


def test_all_refused_records_and_one_of_a_thousand_are_judged_again() -> None:
    numbers = np.arange(1, 1_000_001)
    none = np.zeros(len(numbers), np.bool_)

    chosen = audit.is_audited(numbers, none)

    assert 950 <= int(chosen.sum()) <= 1050
    assert max(int(part.sum()) for part in np.split(chosen, 100)) < 30
    assert audit.is_audited(numbers, ~none).all()


def test_the_engines_agree_on_what_is_planted(file: Path) -> None:
    outcome = validate(Wish(paths=(file,)))

    assert outcome.refused[DATASET] > 10
    assert outcome.audited >= outcome.refused[DATASET] - 1  # what is no record is not judged
    assert outcome.disagreements == 0


def test_the_engines_agree_on_bytes_and_on_what_is_no_text(tmp_path: Path) -> None:
    record = samples.valid(DATASET)
    columns = {code: pa.array([value.encode()] * 3, pa.binary()) for code, value in record.items()}
    columns["ADDRESS"] = pa.array([b"\xff\xfe", b"\xed\xa0\x80", None], pa.binary())
    columns["RELATE_CODE"] = pa.array([1, None, 1], pa.int64())
    path = tmp_path / "PROJECT.parquet"
    pq.write_table(pa.table(columns), path)

    outcome = validate(Wish(paths=(path,)))

    assert (outcome.audited, outcome.disagreements) == (3, 0)


def test_a_damaged_engine_is_found_out_and_said_loudly(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(monkeypatch, tmp_path / "cache", "REGION_CODE", says=labels.LABEL_OF["REGION"])

    code = cli.main(["validate", str(file), "--json"])

    said = capsys.readouterr()
    assert code == 3
    assert reasons.DISAGREE.message in said.err
    assert "仅批量发现 REGION_CODE std.region" in said.err
    found = json.loads(said.out)["audit"]
    assert found["disagreements"] > 50
    assert len(found["examples"]) == 20
    assert samples.valid(DATASET)["CONTACT_INFORMATION"] not in said.err


def test_an_engine_that_accepts_too_much_is_found_out_by_what_it_refuses_for_another_reason(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = registry.dataset(DATASET).field("CREATE_TIME")
    damage(monkeypatch, tmp_path / "cache", field.code, says=labels.BLANK)

    outcome = validate(Wish(paths=(file,)))

    assert outcome.disagreements > 0
    assert validate(Wish(paths=(file,), with_audit=False)).audited == 0


def test_bytes_that_are_no_text_are_the_same_fault_in_a_field_of_any_sort(tmp_path: Path) -> None:
    path = tmp_path / "PROJECT.jsonl"
    right = samples.valid("PROJECT")
    rows = [right | {field: "\ud800"} for field in right]
    path.write_text("\n".join(map(json.dumps, rows)))

    assert validate(Wish(paths=(path,), with_sets=False)).disagreeing == []

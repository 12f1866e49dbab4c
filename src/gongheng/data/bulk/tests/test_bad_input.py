"""Whatever comes: it is named by a code, said in words with a remedy, and the rest is judged."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import files, reasons
from gongheng.data.bulk.tests.planted import Record, planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.bulk.wording import words_of
from gongheng.data.standard import faults, registry, samples, validator
from gongheng.data.standard.rules import context_rules_of, row_rules_of
from gongheng.data.standard.tests.test_rules_as_data import changed_list  # noqa: F401  a fixture
from gongheng.kernel.reasons import Reason
from gongheng.node import cli

DATASET = "PROJECT"
RIGHT = samples.valid(DATASET)
LINE = json.dumps(RIGHT, ensure_ascii=False)


def csv_of(*bodies: Record, names: list[str] | None = None) -> str:
    names = names or list(RIGHT)
    return "\n".join([",".join(names), *(",".join(b.get(n) or "" for n in names) for b in bodies)])


def parquet_of(path: Path, columns: dict[str, pa.Array]) -> None:
    pq.write_table(pa.table(columns), path)


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_text(content, encoding=encoding) and None


def half_a_parquet(path: Path) -> None:
    parquet_of(path, {code: pa.array([value] * 2) for code, value in RIGHT.items()})
    path.write_bytes(path.read_bytes()[:-9])


def another_encoding_from_the_middle_on(path: Path) -> None:
    head, right, wrong = csv_of(RIGHT, RIGHT).split("\n")
    filler = "\n".join([right] * 300)
    path.write_bytes(f"{head}\n{filler}\n".encode() + wrong.encode("gb18030") + b"\n")


def with_entities(levels: int) -> Callable[[Path], None]:
    """A few hundred bytes that unpack tenfold with every level."""
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    cells = "".join(f"<{k}>{v}</{k}>" for k, v in RIGHT.items() if k != "ADDRESS")
    return text(
        f'<!DOCTYPE ROWS [<!ENTITY e0 "昆明">{declared}]>'
        f"<ROWS><DES><TITLE><DATA_EN>{DATASET}</DATA_EN></TITLE>"
        f"<CONTEXT>{cells}<ADDRESS>&e{levels - 1};</ADDRESS></CONTEXT></DES></ROWS>"
    )


UNKNOWN = [f"EXTRA_{number}" for number in range(10_000)]
OF_FILES: dict[str, tuple[str, Callable[[Path], None], Reason, int]] = {
    "nothing": ("PROJECT.jsonl", text(""), reasons.EMPTY, 0),
    "empty lines": ("PROJECT.jsonl", text("\n\n \n"), reasons.EMPTY, 0),
    "a head alone": ("PROJECT.csv", text(csv_of()), reasons.EMPTY, 0),
    "no rows": (
        "PROJECT.parquet",
        lambda path: parquet_of(path, {code: pa.array([], pa.string()) for code in RIGHT}),
        reasons.EMPTY,
        0,
    ),
    "a footer that is cut": ("PROJECT.parquet", half_a_parquet, reasons.BROKEN, 0),
    "text called Parquet": ("PROJECT.parquet", text(LINE), reasons.BROKEN, 0),
    "rows cut short": (
        "PROJECT.xml",
        text(f"<ROWS><DES><CONTEXT><PROJECT_CODE>{'1' * 17}"),
        reasons.BROKEN,
        0,
    ),
    "a head that says a name twice": (
        "PROJECT.csv",
        text(csv_of(RIGHT, names=[*RIGHT, "ADDRESS"])),
        reasons.DUPLICATE_COLUMNS,
        0,
    ),
    "ten thousand unknown columns": (
        "PROJECT.csv",
        text(csv_of(RIGHT, names=[*RIGHT, *UNKNOWN])),
        reasons.UNKNOWN_COLUMNS,
        1,
    ),
    "ten thousand unknown fields": (
        "PROJECT.jsonl",
        text(json.dumps({**RIGHT, **dict.fromkeys(UNKNOWN, "x")})),
        reasons.UNKNOWN_COLUMNS,
        1,
    ),
    "no needed column": ("PROJECT.csv", text("ADDRESS\nx\n"), reasons.MISSING_COLUMNS, 1),
    "a line with half its cells": (
        "PROJECT.csv",
        text(csv_of(RIGHT) + "\n" + "x,y\n" + csv_of(RIGHT).split("\n")[1] + "\n"),
        reasons.BROKEN_LINES,
        2,
    ),
    "a head without end": ("PROJECT.csv", text("x" * 200_000 + "\n1\n"), reasons.BROKEN, 0),
    "an entity": ("PROJECT.xml", with_entities(1), reasons.ENTITIES, 0),
    "an entity, and no dataset in the name": ("a.xml", with_entities(1), reasons.ENTITIES, 0),
    "entities in entities": ("PROJECT.xml", with_entities(9), reasons.BROKEN, 0),
    "packed": ("PROJECT.zip", text("PK"), reasons.UNKNOWN_FORMAT, 0),
}
OF_RECORDS: dict[str, tuple[str, Callable[[Path], None], str, int]] = {
    "half a line": ("PROJECT.jsonl", text(f"{LINE}\n{LINE[:50]}\n{LINE}\n"), "std.not_a_record", 3),
    "deeply nested": (
        "PROJECT.jsonl",
        text(f"{LINE}\n{'[' * 100_000}\n"),
        "std.not_a_record",
        2,
    ),
    "another encoding from the middle on": (
        "PROJECT.csv",
        another_encoding_from_the_middle_on,
        "std.encoding",
        301,
    ),
}


def said_of(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    """Return what the command says of a file, and how many records it counts."""
    assert cli.main(["validate", str(path)]) == 1
    said = capsys.readouterr().out
    return said, sum(validate(Wish(paths=(path,), with_sets=False)).records.values())


@pytest.mark.parametrize("name", OF_FILES)
def test_a_fault_of_a_file_is_said_with_its_remedy(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, write, reason, records = OF_FILES[name]
    write(tmp_path / file)

    said, counted = said_of(tmp_path / file, capsys)

    assert f"[{reason.code}]" in said
    assert reason.message in said
    assert reason.remedy in said
    assert len(said) < 20_000
    assert counted == records


@pytest.mark.parametrize("name", OF_RECORDS)
def test_a_fault_of_a_record_is_said_with_its_remedy(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, write, rule, records = OF_RECORDS[name]
    write(tmp_path / file)

    said, counted = said_of(tmp_path / file, capsys)

    line = next(x for x in said.splitlines() if rule in x)
    field = line.split(".")[1].split(" ")[0].removesuffix("-")
    assert "".join(words_of(DATASET, field, rule)) in said
    assert counted == records


def test_a_file_that_grows_while_it_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LINES_AT_ONCE", 2)
    path = tmp_path / "PROJECT.jsonl"
    path.write_text(f"{LINE}\n" * 4, encoding="utf-8")

    def grows(_file: str, _rows: int) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{LINE}\n")

    def twice(file: str, rows: int) -> None:
        if rows <= 4:
            grows(file, rows)

    outcome = validate(Wish(paths=(path,), with_sets=False), progress=twice)

    assert [fault.reason for _, fault in outcome.faults] == [reasons.CHANGED]
    assert outcome.records[DATASET] >= 4


def test_half_of_the_records_wrong_are_all_listed_and_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = {**RIGHT, "REGION_CODE": "539999"}
    path, listed = tmp_path / "PROJECT.jsonl", tmp_path / "errors.parquet"
    lines = [LINE, json.dumps(body, ensure_ascii=False)] * 200
    path.write_text("\n".join(lines), encoding="utf-8")

    assert cli.main(["validate", str(path), "--errors", str(listed)]) == 1

    said = capsys.readouterr().out
    rows = pq.read_table(listed).filter(pa.compute.field("rule") == "std.region")
    assert rows["row"].to_pylist() == list(range(2, 401, 2))
    assert said.count("系统性") >= 1
    assert said.count("539999") <= 20


@pytest.mark.usefixtures("changed_list")
def test_a_code_is_judged_by_the_list_of_the_day(tmp_path: Path) -> None:
    """A list that changes in the middle of a month, in one file with records of both halves."""
    stamps = ("20261011235959", "20261012000000")
    bodies = [
        samples.full(DATASET, RELATE_CODE=code, DATA_TIMESTAMP=stamp)
        for code in "10"
        for stamp in stamps
    ]
    path = tmp_path / "PROJECT.jsonl"
    path.write_text("\n".join(map(json.dumps, bodies)), encoding="utf-8")

    outcome = validate(Wish(paths=(path,), with_sets=False))

    ((key, tally),) = outcome.tallies.items()
    assert key == (DATASET, "RELATE_CODE", "std.code_list.CL-PROJECT-RELATE_CODE")
    assert [row for _, row, _ in tally.examples] == [2, 3]
    assert (outcome.audited, outcome.disagreements) == (2, 0)


def every_rule() -> Iterator[tuple[str, str, str]]:
    for dataset in registry.datasets():
        for each in (*row_rules_of(dataset.code), *context_rules_of(dataset.code)):
            yield dataset.code, each.rule.field, f"std.{each.rule.kind}.{each.rule.id}"


def test_every_fault_and_rule_has_the_words_of_one_record() -> None:
    for dataset, field, rule in every_rule():
        assert all(words_of(dataset, field, rule))
    for row in planted("SECTION", count=60, share=1, seed=1).records:
        for finding in validator.check("SECTION", row):
            words = words_of("SECTION", finding.field, finding.rule)
            assert words == (finding.message, finding.remedy)
    for fault in (faults.DUPLICATE, faults.PARENT_MISSING, faults.NOT_A_RECORD):
        assert all(words_of("SECTION", "", fault.rule))

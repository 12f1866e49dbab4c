"""Files as they come: four formats give one answer, and what is wrong with a file is said."""

import csv
import json
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import files, row_groups
from gongheng.data.bulk.outcome import Outcome
from gongheng.data.bulk.tests.planted import Record, planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry, samples
from gongheng.data.standard.exports import rows
from gongheng.node import cli

DATASET = "PROJECT"
FIELDS = [field.code for field in registry.dataset(DATASET).fields]


def write_parquet(path: Path, records: list[Record]) -> None:
    columns = {code: pa.array([r.get(code) for r in records], pa.string()) for code in FIELDS}
    pq.write_table(pa.table(columns), path, row_group_size=64)


def write_csv(path: Path, records: list[Record], encoding: str = "utf-8-sig") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(records)


def write_jsonl(path: Path, records: list[Record]) -> None:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")


def write_xml(path: Path, records: list[Record]) -> None:
    lines = []
    for record in records:
        cells = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in record.items() if v)
        title = f"<TITLE><DATA_EN>{DATASET}</DATA_EN></TITLE>"
        lines.append(f"<DES>{title}<CONTEXT>{cells}</CONTEXT></DES>")
    path.write_text(f"<ROWS>{''.join(lines)}</ROWS>", encoding="utf-8")


WRITERS = {
    "PROJECT.parquet": write_parquet,
    "PROJECT-2026.csv": write_csv,
    "PROJECT.gb.csv": lambda path, records: write_csv(path, records, "gb18030"),
    "PROJECT.utf16.csv": lambda path, records: write_csv(path, records, "utf-16"),
    "PROJECT.jsonl": write_jsonl,
    "rows.xml": write_xml,
}


def judged(path: Path, **wish: object) -> Outcome:
    return validate(Wish(paths=(path,), with_sets=False, **wish))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_list_of_errors(name: str, tmp_path: Path) -> None:
    made = planted(DATASET, count=300, share=0.3, seed=5)
    # No control character stands in XML, and no record of a CSV lacks a column.
    records = [r for r in made.records if "\x07" not in (r["ADDRESS"] or "")]
    write_parquet(tmp_path / "PROJECT.parquet", records)
    WRITERS[name](tmp_path / name, records)
    lists = []
    for path in (tmp_path / "PROJECT.parquet", tmp_path / name):
        errors = tmp_path / "errors.parquet"
        outcome = judged(path, errors=errors)
        listed = pq.read_table(errors).select(["row", "field", "rule", "value"]).to_pylist()
        lists.append(sorted(tuple(row.values()) for row in listed))
        assert outcome.records[DATASET] == len(records)

    assert lists[0] == lists[1]
    assert len(lists[0]) > 50


def test_a_field_called_like_a_part_of_the_row_is_still_a_field(tmp_path: Path) -> None:
    path = tmp_path / "rows.xml"
    path.write_bytes(rows.as_xml("T_ASKANSWER", [rows.sample("T_ASKANSWER")] * 2))

    outcome = judged(path)

    assert (outcome.records["T_ASKANSWER"], outcome.errors) == (2, 0)


def reasons_of(path: Path) -> set[str]:
    return {fault.reason.code for _, fault in judged(path).faults}


def test_an_empty_file_and_a_missing_one_are_named(tmp_path: Path) -> None:
    empty = tmp_path / "PROJECT.csv"
    empty.touch()

    assert reasons_of(empty) == {"bulk.empty_file"}
    assert reasons_of(tmp_path / "PROJECT-2.csv") == {"bulk.not_there"}
    assert reasons_of(tmp_path / "NOTHING.csv") == {"bulk.unknown_dataset"}
    assert reasons_of(tmp_path / "PROJECT.dbf") <= {"bulk.unknown_format", "bulk.not_there"}


def test_a_parquet_with_a_wrong_footer_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "PROJECT.parquet"
    write_parquet(path, [samples.valid(DATASET)])
    path.write_bytes(path.read_bytes()[:-6] + b"nonsen")

    assert reasons_of(path) == {"bulk.broken_file"}


def test_half_a_line_is_no_record_and_the_rest_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "PROJECT.jsonl"
    right = json.dumps(samples.valid(DATASET), ensure_ascii=False)
    path.write_text(f"{right}\n{right[:40]}\n{right}\n[1]\n", encoding="utf-8")

    outcome = judged(path)

    assert outcome.records[DATASET] == 4
    tallies = {key[2]: tally for key, tally in outcome.tallies.items()}
    assert list(tallies) == ["std.not_a_record"]
    assert [row for _, row, _ in tallies["std.not_a_record"].examples] == [2, 4]


def test_a_line_beyond_measure_is_left_out_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 4096)
    path = tmp_path / "PROJECT.jsonl"
    right = json.dumps(samples.valid(DATASET), ensure_ascii=False)
    path.write_text(f'{{"ADDRESS": "{"x" * 50_000}"}}\n{right}\n', encoding="utf-8")

    outcome = judged(path)

    assert outcome.records[DATASET] == 2
    assert outcome.refused[DATASET] == 1


def test_ten_thousand_unknown_columns_are_said_once(tmp_path: Path) -> None:
    record = samples.valid(DATASET)
    names = [*record, *(f"EXTRA_{n}" for n in range(10_000))]
    path = tmp_path / "PROJECT.csv"
    values = [*record.values(), *["x"] * 10_000]
    path.write_text(f"{','.join(names)}\n{','.join(values)}\n", encoding="utf-8")

    outcome = judged(path)

    (fault,) = (fault for _, fault in outcome.faults)
    assert fault.reason.code == "bulk.unknown_columns"
    assert fault.names[0] == "10000"
    assert len(fault.names) <= 21
    assert outcome.refused[DATASET] == 0


def test_double_and_missing_columns_are_named(tmp_path: Path) -> None:
    double = tmp_path / "PROJECT.csv"
    double.write_text("PROJECT_CODE,PROJECT_CODE\n1,2\n", encoding="utf-8")
    lacking = tmp_path / "PROJECT-b.csv"
    lacking.write_text(f"PROJECT_CODE\n{samples.PROJECT_CODE}\n", encoding="utf-8")

    assert reasons_of(double) == {"bulk.duplicate_columns"}
    assert reasons_of(lacking) == {"bulk.missing_columns"}


def test_bytes_that_are_no_text_are_one_error_of_their_value(tmp_path: Path) -> None:
    record = samples.valid(DATASET)
    columns = {code: pa.array([value.encode()], pa.binary()) for code, value in record.items()}
    columns["ADDRESS"] = pa.array([b"\xff\xfe\x00"], pa.binary())
    path = tmp_path / "PROJECT.parquet"
    pq.write_table(pa.table(columns), path)

    assert {key[1:] for key in judged(path).tallies} == {("ADDRESS", "std.encoding")}


def test_numbers_instead_of_texts_are_a_systematic_error(tmp_path: Path) -> None:
    record = samples.valid(DATASET)
    columns = {code: pa.array([value] * 4, pa.string()) for code, value in record.items()}
    columns["RELATE_CODE"] = pa.array([1, 1, None, 1], pa.int64())
    path = tmp_path / "PROJECT.parquet"
    pq.write_table(pa.table(columns), path)

    outcome = judged(path)

    key = (DATASET, "RELATE_CODE", "std.not_text")
    assert outcome.tallies[key].count == 3
    assert outcome.is_systematic(key)


def test_a_parquet_that_unpacks_beyond_measure_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "LARGEST_BLOCK", 4000)
    path = tmp_path / "PROJECT.parquet"
    write_parquet(path, [samples.valid(DATASET, ADDRESS="x" * 9000)] * 2)

    assert reasons_of(path) == {"bulk.too_large_block"}


def test_a_row_group_of_long_texts_is_read_in_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held at once follows the bytes, not the number of rows; the rows keep their numbers."""
    path = tmp_path / "PROJECT.parquet"
    texts = [f"{n:04}" + "x" * 3_996 for n in range(500)]
    bodies = [samples.valid(DATASET, ADDRESS=text) for text in texts]
    bodies[321]["CREATE_TIME"] = "x"
    pq.write_table(pa.Table.from_pylist(bodies), path)
    whole = judged(path)
    monkeypatch.setattr(row_groups, "BLOCK_AT_ONCE", 200_000)

    file = files.opened(path)
    chunks = list(file.chunks())

    sizes = [sum(column.nbytes for column in chunk.columns.values()) for chunk in chunks]
    assert max(sizes) <= 200_000
    assert len(chunks) < 50
    assert sum(chunk.rows for chunk in chunks) == 500
    assert judged(path).as_json() == whole.as_json()
    counts = {key[1]: tally.count for key, tally in whole.tallies.items()}
    assert counts == {"ADDRESS": 500, "CREATE_TIME": 1}
    assert whole.tallies[DATASET, "CREATE_TIME", "std.time"].examples[0][1] == 322


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary()], ids=str)
def test_long_values_that_repeat_do_not_fill_the_memory(
    kind: pa.DataType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes that unpack to a hundred megabytes: a dictionary of two long values, many rows."""
    path = tmp_path / "PROJECT.parquet"
    right = {code: pa.repeat(value, 300) for code, value in samples.valid(DATASET).items()}
    long = pa.array(["招" * 100_000, "标" * 130_000]).take(pa.array([0, 1] * 150))
    pq.write_table(pa.table({**right, "ADDRESS": long.cast(kind)}), path)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(row_groups, "MOST_AT_ONCE", 16 << 20)

    chunks = list(map(_size, files.opened(path).chunks()))

    assert max(size for _, size in chunks) <= 16 << 20
    assert sum(rows for rows, _ in chunks) == 300
    assert judged(path).tallies[DATASET, "ADDRESS", "std.length"].count == 300


def _size(chunk: files.Chunk) -> tuple[int, int]:
    return chunk.rows, sum(column.nbytes for column in chunk.columns.values())


def test_keys_are_unique_and_parents_are_there_across_files(tmp_path: Path) -> None:
    first, second = tmp_path / "PROJECT-1.jsonl", tmp_path / "PROJECT-2.jsonl"
    other = samples.valid(DATASET, PROJECT_CODE="E5301000001000002")
    write_jsonl(first, [samples.valid(DATASET), other])
    write_jsonl(second, [other, samples.valid(DATASET, PROJECT_CODE=" "), other])
    below = tmp_path / "TENDER_PROJECT.jsonl"
    orphan = samples.valid("TENDER_PROJECT", PROJECT_CODE="E5301000001000009")
    write_jsonl(below, [samples.valid("TENDER_PROJECT"), orphan])

    outcome = validate(Wish(paths=(first, second, below)))

    double = outcome.tallies[DATASET, "", "std.duplicate"]
    assert [(Path(file).name, row) for file, row, _ in double.examples] == [
        ("PROJECT-2.jsonl", 1),
        ("PROJECT-2.jsonl", 3),
    ]
    lost = outcome.tallies["TENDER_PROJECT", "", "std.parent_missing"]
    assert [row for _, row, _ in lost.examples] == [2]
    assert outcome.not_asked == []


def test_the_command_says_what_is_wrong_and_masks_what_is_personal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "BID_EVALUATION_EXPERT.jsonl"
    number = "110105194912310021"
    write_jsonl(path, [samples.valid("BID_EVALUATION_EXPERT", ID_CARD=number)])
    right = tmp_path / "PROJECT.jsonl"
    write_jsonl(right, [samples.valid(DATASET)])

    assert cli.main(["validate", str(right)]) == 0
    capsys.readouterr()
    assert cli.main(["validate", str(path), "--errors", str(tmp_path / "e.xlsx")]) == 1
    said = capsys.readouterr().out
    assert "std.identity_number" in said
    assert number not in said
    assert (tmp_path / "e.xlsx").stat().st_size > 0
    assert cli.main(["validate", str(path), "--json", "--errors", str(tmp_path / "e.csv")]) == 1
    assert number not in (tmp_path / "e.csv").read_text(encoding="utf-8-sig")
    summary = json.loads(capsys.readouterr().out)
    assert summary["faults"][0]["count"] == 1


def test_a_list_of_errors_holds_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "PROJECT.jsonl"
    write_jsonl(path, [samples.valid(DATASET, CREATE_TIME=f"{sign}1+1") for sign in "=+-@"])

    validate(Wish(paths=(path,), errors=tmp_path / "e.csv"))

    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file) if row["field"] == "CREATE_TIME"]
    assert values == ["'=1+1", "'+1+1", "'-1+1", "'@1+1"]

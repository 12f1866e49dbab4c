"""Lines read at once are the lines read one by one, or they are not read at once."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from gongheng.data.bulk import files, kernels
from gongheng.data.bulk.files import opened
from gongheng.data.bulk.quick_lines import table_of

NAMES = ["PROJECT_CODE", "PROJECT_NAME", "ADDRESS"]
PLAIN = '{"PROJECT_CODE": "E1", "PROJECT_NAME": "学校"}'
ODD = [
    "{}", "[]", "null", "", "  ", "\t", "\r", "{", "}", '"a"', "5", "学校", "\ufeff{}", "{}{}", "{} {}", "{}\r{}",
    '{"PROJECT_NAME": null}', '{"PROJECT_NAME": 5}', '{"PROJECT_NAME": true}', '{"PROJECT_NAME": ["a"]}',
    '{"PROJECT_NAME": {}}', '{"PROJECT_NAME": NaN}', '{"PROJECT_NAME": "a", "PROJECT_NAME": "b"}',
    '{"PROJECT_NAME": "a\tb"}', '{"PROJECT_NAME": "a\\tb"}', '{"PROJECT_NAME": "\\u0000"}', '{"PROJECT_NAME": "\\ud800"}',
    '{"PROJECT_NAME": "\\ud83d\\ude00"}', '{"PROJECT_NAME": "\\ud83d"}', '{"PROJECT_NAME": "\\ud83d\\u0041"}', '{"PROJECT_NAME": "\\u12"}',
    '{"PROJECT_NAME": "\\u00g0"}', '{"PROJECT_NAME": "\\"}', '{"PROJECT_NAME": "a\\\\"}', '{"PROJECT_NAME": nul}', '{"PROJECT_NAME"  :"a"}', '{"PROJECT_NAME": "a", "ADDRESS"}', '{"PROJECT_NAME": "\\q"}', '{"PROJECT_NAME": ""}', '{"NOT_THERE": "a"}',
    '{"PROJECT\\u005fNAME": "a"}', '{"PROJECT\\u005fNAME": null}', '{"PROJECT_NAME": "a",}', '{"PROJECT_NAME": "20260901090000"}', '{"ADDRESS": "x"} // no',
    '{"PROJECT_NAME": "a" "ADDRESS": "b"}', "{'PROJECT_NAME': 'a'}", '{"PROJECT_NAME": {"a": "b"}', '{"": "a"}',
    '  {"ADDRESS": "x"}  ', '{"PROJECT_NAME": "2026-09-01"}', '{"PROJECT_NAME": "2026-09-01T00:00:00Z"}',
]  # fmt: skip
LINES = st.lists(
    st.one_of(st.just(PLAIN), st.sampled_from(ODD)).map(str.encode)
    | st.just(b'{"ADDRESS": "\xff"}'),
    min_size=1,
    max_size=6,
)


def read(path: Path) -> list[object]:
    """Return the records of a file, with what is said of them and of the file."""
    file = opened(path)
    said: list[object] = []
    columns: set[str] = set()
    for chunk in file.chunks():
        values = {
            name: column.cast(pa.large_binary()).to_pylist()
            for name, column in chunk.columns.items()
        }
        columns |= set(values)
        for row in range(chunk.rows):
            record = {name: v[row] for name, v in values.items() if v[row] is not None}
            wrong = [name for name, is_wrong in chunk.not_text.items() if is_wrong[row]]
            said.append((record, sorted(wrong), row in chunk.not_records))
    return [*said, columns, file.unknown, file.faults]


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(LINES)
def test_both_ways_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "PROJECT.jsonl"
    path.write_bytes(b"\n".join(lines))
    at_once = read(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kernels.PLACE, "numpy")
        assert read(path) == at_once
        patch.setattr(files, "table_of", lambda _block, _names: None)
        assert read(path) == at_once


BODIES = st.lists(
    st.dictionaries(st.sampled_from(NAMES), st.none() | st.text(max_size=30)),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=200)
@given(
    bodies=BODIES,
    is_ascii=st.booleans(),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", "\r: ")]),
)
def test_any_text_is_read_at_once_as_it_is_written_with_escapes_or_without(
    *, bodies: list[dict[str, str | None]], is_ascii: bool, separators: tuple[str, str]
) -> None:
    lines = [json.dumps(b, ensure_ascii=is_ascii, separators=separators) for b in bodies]

    table = table_of("\n".join(lines).encode(), NAMES)

    given_ones = {name for body in bodies for name in body}
    if not given_ones:  # nothing is said of what has no column: it is read line by line
        assert table is None
        return
    assert table is not None
    assert set(table.column_names) == given_ones
    for name in given_ones:
        assert table.column(name).to_pylist() == [body.get(name) for body in bodies]


def test_what_is_cut_off_anywhere_is_read_as_it_is_line_by_line(tmp_path: Path) -> None:
    whole = '{"PROJECT_NAME": "学\\n\\u6821\\ud83d\\ude00", "ADDRESS": null}'.encode()
    path = tmp_path / "PROJECT.jsonl"
    for end in range(1, len(whole) + 1):
        path.write_bytes(whole[:end])
        at_once = read(path)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "table_of", lambda _block, _names: None)
            assert read(path) == at_once


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
def test_plain_lines_are_read_at_once_and_every_odd_one_is_told(
    kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kernels.PLACE, kernel)
    table = table_of(f"{PLAIN}\n\n{PLAIN}\n{{}}".encode(), NAMES)

    assert table is not None
    assert table.column_names == NAMES[:2]
    assert table.column("PROJECT_NAME").to_pylist() == ["学校", "学校", None]
    for odd in ("[]", "5", '{"A": "x"}', '{"ADDRESS": 5}', "{}{}", '{"ADDRESS": "a\tb"}'):
        assert table_of(f"{PLAIN}\n{odd}\n{PLAIN}".encode(), NAMES) is None


def test_lines_across_blocks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_JSON_BLOCK", 50)
    path = tmp_path / "PROJECT.jsonl"
    bodies = [{"PROJECT_NAME": "名" * number} for number in range(40)]
    lines = "\n".join(json.dumps(body, ensure_ascii=False) for body in bodies)
    path.write_text(f"\ufeff{lines}", encoding="utf-8")

    found = [record for record, *_ in read(path)[:40]]  # type: ignore[misc]

    assert found == [{"PROJECT_NAME": body["PROJECT_NAME"].encode()} for body in bodies]

"""Thirty real lines were read and judged by hand; the quality page must say the same of them.

``hand_checked.csv`` has a row for each: file, line, what identifies and digests it, and every fault
that a reader finds missing, wrong or late. A rule of the standard stands there under its own name;
which required columns a line leaves blank follows from the standard's tables and was not judged.
"""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from gongheng.data.imports import queries
from gongheng.data.imports.kinds import Category
from gongheng.data.imports.models import Line
from gongheng.data.imports.queries import Tally
from gongheng.data.imports.tests.support import take

DATA = Path(__file__).resolve().parents[6] / "shared" / "data"
TABLE = Path(__file__).with_name("hand_checked.csv")
OURS = "imports."


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that was judged by hand."""

    file: str
    number: int
    id: str
    digest: str
    faults: frozenset[str]


@pytest.fixture
def lines() -> Sequence[tuple[Checked, bytes]]:
    if not DATA.is_dir():
        pytest.skip("the collected notices are not beside this clone (../shared/data)")
    return _lines()


@cache
def _lines() -> Sequence[tuple[Checked, bytes]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        checked = [
            Checked(
                row["file"],
                int(row["line"]),
                row["id"],
                row["digest"],
                frozenset(row["faults"].split()),
            )
            for row in csv.DictReader(table)
        ]
    text = {name: (DATA / name).read_bytes().splitlines() for name in {one.file for one in checked}}
    return [(one, _line(one, text[one.file])) for one in checked]


def _line(one: Checked, text: Sequence[bytes]) -> bytes:
    """Return the line that was judged; fail when the file has another one at its place."""
    found = text[one.number - 1] if one.number <= len(text) else b""
    assert hashlib.sha256(found).hexdigest().startswith(one.digest), (
        f"{one.file} line {one.number} is no longer the line {one.id} that was judged by hand:"
        f" read it, judge it anew and correct {TABLE.name}"
    )
    return found


@pytest.mark.django_db
def test_the_quality_page_is_right_for_thirty_hand_checked_lines(
    lines: Sequence[tuple[Checked, bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "hand_checked.jsonl"
    path.write_bytes(b"\n".join(line for _, line in lines) + b"\n")
    take(path, batch=len(lines))

    assert Line.objects.count() == len(lines) == 30
    by_source: dict[str, list[Checked]] = defaultdict(list)
    for one, line in lines:
        by_source[json.loads(line)["source"]].append(one)
    assert {source.name: source.taken for source in queries.sources()} == {
        source: len(several) for source, several in by_source.items()
    }
    for source, several in by_source.items():
        _same(queries.tallies(source), several)


def _same(tallies: Sequence[Tally], checked: Sequence[Checked]) -> None:
    """Compare what the page counts and shows of a source with what the hand wrote down."""
    counted: Counter[str] = Counter()
    shown: dict[str, set[str]] = defaultdict(set)
    for tally in tallies:
        if tally.rule.startswith(OURS) or tally.category is not Category.MISSING:
            name = tally.rule.removeprefix(OURS).rpartition(".")[2]
            counted[name] += tally.count
            shown[name] |= {example.line.source_id for example in tally.examples}
    assert _named(counted) == _named(Counter(fault for one in checked for fault in one.faults))
    for name, identities in shown.items():
        assert identities <= {one.id for one in checked if name in one.faults}, name


def _named(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items()))


@pytest.mark.django_db
def test_each_hand_checked_line_has_exactly_its_faults(
    lines: Sequence[tuple[Checked, bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "hand_checked.jsonl"
    path.write_bytes(b"\n".join(line for _, line in lines) + b"\n")
    take(path, batch=len(lines))

    for (one, _), line in zip(lines, Line.objects.order_by("id"), strict=True):
        found = {
            fault["r"].removeprefix(OURS).rpartition(".")[2]
            for fault in line.faults
            if fault["r"].startswith(OURS) or fault["c"] != Category.MISSING
        }
        assert (line.source_id, found) == (one.id, one.faults), f"{one.file} line {one.number}"


def test_a_line_that_changed_since_it_was_judged_is_told() -> None:
    one = Checked("notices.jsonl", 1, "demo-0001", "0" * 16, frozenset())

    with pytest.raises(AssertionError, match="line 1 is no longer the line demo-0001"):
        _line(one, [b"{}"])
    with pytest.raises(AssertionError, match="no longer"):
        _line(one, [])

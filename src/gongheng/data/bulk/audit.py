"""The standing self-audit: what the bulk engine said of records is put to the judge of one record.

All refused records are judged again, and of the accepted one in a thousand. Both must find the same;
where they do not, the fault is in our program and never in the data.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.standard import faults, validator
from gongheng.data.standard.reading import Profile
from gongheng.data.standard.rules import row_rules_of
from gongheng.data.standard.table_files import Stage

ONE_OF: Final = 1000
"""Of so many accepted records one is judged again."""

_SPREAD: Final = 2_654_435_761
_NOT_TEXT: Final = 0

Finding = tuple[str, str]
"""Field and rule."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record of a file of which the two engines say different things."""

    file: str
    row: int
    dataset: str
    only_bulk: tuple[Finding, ...]
    only_single: tuple[Finding, ...]


def is_audited(numbers: Array, is_refused: Array) -> Array:
    """Tell which records are judged again: all refused, and some that their numbers choose."""
    chosen_or_refused: Array = is_refused | chosen(numbers)
    return chosen_or_refused


def chosen(numbers: Array) -> Array:
    """Tell which records their numbers choose: one in a thousand, spread evenly."""
    mixed = numbers.astype(np.uint64) * np.uint64(_SPREAD) % np.uint64(1 << 32)
    found: Array = mixed % np.uint64(ONE_OF) == 0
    return found


def disagreements(
    dataset: str,
    profile: Profile,
    columns: Mapping[str, Texts],
    found: Iterable[Found],
    rows: Array,
) -> Iterator[tuple[int, tuple[Finding, ...], tuple[Finding, ...]]]:
    """Judge these rows of a batch one by one; yield where that finds something else."""
    bulk: dict[int, set[Finding]] = defaultdict(set)
    for each in found:
        for row in each.rows[np.isin(each.rows, rows)].tolist():
            bulk[row].add((each.field, each.rule))
    later = _asked_later(dataset)
    for row in rows.tolist():
        body, broken = _body(columns, row)
        single = {
            (finding.field, _said(finding.field, finding.rule, broken))
            for finding in validator.check(dataset, body, profile=profile)
            if finding.rule not in later
        }
        if single != bulk[row]:
            yield row, tuple(sorted(bulk[row] - single)), tuple(sorted(single - bulk[row]))


@cache
def _asked_later(dataset: str) -> frozenset[str]:
    """Return the rules that are asked while data come in only."""
    rules = (each.rule for each in row_rules_of(dataset))
    return frozenset(f"std.{r.kind}.{r.id}" for r in rules if r.stage is Stage.REAL_TIME)


def _body(columns: Mapping[str, Texts], row: int) -> tuple[dict[str, object], set[str]]:
    """Return a record as it would come in, and its fields whose bytes are no text at all."""
    body: dict[str, object] = {}
    broken = set()
    for code, texts in columns.items():
        if texts.is_text is not None and not texts.is_text[row]:
            body[code] = _NOT_TEXT
            continue
        value = texts.raw(row)
        try:
            body[code] = value.decode()
        except UnicodeDecodeError:
            body[code] = value.decode("utf-8", "surrogateescape")
            broken.add(code)
    return body, broken


def _said(field: str, rule: str, broken: set[str]) -> str:
    """Return what bulk calls a fault: bytes that are no text cannot come in one by one.

    A value has one fault; those of rules of the record have a name with one more dot.
    """
    is_of_value = rule.count(".") == 1
    return faults.ENCODING.rule if field in broken and is_of_value else rule

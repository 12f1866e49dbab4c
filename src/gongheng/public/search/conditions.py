"""The conditions of a search as parts of a statement: each says itself in marks and in columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gongheng.data.standard import regions
from gongheng.public.search import deals, words
from gongheng.public.search.filters import Filters
from gongheng.public.search.statements import (
    MOST_COUNTED,
    MOST_DEALS_COUNTED,
    MOST_WITH_PHRASES,
    Condition,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One condition on columns, with its values, and what marks say of the same (may be nothing)."""

    column: str
    values: Mapping[str, object] = field(default_factory=dict)
    marks: str = ""


def most_counted(filters: Filters) -> int:
    """Return how far the hits of a search are counted."""
    if filters.question.phrases:
        return MOST_WITH_PHRASES
    return MOST_DEALS_COUNTED if filters.is_deal else MOST_COUNTED


def condition(filters: Filters, tokens: str, now: datetime) -> Condition:
    """Return the conditions of a search, with those on tokens given."""
    parts = [
        _Part("(not_before IS NULL OR not_before <= %(now)s)", {"now": now}),
        *_of_sort(filters),
        *_of_region(filters),
        *_of_days(filters),
        *_of_phrases(filters),
    ]
    return Condition(
        tokens=tokens,
        marks=" & ".join(f"({part.marks})" for part in parts if part.marks),
        columns=tuple(part.column for part in parts),
        values={name: value for part in parts for name, value in part.values.items()},
        most=most_counted(filters),
    )


def _of_sort(filters: Filters) -> Iterator[_Part]:
    if filters.trade:
        marks = words.with_marks([f"y:{filters.trade}"])
        yield _Part("trade_type = %(trade)s", {"trade": filters.trade}, marks)
    if filters.kind:
        marks = words.with_marks([f"k:{filters.kind}"])
        yield _Part("kind = %(kind)s", {"kind": filters.kind}, marks)
    if filters.is_deal:
        kinds = list(deals.kinds())
        marks = words.with_any_mark(f"k:{kind}" for kind in kinds)
        yield _Part("kind = ANY(%(kinds)s)", {"kinds": kinds}, marks)


def _of_region(filters: Filters) -> Iterator[_Part]:
    reach = regions.reach_of(filters.region) if filters.region else ""
    if filters.is_region_alone:
        marks = words.with_marks([f"R:{filters.region}"])
        yield _Part("region_code = %(region)s", {"region": filters.region}, marks)
    elif reach:
        marks = words.with_marks([f"r:{reach}"])
        yield _Part("region_code LIKE %(region)s", {"region": f"{reach}%"}, marks)


def _of_days(filters: Filters) -> Iterator[_Part]:
    first, last = filters.first_day, filters.last_day
    marks = words.with_days(first, last) if first and last else ""
    if filters.starts_at:
        yield _Part("published_at >= %(starts_at)s", {"starts_at": filters.starts_at}, marks)
    if filters.ends_at:
        yield _Part("published_at < %(ends_at)s", {"ends_at": filters.ends_at})


def _of_phrases(filters: Filters) -> Iterator[_Part]:
    for place, phrase in enumerate(filters.question.phrases):
        name = f"phrase{place}"
        # Byte by byte, letters are found in half the time.
        yield _Part(
            f"strpos(replace(lower(title || ' ' || text), ' ', '') COLLATE \"C\", %({name})s) > 0",
            {name: "".join(phrase.split())},
        )

"""The index asked in SQL: which plan, which rows; all values are parameters.

The planner knows nothing of how letters follow each other in a language, nor what it costs to
fetch tokens from outside the row. So it is told: a condition that few notices meet is answered
from the tokens' index and sorted; one that many meet is met by walking from the newest.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import connection, transaction

from gongheng.public.search.places import Place

MOST_COUNTED = 10_000
"""Hits are counted up to here; what more notices meet is walked."""
MOST_WITH_PHRASES = 300
"""A phrase is looked up in the text itself, which lies outside the row: fewer are counted."""
_PATIENCE = "3s"
"""The longest a visitor waits for a statement; then he is asked to say more."""

_ROW = "id, version_id, region_code, trade_type, kind, title, transaction_code, published_at, text"
_OVERVIEW = """
WITH hit AS MATERIALIZED (
  SELECT region_code, trade_type, kind, published_at FROM search_entry WHERE {where}{order}
  LIMIT %(most)s
)
SELECT NULL, NULL, count(*) FROM hit
UNION ALL
SELECT CASE WHEN grouping(trade_type) = 0 THEN 'trade' WHEN grouping(kind) = 0 THEN 'kind'
            WHEN grouping(part) = 0 THEN 'region' ELSE 'month' END,
       coalesce(trade_type, kind, part, to_char(month, 'YYYY-MM')), count(*)
FROM (SELECT trade_type, kind, left(region_code, %(width)s) AS part,
             date_trunc('month', published_at AT TIME ZONE 'Asia/Shanghai') AS month
      FROM hit) AS each
GROUP BY GROUPING SETS ((trade_type), (kind), (part), (month))
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM search_entry WHERE {where} LIMIT %(most)s) AS hit"
_PAGE = """
SELECT {row} FROM search_entry WHERE {where}{beside}
ORDER BY published_at {way}, id {way} LIMIT %(size)s
"""

_TOTALS = """
SELECT CASE WHEN grouping(trade_type) = 0 THEN 'trade' WHEN grouping(part) = 0 THEN 'region'
            WHEN grouping(month) = 0 THEN 'month' ELSE '' END,
       coalesce(trade_type, part, month, ''), count(*), count(price), coalesce(sum(price), 0),
       coalesce(sum(estimate) FILTER (WHERE price > 0), 0),
       coalesce(sum(price) FILTER (WHERE estimate > 0), 0)
FROM (SELECT trade_type, left(region_code, %(width)s) AS part, price, estimate,
             to_char(published_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month
      FROM search_entry WHERE {where}) AS each
GROUP BY GROUPING SETS ((trade_type), (part), (month), ())
"""


class Plan(Enum):
    """How the rows are reached: what the planner must not do."""

    TOKENS = ("indexscan",)
    WALK = ("bitmapscan", "indexonlyscan")


@dataclass(frozen=True, slots=True)
class Condition:
    """Parts of a WHERE clause with their values: on tokens, and the same on columns.

    ``tokens`` are what is asked for in words; ``marks`` say of the filters what ``columns`` say.
    ``most``: up to here hits are counted.
    """

    tokens: str
    marks: str
    columns: tuple[str, ...]
    values: Mapping[str, object]
    most: int = MOST_COUNTED

    @property
    def has_tokens(self) -> bool:
        """Tell whether the tokens' index can answer anything of it."""
        return bool(self.tokens or self.marks)


@contextmanager
def asking() -> Iterator[None]:
    """Ask within a time that ends an answer rather than the visitor's patience."""
    with transaction.atomic():
        _set({"statement_timeout": _PATIENCE, "enable_seqscan": "off", "jit": "off"})
        yield


def overview(asked: Condition, *, width: int) -> list[tuple[str | None, str | None, int]]:
    """Return rows of facet, value and number; the row without a facet counts all."""
    _use(Plan.TOKENS if asked.has_tokens else Plan.WALK)
    where, values = _by_tokens(asked)
    order = "" if asked.has_tokens else " ORDER BY published_at DESC, id DESC"
    values |= {"most": asked.most + 1, "width": width}
    return _rows(_OVERVIEW.format(where=where, order=order), values)


def number(asked: Condition) -> int:
    """Return how many notices meet a condition, no further than its ``most`` + 1."""
    _use(Plan.TOKENS if asked.has_tokens else Plan.WALK)
    where, values = _by_tokens(asked)
    ((found,),) = _rows(_COUNT.format(where=where), values | {"most": asked.most + 1})
    return int(found)


def totals(asked: Condition, *, width: int) -> list[tuple[Any, ...]]:
    """Return rows of deals; the row of the empty facet is of all.

    Facet, value, deals, deals with a price, sum of prices; of those with both: estimates, prices.
    """
    where, values = _by_columns(asked)
    return _rows(_TOTALS.format(where=where), values | {"width": width})


def page(
    asked: Condition, *, is_walked: bool, place: Place | None, is_back: bool, size: int
) -> list[tuple[Any, ...]]:
    """Return the rows beside a place, nearest first."""
    _use(Plan.WALK if is_walked else Plan.TOKENS)
    where, values = _by_columns(asked) if is_walked else _by_tokens(asked)
    side = ">" if is_back else "<"
    beside = f" AND (published_at, id) {side} (%(at)s, %(id)s)" if place else ""
    if place:
        values |= {"at": place.at, "id": place.id}
    way = "ASC" if is_back else "DESC"
    statement = _PAGE.format(row=_ROW, where=where, beside=beside, way=way)
    return _rows(statement, values | {"size": size})


def _by_tokens(asked: Condition) -> tuple[str, dict[str, object]]:
    every = " & ".join(f"({part})" for part in (asked.tokens, asked.marks) if part)
    parts = [*(["grams @@ %(every)s::tsquery"] if every else []), *asked.columns]
    return " AND ".join(parts), {**asked.values, "every": every}


def _by_columns(asked: Condition) -> tuple[str, dict[str, object]]:
    """Say the filters by columns alone: tokens are fetched from outside the row."""
    words = ["grams @@ %(tokens)s::tsquery"] if asked.tokens else []
    return " AND ".join([*asked.columns, *words]), {**asked.values, "tokens": asked.tokens}


def _use(plan: Plan) -> None:
    every = {name for each in Plan for name in each.value}
    _set({f"enable_{name}": "off" if name in plan.value else "on" for name in every})


def _set(settings: Mapping[str, str]) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    _rows(f"SELECT {calls}", [part for pair in settings.items() for part in pair])


def _rows(statement: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())

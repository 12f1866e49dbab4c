"""The index asked in SQL: which plan, which rows; all values are parameters.

The planner knows nothing of how letters follow each other in a language, nor what it costs to
fetch tokens from outside the row. So it is told: what has tokens is answered from their index and
sorted, all else by walking from the newest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection

from gongheng.public.search.places import Place

MOST_COUNTED = 1_000
"""Hits are counted up to here: nobody turns fifty pages, and counting costs as much as finding."""
MOST_DEALS_COUNTED = 10_000
"""The figures of the statistics lead here: whoever follows one wants to see it again."""
MOST_WITH_PHRASES = 100
"""A phrase is looked up in the text itself, which lies outside the row: fewer are counted."""
MOST_NAMED = 200
"""So many hits are named, so that the index need not be asked for them again."""
_PATIENCE = "3s"
"""The longest a visitor waits for a statement; then he is asked to say more."""

_ROW = "id, version_id, region_code, trade_type, kind, title, transaction_code, published_at, text"
_OVERVIEW = """
WITH hit AS MATERIALIZED (
  SELECT id, region_code, trade_type, kind, published_at FROM search_entry WHERE {where}{order}
  LIMIT %(most)s
)
SELECT NULL, NULL, count(*), CASE WHEN count(*) <= %(named)s THEN array_agg(id) END FROM hit
UNION ALL
SELECT CASE WHEN grouping(trade_type) = 0 THEN 'trade' WHEN grouping(kind) = 0 THEN 'kind'
            WHEN grouping(part) = 0 THEN 'region' ELSE 'month' END,
       coalesce(trade_type, kind, part, to_char(month, 'YYYY-MM')), count(*), NULL
FROM (SELECT trade_type, kind, left(region_code, %(width)s) AS part,
             date_trunc('month', published_at AT TIME ZONE 'Asia/Shanghai') AS month
      FROM hit) AS each
GROUP BY GROUPING SETS ((trade_type), (kind), (part), (month))
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM search_entry WHERE {where} LIMIT %(most)s) AS hit"
_PAGE = """
SELECT {row} FROM {source} WHERE {where}{beside}
ORDER BY published_at {way}, id {way} LIMIT %(size)s
"""

_AMONG = "(SELECT * FROM search_entry WHERE id = ANY(%(among)s) OFFSET 0) AS few"
"""Fenced off: of a few rows the tokens are looked at, their index is not asked again."""
_REACH = """
SELECT count(*), min(published_at), max(published_at)
FROM (SELECT published_at FROM search_entry WHERE {sides}
      ORDER BY published_at {way} LIMIT %(notices)s) AS near
"""
_MONTHS = """
WITH RECURSIVE newest AS (
  SELECT max(published_at) AS at FROM search_entry WHERE {where}
  UNION ALL
  SELECT (SELECT max(published_at) FROM search_entry
          WHERE {where} AND published_at < date_trunc('month', newest.at, 'Asia/Shanghai'))
  FROM newest WHERE newest.at IS NOT NULL
)
SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') FROM newest
WHERE at IS NOT NULL LIMIT %(most)s
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
    TIMES = ("bitmapscan",)
    ANY = ()


_WAYS = sorted({way for plan in Plan for way in plan.value})


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

    @property
    def plan(self) -> Plan:
        """Return how what meets it is reached."""
        return Plan.TOKENS if self.has_tokens else Plan.WALK

    def within(self, marks: str) -> "Condition":
        """Return the same, of notices with these marks."""
        return replace(self, marks=" & ".join(f"({each})" for each in (self.marks, marks) if each))


def overview(asked: Condition, *, width: int) -> list[tuple[Any, ...]]:
    """Return rows of facet, value and number; the first one, without a facet, counts all.

    Its fourth value are the ids of all hits while they are few, else None.
    """
    where, values = _by_tokens(asked)
    order = "" if asked.has_tokens else " ORDER BY published_at DESC, id DESC"
    values |= {"most": asked.most + 1, "width": width, "named": MOST_NAMED}
    return _rows(asked.plan, _OVERVIEW.format(where=where, order=order), values)


def number(asked: Condition) -> int:
    """Return how many notices meet a condition, no further than its ``most`` + 1."""
    where, values = _by_tokens(asked)
    ((found,),) = _rows(asked.plan, _COUNT.format(where=where), values | {"most": asked.most + 1})
    return int(found)


def totals(asked: Condition, *, width: int) -> list[tuple[Any, ...]]:
    """Return rows of deals that meet a condition on columns; the row of the empty facet is of all.

    Facet, value, deals, deals with a price, sum of prices; of those with both: estimates, prices.
    """
    where = " AND ".join(asked.columns)
    return _rows(Plan.ANY, _TOTALS.format(where=where), {**asked.values, "width": width})


def page(
    asked: Condition,
    *,
    place: Place | None,
    is_back: bool,
    size: int,
    among: Sequence[UUID] | None = None,
) -> list[tuple[Any, ...]]:
    """Return the rows beside a place, nearest first; ``among``: all that can be meant, if known."""
    where, values = _by_tokens(asked)
    side = ">" if is_back else "<"
    beside = f" AND (published_at, id) {side} (%(at)s, %(id)s)" if place else ""
    if place:
        values |= {"at": place.at, "id": place.id}
    statement = _PAGE.format(
        row=_ROW,
        source="search_entry" if among is None else _AMONG,
        where=where,
        beside=beside,
        way=_way(is_back=is_back),
    )
    plan = asked.plan if among is None else Plan.ANY
    return _rows(plan, statement, values | {"size": size, "among": list(among or ())})


@dataclass(frozen=True, slots=True)
class Reach:
    """How many notices lie on a side, no further than was asked, and their first and last moment."""

    number: int
    days: tuple[datetime, datetime] | None


def reach(at: datetime | None, until: datetime | None, *, is_back: bool, notices: int) -> Reach:
    """Return how far so many notices reach from one moment towards another."""
    onwards, back = (">=", "<=") if is_back else ("<=", ">=")
    sides = [
        *([f"published_at {onwards} %(at)s"] if at else []),
        *([f"published_at {back} %(until)s"] if until else []),
    ]
    statement = _REACH.format(sides=" AND ".join(sides) or "true", way=_way(is_back=is_back))
    values = {"at": at, "until": until, "notices": notices}
    ((number, first, last),) = _rows(Plan.TIMES, statement, values)
    return Reach(number, (first, last) if number else None)


def months(asked: Condition, *, most: int) -> list[str]:
    """Return the newest months (2026-10) with notices that meet a condition on columns."""
    where = " AND ".join(asked.columns)
    values = {**asked.values, "most": most}
    return [month for (month,) in _rows(Plan.WALK, _MONTHS.format(where=where), values)]


def _way(*, is_back: bool) -> str:
    return "ASC" if is_back else "DESC"


def _by_tokens(asked: Condition) -> tuple[str, dict[str, object]]:
    every = " & ".join(f"({part})" for part in (asked.tokens, asked.marks) if part)
    parts = [*(["grams @@ %(every)s::tsquery"] if every else []), *asked.columns]
    return " AND ".join(parts), {**asked.values, "every": every}


def _rows(plan: Plan, statement: str, values: Mapping[str, Any]) -> list[Any]:
    """Ask along a plan, within a time that ends an answer rather than the visitor's patience.

    The settings travel with the statement and end with the transaction that both are together.
    """
    settings = {f"enable_{way}": "off" if way in plan.value else "on" for way in _WAYS}
    settings |= {"enable_seqscan": "off", "jit": "off", "statement_timeout": _PATIENCE}
    told = "".join(f"SET LOCAL {name} = '{value}'; " for name, value in settings.items())
    with connection.cursor() as cursor:
        cursor.execute(told + statement, values)
        while cursor.nextset():
            pass
        return list(cursor.fetchall())

"""How hits are spread over regions, trades, kinds and months, as links that narrow a search."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongheng.data.standard import history, regions
from gongheng.public.search import listing
from gongheng.public.search.filters import Filters, month_days
from gongheng.public.search.queries import Found

_MOST = 12

_NO_MONTH = f"{history.UNKNOWN_DAY:%Y-%m}"
"""Where history stands whose source does not tell a day: no month to offer."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet, how many hits have it, and what its link adds to the address."""

    label: str
    number: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a search."""

    name: str
    values: list[Value]


def facets(found: Found, filters: Filters) -> list[Facet]:
    """Return the ways to narrow a search that are not in force and would part the hits."""
    shares = found.shares
    every = [
        Facet("地区", _regions(shares.get("region", {}), found, filters)),
        Facet("交易类别", [] if filters.trade else _trades(shares.get("trade", {}), found)),
        Facet("公告类型", [] if filters.kind else _kinds(shares.get("kind", {}), found)),
        Facet("发布月份", _months(shares.get("month", {}), found)),
    ]
    return [facet for facet in every if len(facet.values) > 1]


def _number(count: int, found: Found) -> str:
    """Return a count as it is shown: of more hits than were counted it is at least so many."""
    return f"{count:,}+" if found.is_capped else f"{count:,}"


def _most_first(shares: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    ordered = sorted(shares.items(), key=lambda share: (-share[1], share[0]))
    return [(value, count) for value, count in ordered if value][:_MOST]


def _regions(shares: Mapping[str, int], found: Found, filters: Filters) -> list[Value]:
    if filters.is_region_alone:
        return []
    within = filters.region or listing.own_region()
    values = []
    for part, count in _most_first(shares):
        code = part.ljust(6, "0")
        if not regions.is_known(code):
            continue
        is_own = code == within
        name = regions.short_name(code, within=within) + ("本级" if is_own else "")
        parameters = {"region": code, "alone": "1" if is_own else ""}
        values.append(Value(name, _number(count, found), parameters))
    return values


def _trades(shares: Mapping[str, int], found: Found) -> list[Value]:
    return [
        Value(listing.trade_label(trade), _number(count, found), {"trade": trade})
        for trade, count in _most_first(shares)
    ]


def _kinds(shares: Mapping[str, int], found: Found) -> list[Value]:
    return [
        Value(kind, _number(count, found), {"kind": kind}) for kind, count in _most_first(shares)
    ]


def _months(shares: Mapping[str, int], found: Found) -> list[Value]:
    """Return the newest months; of more hits than were counted without their numbers."""
    values = []
    for month in sorted(found.months or shares, reverse=True)[:_MOST]:
        if month == _NO_MONTH:
            continue
        first, last = month_days(month)
        parameters = {"from": first.isoformat(), "to": last.isoformat()}
        number = "" if found.months else _number(shares[month], found)
        values.append(Value(f"{first.year} 年 {first.month} 月", number, parameters))
    return values

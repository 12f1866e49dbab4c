"""Figures, lines and charts; each knows the address of the rows it counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from gongheng.data.records.kinds import TradeType
from gongheng.data.records.models import Current
from gongheng.data.standard import regions
from gongheng.public.portal import queries
from gongheng.public.portal.figures import with_site
from gongheng.public.search import listing
from gongheng.public.search.filters import Filters
from gongheng.web.charts import Chart, Column, stacked

_DAYS_DRAWN = 31
_WIDE = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the home page."""

    label: str
    number: int
    words: str
    address: str


def figures(*, today: date, now: datetime, until: datetime) -> list[Figure]:
    """Return the four figures of the home page, counted now."""
    yesterday = today - timedelta(days=1)
    new_year = today.replace(month=1, day=1)
    before = _count(yesterday, yesterday, now)
    lots = queries.lots(now=now)
    return [
        Figure(
            "今日发布公告",
            _count(today, today, now),
            f"昨日 {before:,} 条",
            address(first=today, last=today),
        ),
        Figure(
            "本年发布公告",
            _count(new_year, today, now),
            f"{today.year} 年 1 月 1 日起",
            address(first=new_year, last=today),
        ),
        Figure("公开标段（包）", lots.count(), "含统一交易标识码", reverse("portal-lots")),
        Figure(
            "七日内开标",
            queries.count_openings(now=now, until=until),
            f"至 {until:%m-%d %H:%M}",
            reverse("portal-openings"),
        ),
    ]


def _count(first: date, last: date, now: datetime) -> int:
    return queries.listed(Filters(first_day=first, last_day=last), now=now).count()


def address(
    *,
    first: date,
    last: date,
    trade: str = "",
    region: str = "",
    is_alone: bool = False,
    is_deal: bool = False,
) -> str:
    """Return the address of the list that holds exactly the rows of a figure."""
    wanted = {
        "trade": trade,
        "region": region,
        "alone": "1" if is_alone else "",
        "deals": "1" if is_deal else "",
        "from": str(first),
        "to": str(last),
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('search')}?{query}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statistics table; ``address`` is empty where the list has no such condition."""

    label: str
    count: int
    address: str


def trade_lines(rows: QuerySet[Current], *, first: date, last: date) -> list[Line]:
    """Return the notices by trade type."""
    return [
        Line(
            listing.trade_label(share.code),
            share.count,
            address(first=first, last=last, trade=share.code) if share.code else "",
        )
        for share in queries.by_trade(rows)
    ]


def region_lines(rows: QuerySet[Current], *, first: date, last: date) -> list[Line]:
    """Return the notices by the divisions directly below the node's own."""
    lines = []
    for share in queries.by_region(rows, region=listing.own_region()):
        found = division(share.code)
        where = address(first=first, last=last, region=share.code, is_alone=found.is_alone)
        lines.append(Line(found.label, share.count, where if found.is_known else ""))
    return lines


@dataclass(frozen=True, slots=True)
class Division:
    """A division directly below the node's own, or the own one alone.

    The list has no condition for one that is not ``is_known``: a local code, such as 361201.
    """

    label: str
    is_alone: bool
    is_known: bool


def division(code: str) -> Division:
    """Return how a division stands in a table."""
    own = listing.own_region()
    # What is registered with the node's own region stands beside the divisions below it.
    is_alone = own.startswith(regions.reach_of(code))
    is_known = regions.is_known(code)
    more = "本级" if is_alone else "" if is_known else f"（代码 {code}）"
    return Division(regions.short_name(code, within=own) + more, is_alone, is_known)


def as_rows(rows: QuerySet[Current], *, first: date, last: date) -> Iterator[Sequence[object]]:
    """Yield the notices of a period by day, trade and region, each with the address of its rows."""
    days = queries.by_day(rows, days=queries.days_until(last, (last - first).days + 1))
    groups = [
        ("合计", [Line("合计", rows.count(), address(first=first, last=last))]),
        (
            "日期",
            [
                Line(f"{day}", sum(found.values()), address(first=day, last=day))
                for day, found in days.items()
            ],
        ),
        ("交易类别", trade_lines(rows, first=first, last=last)),
        ("地区", region_lines(rows, first=first, last=last)),
    ]
    told = (
        (group, line.label, line.count, line.address) for group, lines in groups for line in lines
    )
    yield ("分组", "名称", "公告数", "明细地址")
    yield from with_site(told)


def daily_chart(rows: QuerySet[Current], *, today: date, days: int, width: int = 360) -> Chart:
    """Return the notices of the last days by trade type, one column a day."""
    counted = queries.by_day(rows, days=queries.days_until(today, days))
    present = {trade for found in counted.values() for trade in found}
    trades = [trade for trade in TradeType.values if trade in present] or [TradeType.WORKS.value]
    columns = [
        Column(
            f"{day:%m-%d}",
            tuple(found.get(trade, 0) for trade in trades),
            address(first=day, last=day),
            tuple(address(first=day, last=day, trade=trade) for trade in trades),
        )
        for day, found in counted.items()
    ]
    names = [listing.trade_label(trade) for trade in trades]
    return stacked(f"近 {days} 日发布公告数", series=names, columns=columns, width=width)


def chart_of_period(rows: QuerySet[Current], *, today: date, days: int) -> Chart:
    """Return the chart of a period: its days, of a long period the last thirty-one."""
    return daily_chart(rows, today=today, days=min(days, _DAYS_DRAWN), width=_WIDE)

"""The deals of a period: how many, for how much, and how much was saved; each with its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gongheng.public.portal import figures
from gongheng.public.portal.figures import Cell
from gongheng.public.portal.statistics import address, division
from gongheng.public.search import listing, queries
from gongheng.public.search.filters import Filters, month_days
from gongheng.public.search.queries import Total
from gongheng.web.charts import Chart, Column, stacked
from gongheng.web.templatetags.gongheng import grouped

_TEN_THOUSAND = Decimal(10_000)
_ORDER = ("", "trade", "region", "month")
_NAMES = {"": "合计", "trade": "交易类别", "region": "地区", "month": "月份"}


@dataclass(frozen=True, slots=True)
class DealLine:
    """A line of a table of deals; ``address`` leads to the notices it counts, if a list can."""

    group: str
    label: str
    total: Total
    address: str

    @property
    def amount(self) -> str:
        """Return the sum in units of ten thousand yuan; a dash when no deal has a price."""
        return f"{self.total.amount / _TEN_THOUSAND:,.2f}" if self.total.priced else "—"

    @property
    def saving(self) -> str:
        """Return the share of the estimates that was saved, in percent; a dash when unknown."""
        if not self.total.reckoned:
            return "—"
        return f"{(1 - self.total.paid / self.total.reckoned) * 100:.2f}%"

    @property
    def shown(self) -> figures.Line:
        """Return the line as the page shows it."""
        count = grouped(self.total.deals)
        where = self.address if self.total.priced else ""
        cells = (
            Cell(count, self.address, is_quiet=False),
            Cell(self.amount, where),
            Cell(self.saving, self.address if self.total.reckoned else ""),
        )
        return figures.Line(self.label, cells)


@dataclass(frozen=True, slots=True)
class Deals:
    """The deals of a period: all of them, and in tables by trade, region and month."""

    whole: DealLine
    parts: list[tuple[str, list[DealLine]]]
    chart: Chart

    @property
    def tables(self) -> list[figures.Table]:
        """Return the tables of the page."""
        return [
            figures.Table(
                title=title,
                words="成交表",
                caption="成交公告数、成交额和节约率",
                heads=("成交公告", "成交额（万元）", "节约率"),
                lines=[line.shown for line in lines],
            )
            for title, lines in self.parts
        ]


def deals(*, first: date, last: date, now: datetime) -> Deals | None:
    """Return the deals of a period; None when there are none."""
    lines = list(_lines(first, last, now))
    if not lines:
        return None
    parts = [
        (_NAMES[facet], [line for line in lines if line.total.facet == facet])
        for facet in _ORDER[1:]
    ]
    return Deals(whole=lines[0], parts=parts, chart=_chart(parts[-1][1]))


def _lines(first: date, last: date, now: datetime) -> Iterator[DealLine]:
    own = listing.own_region()
    totals = queries.deal_totals(Filters(first_day=first, last_day=last), within=own, now=now)
    totals.sort(key=lambda total: (_ORDER.index(total.facet), *_place(total)))
    for total in totals:
        if total.deals:
            yield _line(total, first, last)


def _place(total: Total) -> tuple[int, str]:
    return (0 if total.facet == "month" else -total.deals, total.value)


def _line(total: Total, first: date, last: date) -> DealLine:
    trade = region = ""
    is_alone, is_known = False, True
    label = _NAMES[""]
    if total.facet == "trade":
        trade, label = total.value, listing.trade_label(total.value)
        is_known = bool(trade)
    elif total.facet == "region":
        region = total.value.ljust(6, "0")
        found = division(region)
        label, is_alone, is_known = found.label, found.is_alone, found.is_known
    elif total.facet == "month":
        begins, ends = month_days(total.value)
        first, last, label = max(first, begins), min(last, ends), total.value
    where = address(
        first=first, last=last, trade=trade, region=region, is_alone=is_alone, is_deal=True
    )
    return DealLine(_NAMES[total.facet], label, total, where if is_known else "")


def _chart(months: list[DealLine]) -> Chart:
    columns = [
        Column(
            line.label,
            (round(line.total.amount / _TEN_THOUSAND),),
            line.address,
            (line.address,),
        )
        for line in months
    ]
    return stacked("各月成交额（万元）", series=["成交额"], columns=columns, width=1000)


def as_rows(found: Deals | None) -> Iterator[Sequence[object]]:
    """Yield the tables as one, each line with the address of its rows."""
    yield ("分组", "名称", "成交公告数", "有金额的", "成交额（元）", "节约率（%）", "明细地址")
    if found:
        lines = [found.whole, *(line for _, part in found.parts for line in part)]
        yield from figures.with_site(map(_row, lines))


def _row(line: DealLine) -> tuple[object, ...]:
    amount = line.total.amount if line.total.priced else ""
    saving = "" if line.saving == "—" else Decimal(line.saving.removesuffix("%"))
    counts = (line.total.deals, line.total.priced, amount, saving)
    return (line.group, line.label, *counts, line.address)

"""Who took part: the published lists of bidders, counted by lot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, Left, TruncMonth
from django.urls import reverse

from gongheng.data.records import queries as records
from gongheng.data.records.models import Current
from gongheng.data.standard import regions
from gongheng.kernel.clock import BEIJING
from gongheng.public.search import listing
from gongheng.public.search.filters import Filters, month_days

FACETS = {"trade": "trade_type", "region": "part", "month": "month"}
_DATASETS = ("TENDER_LIST", "PURCHASE_TENDER_LIST")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Share:
    """Lots and bidders of one value of a facet (``trade``, ``region``, ``month``; empty: all).

    ``asked`` is what leads to these bidders.
    """

    facet: str
    label: str
    lots: int
    bidders: int
    asked: Filters

    @property
    def mean(self) -> Decimal:
        """Return the mean number of bidders of a lot, to two places."""
        return (Decimal(self.bidders) / self.lots).quantize(_CENT)

    @property
    def address(self) -> str:
        """Return the address of the list that holds exactly the bidders counted."""
        asked = self.asked
        wanted = {
            "trade": asked.trade,
            "region": asked.region,
            "alone": "1" if asked.is_region_alone else "",
            "from": str(asked.first_day or ""),
            "to": str(asked.last_day or ""),
        }
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{reverse('portal-bidders')}?{query}"


def bidders(asked: Filters, *, now: datetime) -> QuerySet[Current]:
    """Return the rows of bidders by days, trade and region, newest first: one for a firm and lot."""
    found = records.in_force(*_DATASETS, now=now)
    if asked.starts_at:
        found = found.filter(published_at__gte=asked.starts_at)
    if asked.ends_at:
        found = found.filter(published_at__lt=asked.ends_at)
    if asked.trade:
        found = found.filter(trade_type=asked.trade)
    if asked.region:
        reach = regions.reach_of(asked.region)
        alone = asked.region[: _width()] if asked.is_region_alone else reach
        found = found.filter(region_code__startswith=alone)
    return found


def _width() -> int:
    """Return how many digits tell the divisions directly below the node's own apart."""
    return min(len(regions.reach_of(listing.own_region())) + 2, 6)


def shares(asked: Filters, *, now: datetime) -> list[Share]:
    """Return all, then by trade, by division below the node's own, and by month; no empty ones."""
    # Lots of a procurement project hang on it together; their own number tells them apart.
    number = Coalesce(
        KeyTextTransform("PURCHASE_SECTION_CODE", "version__body"), Value("", TextField())
    )
    rows = (
        bidders(asked, now=now)
        .order_by()
        .annotate(
            lot=Concat("parent", Value("/", TextField()), number),
            part=Left("region_code", _width()),
            month=TruncMonth("published_at", tzinfo=BEIJING),
        )
    )
    whole = rows.aggregate(lots=Count("lot", distinct=True), n=Count("pk"))
    if not whole["n"]:
        return []
    return [Share("", "合计", whole["lots"], whole["n"], asked), *_parts(rows, asked)]


def _parts(rows: QuerySet[Current], asked: Filters) -> Iterator[Share]:
    for facet, column in FACETS.items():
        counted = rows.values(column).annotate(lots=Count("lot", distinct=True), n=Count("pk"))
        for row in counted.order_by(column):
            label, narrowed = _narrowed(facet, row[column], asked)
            yield Share(facet, label, row["lots"], row["n"], narrowed)


def _narrowed(facet: str, value: str | datetime, asked: Filters) -> tuple[str, Filters]:
    """Return the label of a value, and what is asked for with it."""
    if isinstance(value, datetime):
        first, last = month_days(month := f"{value:%Y-%m}")
        first = max(first, asked.first_day or first)
        return month, replace(asked, first_day=first, last_day=min(last, asked.last_day or last))
    if facet == "trade":
        return listing.trade_label(value), replace(asked, trade=value)
    own, code = listing.own_region(), value.ljust(6, "0")
    is_alone = own.startswith(regions.reach_of(code))
    name = regions.short_name(code, within=own) + ("本级" if is_alone else "")
    return name, replace(asked, region=code, is_region_alone=is_alone)

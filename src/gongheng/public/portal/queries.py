"""Readers of the portal, on top of the record store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left, TruncDate

from gongheng.data.records import queries as records
from gongheng.data.records.models import Current
from gongheng.data.standard import regions
from gongheng.data.standard.times import instant_of, wire_time
from gongheng.kernel.clock import BEIJING, midnight
from gongheng.public.search.filters import Filters
from gongheng.web.templatetags.gongheng import long_day

LOTS = "SECTION"
OPENING_FIELD = "BID_OPEN_TIME"
OPENINGS_ARE_ANNOUNCED_WITHIN = timedelta(days=180)
"""A notice older than this does not announce an opening that is still to come."""


def listed(filters: Filters, *, now: datetime) -> QuerySet[Current]:
    """Return the public notices that meet the conditions but words, newest first."""
    rows = records.notices(now=now)
    if filters.trade:
        rows = rows.filter(trade_type=filters.trade)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.is_region_alone:
        rows = rows.filter(region_code=filters.region)
    elif reach := regions.reach_of(filters.region) if filters.region else "":
        rows = rows.filter(region_code__startswith=reach)
    if filters.starts_at:
        rows = rows.filter(published_at__gte=filters.starts_at)
    if filters.ends_at:
        rows = rows.filter(published_at__lt=filters.ends_at)
    return rows


def lots(*, now: datetime) -> QuerySet[Current]:
    """Return the public lots, newest first."""
    return records.in_force(LOTS, now=now)


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening that a notice announces."""

    notice: Current
    opens_at: datetime

    @property
    def day(self) -> str:
        """Return the day in words, for lists that are grouped by it."""
        return long_day(self.opens_at)


def openings(*, now: datetime, until: datetime, limit: int) -> list[Opening]:
    """Return the announced openings from ``now`` until ``until``, earliest first."""
    rows = _with_opening(now=now, until=until).order_by("opening", "id")[:limit]
    found = [(row, instant_of(getattr(row, "opening", ""))) for row in rows]
    return [Opening(row, opens_at) for row, opens_at in found if opens_at]


def count_openings(*, now: datetime, until: datetime) -> int:
    """Return how many openings are announced from ``now`` until ``until``."""
    return _with_opening(now=now, until=until).count()


def _with_opening(*, now: datetime, until: datetime) -> QuerySet[Any]:
    # Fourteen digits of Beijing's time sort like the instants they stand for.
    return (
        records.notices(now=now)
        .filter(published_at__gte=now - OPENINGS_ARE_ANNOUNCED_WITHIN)
        .annotate(opening=KeyTextTransform(OPENING_FIELD, "version__body"))
        .filter(opening__gte=wire_time(now), opening__lt=wire_time(until))
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A group of notices and how many there are."""

    code: str
    count: int


def by_trade(rows: QuerySet[Current]) -> list[Share]:
    """Return the number of notices of each trade type, most first."""
    return _shares(rows.order_by(), "trade_type")


def by_region(rows: QuerySet[Current], *, region: str) -> list[Share]:
    """Return the number of notices in each division directly below a region, most first."""
    width = min(len(regions.reach_of(region)) + 2, 6)
    shares = _shares(rows.order_by().annotate(part=Left("region_code", width)), "part")
    return [Share(share.code.ljust(6, "0"), share.count) for share in shares]


def _shares(rows: QuerySet[Any], field: str) -> list[Share]:
    counted = rows.values(field).annotate(n=Count("id")).order_by("-n", field)
    return [Share(row[field], row["n"]) for row in counted]


def by_day(rows: QuerySet[Current], *, days: Sequence[date]) -> dict[date, dict[str, int]]:
    """Return for each day the number of notices by trade type; days without any are there."""
    found: dict[date, dict[str, int]] = {day: {} for day in days}
    counted = (
        rows.order_by()
        .filter(published_at__gte=midnight(days[0]))
        .values(day=TruncDate("published_at", tzinfo=BEIJING), trade=F("trade_type"))
        .annotate(n=Count("id"))
    )
    for row in counted:
        if row["day"] in found:
            found[row["day"]][row["trade"]] = row["n"]
    return found


def days_until(last: date, number: int) -> list[date]:
    """Return ``number`` days, the last one ``last``."""
    return [last - timedelta(days=back) for back in range(number - 1, -1, -1)]

"""How many bid for a lot, by trade, region and month; each figure leads to its bidders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.data.standard import regions
from gongheng.public.portal import figures
from gongheng.public.portal.figures import Cell
from gongheng.public.search import listing, participation
from gongheng.public.search.filters import Filters, chips, read
from gongheng.public.search.participation import Share
from gongheng.web.clock import legal_now
from gongheng.web.paging import count_capped, paginate
from gongheng.web.templatetags.gongheng import grouped

NAMES = {"": "合计", "trade": "交易类别", "region": "地区", "month": "月份"}
_PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Participation:
    """The bidders of a period: all of them, and in tables by trade, region and month."""

    whole: Share
    tables: list[figures.Table]


def took_part(*, first: date, last: date, now: datetime) -> Participation | None:
    """Return who took part in a period; None when no list of bidders was published."""
    found = _shares(first, last, now)
    if not found:
        return None
    return Participation(found[0], [_table(facet, found) for facet in participation.FACETS])


def _table(facet: str, found: Sequence[Share]) -> figures.Table:
    return figures.Table(
        title=NAMES[facet],
        words="参与情况表",
        caption="标段数、投标人数和平均每个标段的投标人数",
        heads=("标段", "投标人（家次）", "平均每个标段"),
        lines=[_line(share) for share in found if share.facet == facet],
    )


def _line(share: Share) -> figures.Line:
    lots, bidders, where = grouped(share.lots), grouped(share.bidders), _address(share)
    return figures.Line(
        share.label,
        (
            Cell(lots, where),
            Cell(bidders, where, is_quiet=False),
            Cell(str(share.mean), where),
        ),
    )


def _address(share: Share) -> str:
    """Return where the bidders of a share stand; empty where no list has such a condition."""
    region = share.asked.region
    if share.facet == "trade" and not share.asked.trade:
        return ""
    return share.address if not region or regions.is_known(region) else ""


def _shares(first: date, last: date, now: datetime) -> list[Share]:
    return participation.shares(Filters(first_day=first, last_day=last), now=now)


def as_rows(*, first: date, last: date, now: datetime) -> Iterator[Sequence[object]]:
    """Yield the figures of a period, each with the address of its rows."""
    yield ("分组", "名称", "标段数", "投标人数", "平均每个标段的投标人数", "明细地址")
    yield from figures.with_site(
        (
            NAMES[share.facet],
            share.label,
            share.lots,
            share.bidders,
            share.mean,
            _address(share),
        )
        for share in _shares(first, last, now)
    )


@require_safe
def bidders(request: HttpRequest) -> HttpResponse:
    """Show the bidders that a figure counts."""
    asked = read(request.GET)
    found = participation.bidders(asked, now=legal_now())
    page = paginate(found, cursor=request.GET.get("page", ""), size=_PAGE_SIZE)
    context = {
        "chips": chips(asked),
        "count": count_capped(found),
        "page": page,
        "rows": listing.rows(page.rows),
    }
    return render(request, "portal/bidders.html", context)

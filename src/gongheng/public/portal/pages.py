"""The portal's pages: home, record, lots, openings, statistics."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.data.records import queries as records
from gongheng.data.records.kinds import TradeType
from gongheng.kernel.clock import BEIJING
from gongheng.public.portal import (
    deals,
    explaining,
    participation,
    plans,
    proving,
    queries,
    statistics,
)
from gongheng.public.portal.standing import record_page
from gongheng.public.search import listing
from gongheng.public.search.filters import Filters
from gongheng.web import spreadsheets
from gongheng.web.clock import legal_now
from gongheng.web.paging import count_capped, paginate
from gongheng.web.routes import PUBLIC, route

PAGE_SIZE = 20
_LATEST = 10
_NEXT_OPENINGS = 5
_OPENINGS_SHOWN = 200
_OPENING_DAYS = 7
_PERIODS = (30, 90, 365)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new, what comes next, and four figures with their rows behind them."""
    now = legal_now()
    today = now.astimezone(BEIJING).date()
    soon = now + timedelta(days=_OPENING_DAYS)
    all_notices = records.notices(now=now)
    context = {
        "figures": statistics.figures(today=today, now=now, until=soon),
        "latest": listing.rows(all_notices[:_LATEST]),
        "chart": statistics.daily_chart(all_notices, today=today, days=14),
        "openings": queries.openings(now=now, until=soon, limit=_NEXT_OPENINGS),
        "trades": TradeType.choices,
    }
    return render(request, "portal/home.html", context)


@require_safe
def notice(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show one version of a public record: facts, course of the case, versions, proof."""
    page = record_page(version_id, now=legal_now())
    if page is None:
        raise Http404
    return render(request, "portal/notice.html", {"page": page})


@require_safe
def lots(request: HttpRequest) -> HttpResponse:
    """Show the public lots."""
    found = queries.lots(now=legal_now())
    page = paginate(found, cursor=request.GET.get("page", ""), size=PAGE_SIZE)
    context = {"count": count_capped(found), "page": page, "rows": listing.rows(page.rows)}
    return render(request, "portal/lots.html", context)


@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """Show the openings of the coming days."""
    now = legal_now()
    until = now + timedelta(days=_OPENING_DAYS)
    found = queries.openings(now=now, until=until, limit=_OPENINGS_SHOWN)
    context = {"openings": found, "until": until, "days": _OPENING_DAYS}
    return render(request, "portal/openings.html", context)


@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Show notices by type, region and day; every figure leads to its rows."""
    now = legal_now()
    days, first, today = _period(request, now)
    rows = queries.listed(Filters(first_day=first, last_day=today), now=now)
    context = {
        "days": days,
        "periods": _PERIODS,
        "first_day": first,
        "today": today,
        "total": rows.count(),
        "all_of_them": statistics.address(first=first, last=today),
        "by_trade": statistics.trade_lines(rows, first=first, last=today),
        "by_region": statistics.region_lines(rows, first=first, last=today),
        "chart": statistics.chart_of_period(rows, today=today, days=days),
        "deals": deals.deals(first=first, last=today, now=now),
        "took_part": participation.took_part(first=first, last=today, now=now),
    }
    return render(request, "portal/statistics.html", context)


@require_safe
def notices_csv(request: HttpRequest) -> HttpResponse:
    """Give the notices of a period by day, trade and region as a table for other programs."""
    now = legal_now()
    _, first, today = _period(request, now)
    rows = queries.listed(Filters(first_day=first, last_day=today), now=now)
    told = statistics.as_rows(rows, first=first, last=today)
    return spreadsheets.answer(f"notices-{first}-{today}", told)


@require_safe
def deals_csv(request: HttpRequest) -> HttpResponse:
    """Give the deals of a period as a table for other programs."""
    now = legal_now()
    _, first, today = _period(request, now)
    told = deals.as_rows(deals.deals(first=first, last=today, now=now))
    return spreadsheets.answer(f"deals-{first}-{today}", told)


@require_safe
def participation_csv(request: HttpRequest) -> HttpResponse:
    """Give how many took part in a period as a table for other programs."""
    now = legal_now()
    _, first, today = _period(request, now)
    told = participation.as_rows(first=first, last=today, now=now)
    return spreadsheets.answer(f"participation-{first}-{today}", told)


def _period(request: HttpRequest, now: datetime) -> tuple[int, date, date]:
    """Return the asked number of days, the first and the last of them."""
    today = now.astimezone(BEIJING).date()
    asked = request.GET.get("days", "")
    days = next((period for period in _PERIODS if str(period) == asked), _PERIODS[0])
    return days, today - timedelta(days=days - 1), today


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how this site can be used, what is not yet good, and whom to tell."""
    return render(request, "portal/accessibility.html")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Show every public page, the contact and how to report a mistake."""
    return render(request, "portal/site_map.html")


ROUTES = [
    route("", home, name="portal-home", audience=PUBLIC),
    route("notices/<uuid:version_id>/", notice, name="portal-notice", audience=PUBLIC),
    route(
        "notices/<uuid:version_id>/proof.json",
        proving.proof,
        name="portal-proof",
        audience=PUBLIC,
    ),
    route("verify/", proving.verify, name="portal-verify", audience=PUBLIC),
    *explaining.ROUTES,
    route("lots/", lots, name="portal-lots", audience=PUBLIC),
    *plans.ROUTES,
    route("openings/", openings, name="portal-openings", audience=PUBLIC),
    route("statistics/", statistics_page, name="portal-statistics", audience=PUBLIC),
    route("statistics/notices.csv", notices_csv, name="portal-notices-csv", audience=PUBLIC),
    route("statistics/deals.csv", deals_csv, name="portal-deals", audience=PUBLIC),
    route(
        "statistics/participation.csv",
        participation_csv,
        name="portal-participation",
        audience=PUBLIC,
    ),
    route("statistics/bidders/", participation.bidders, name="portal-bidders", audience=PUBLIC),
    route("accessibility/", accessibility, name="portal-accessibility", audience=PUBLIC),
    route("site-map/", site_map, name="portal-site-map", audience=PUBLIC),
]

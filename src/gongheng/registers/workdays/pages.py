"""The calendar for everybody, and its notices for the officers who load and confirm them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.calendar import Day
from gongheng.registers import home
from gongheng.registers.workdays import actions, permissions, queries
from gongheng.registers.workdays.forms import NoticeForm
from gongheng.registers.workdays.models import CalendarNotice, MovedDeadline
from gongheng.trust.identity.actors import actor_of
from gongheng.web import spreadsheets
from gongheng.web.clock import legal_now
from gongheng.web.forms import DecisionForm
from gongheng.web.paging import Page, paginate
from gongheng.web.routes import PUBLIC, route

SHOWN_AGAIN = 422
MOVED_SHOWN = 20
DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it hangs on a wall: weeks from Monday, empty before its first and after its last."""

    number: int
    weeks: list[tuple[Day | None, ...]]
    workdays: int


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show a year's working days with their sources; to officers, what waits for them."""
    return _show(request, DecisionForm())


def _show(request: HttpRequest, form: DecisionForm) -> HttpResponse:
    today = legal_now().astimezone(BEIJING).date()
    known = calendar.national()
    year = _year(request, today)
    actor = actor_of(request)
    is_officer = actor.may(permissions.LOAD) or actor.may(permissions.CONFIRM)
    proposal = queries.proposed() if is_officer else None
    context = {
        "year": year,
        "years": range(known.first.year, known.last.year + 1),
        "months": list(_months(year)),
        "workdays": sum(month.workdays for month in _months(year)),
        "is_provisional": known.day(date(year, 12, 31)).status is calendar.Status.PROVISIONAL,
        "version": known.version,
        "today": today,
        "notices": queries.confirmed_with_moved(),
        "page": _moved(request) if actor.may(permissions.MOVED) else None,
        "keeper": home.keeper(),
        "is_officer": is_officer,
        "proposal": proposal,
        "changes": list(_changes(proposal)) if proposal else [],
        "rejected": queries.rejected()[:10] if is_officer else [],
        "may_load": actor.may(permissions.LOAD) and home.keeper() is None and proposal is None,
        "may_confirm": proposal is not None
        and actor.may(permissions.CONFIRM)
        and proposal.proposed_by != actor.account_id,
        "form": form,
    }
    status = SHOWN_AGAIN if form.errors else 200
    return render(request, "workdays/calendar.html", context, status=status)


def _moved(request: HttpRequest) -> Page[MovedDeadline]:
    rows = queries.moved_within(actor_of(request).reach)
    moved = rows.annotate(published_at=F("notice__since"))
    return paginate(moved, cursor=request.GET.get("page", ""), size=MOVED_SHOWN)


def _changes(notice: CalendarNotice) -> Iterator[queries.Changed]:
    known = calendar.national()
    return queries.changes(queries.days_of(notice, known))


def _year(request: HttpRequest, today: date) -> int:
    known = calendar.national()
    asked = request.GET.get("year", "")
    if not asked:
        return min(max(today.year, known.first.year), known.last.year)
    if not (asked.isascii() and asked.isdecimal() and len(asked) == len("2026")):
        raise Http404
    if not known.first.year <= int(asked) <= known.last.year:
        raise Http404
    return int(asked)


def _months(year: int) -> Iterator[Month]:
    days = calendar.national().days
    of_year = (day for on, day in days.items() if on.year == year)
    for number, each in itertools.groupby(of_year, key=lambda day: day.on.month):
        month = list(each)
        before = month[0].on.weekday()
        after = -(before + len(month)) % DAYS_IN_WEEK
        cells: list[Day | None] = [None] * before + list(month) + [None] * after
        yield Month(number, _weeks(cells), sum(day.is_workday for day in month))


def _weeks(cells: list[Day | None]) -> list[tuple[Day | None, ...]]:
    starts = range(0, len(cells), DAYS_IN_WEEK)
    return [tuple(cells[start : start + DAYS_IN_WEEK]) for start in starts]


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Give a year as CSV: what a program needs to count the same days."""
    year = _year(request, legal_now().astimezone(BEIJING).date())
    head = ("日期", "是否工作日", "类别", "依据", "状态")
    days = [day.as_row() for on, day in calendar.national().days.items() if on.year == year]
    return spreadsheets.answer(f"workdays-{year}", [head, *days])


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Paste a notice; what cannot be right in it is said sentence by sentence."""
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.load(**form.cleaned_data, actor=actor_of(request), now=legal_now())
        except Refusal as refusal:
            sentence = refusal.facts.get("sentence")
            words = f"{refusal}（“{sentence}”）" if sentence else str(refusal)
            form.add_error("text" if sentence else None, words)
        else:
            messages.success(request, "节假日安排已载入，由系统管理员确认后生效。")
            return redirect("calendar")
    status = SHOWN_AGAIN if form.errors else 200
    context = {"form": form, "last": calendar.national().last.year}
    return render(request, "workdays/load.html", context, status=status)


@require_POST
def decide(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Confirm a notice, or send it back with a reason."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        actor, now = actor_of(request), legal_now()
        try:
            if form.cleaned_data["decision"] == "confirm":
                actions.confirm(notice_id=notice_id, actor=actor, now=now)
                words = "节假日安排已生效。尚未届满的期限已按新日历重新计算，已公告的期限没有缩短。"
            else:
                words = form.cleaned_data["words"]
                actions.reject(notice_id=notice_id, words=words, actor=actor, now=now)
                words = "节假日安排已退回，现行日历不变。"
        except CalendarNotice.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("calendar")
    return _show(request, form)


ROUTES = [
    route("calendar/", show, name="calendar", audience=PUBLIC),
    route("calendar/days.csv", table, name="calendar-table", audience=PUBLIC),
    route("calendar/load/", load, name="calendar-load", audience=permissions.LOAD),
    route(
        "calendar/<uuid:notice_id>/decide/",
        decide,
        name="calendar-decide",
        audience=permissions.CONFIRM,
    ),
]

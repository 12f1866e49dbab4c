"""Legal time of a demonstration: shown on every page, and moved forward by whoever is signed in.

A production node has no such clock, so nothing here does anything there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongheng.kernel.clock import BEIJING, FileClock, to_minute
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.web.routes import SIGNED_IN, route

NOT_A_REHEARSAL = Reason(
    code="web.not_a_rehearsal",
    message="本平台不是演示平台，时间不能调整。",
    remedy="正式平台的时间与国家授时一致，任何人都不能调整。",
)
NO_INSTANT = Reason(
    code="web.no_next_instant",
    message="现在没有等待中的时限。",
    remedy="请先办理当前环节，或选择日期快进。",
)
NOT_LATER = Reason(
    code="web.clock_only_forward",
    message="演示时间只能向前，没有调整。",
    remedy="请选择今天以后、一年以内的日期。",
)
FARTHEST = timedelta(days=366)
MORNING = time(9, 0)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant ahead at which something opens or is due, and what."""

    at: datetime
    words: str


Source = Callable[[datetime], Iterable[Moment]]
_sources: list[Source] = []


def provides_moments(source: Source) -> Source:
    """Enter a source of instants that people wait for (decorator); public facts only."""
    _sources.append(source)
    return source


def next_moment(now: datetime) -> Moment | None:
    """Return what comes next after an instant."""
    found = (moment for source in _sources for moment in source(now))
    ahead = (moment for moment in found if moment.at > now)
    return min(ahead, key=lambda moment: moment.at, default=None)


def clock() -> FileClock | None:
    """Return the clock that may be moved, nothing on a node that is no demonstration."""
    found: object = getattr(settings, "GONGHENG_CLOCK", None)
    is_demo = bool(getattr(getattr(settings, "NODE", None), "is_demo", False))
    return found if is_demo and isinstance(found, FileClock) else None


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move legal time to the next instant or to the morning of a day, and go back to the page.

    Raises ``Refusal`` (NOT_A_REHEARSAL, NO_INSTANT, NOT_LATER).
    """
    moved = clock()
    if moved is None:
        raise Refusal(NOT_A_REHEARSAL)
    now = moved.now()
    target = _of_day(request.POST.get("day", "")) if "to_day" in request.POST else next_moment(now)
    if target is None:
        raise Refusal(NO_INSTANT)
    if not now < target.at <= now + FARTHEST:
        raise Refusal(NOT_LATER)
    try:
        moved.advance_to(target.at)
    except ValueError:  # somebody else moved it meanwhile
        raise Refusal(NOT_LATER) from None
    messages.info(request, f"演示时间已快进到 {to_minute(target.at)}{target.words}。")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return HttpResponseRedirect(back)


def _of_day(text: str) -> Moment:
    try:
        day = date.fromisoformat(text)
        return Moment(datetime.combine(day, MORNING, tzinfo=BEIJING), "")
    except ValueError:
        raise Refusal(NOT_LATER) from None


ROUTES = [route("demo/clock/", move, name="demo-clock", audience=SIGNED_IN)]

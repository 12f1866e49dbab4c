"""The platform's time for everybody: what it is, and how near to the nation's."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.kernel.clock import machine_now
from gongheng.registers.timekeeping import queries, rules
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

LOOKED_BACK = timedelta(days=7)
CHANGES_SHOWN = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the legal time, the last look at the time servers, and when officers were told."""
    context = {
        "now": legal_now(),
        "is_demo": settings.NODE.clock_path is not None,
        "servers": settings.NODE.time_servers,
        "newest": queries.newest(),
        "furthest": queries.furthest_since(machine_now() - LOOKED_BACK),
        "changes": queries.told()[:CHANGES_SHOWN],
        "good": rules.State.GOOD,
    }
    return render(request, "timekeeping/time.html", context)


ROUTES = [route("time/", show, name="platform-time", audience=PUBLIC)]

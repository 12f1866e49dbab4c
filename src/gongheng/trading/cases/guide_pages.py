"""How a trade goes, for everybody: the picture and the table of each adopted procedure (002-6.1.2b)."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import drawing, queries, standing as standings, table
from gongheng.trading.cases.declaration import Procedure
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route


def picture(procedure: Procedure, *, on: date, here: str = "") -> dict[str, SafeString]:
    """Return a procedure drawn and in words, with the terms in force on a day."""
    # Both write nothing but what the declaration says, escaped.
    return {
        "drawing": mark_safe(drawing.draw(procedure, here=here)),  # noqa: S308
        "table": mark_safe(table.as_table(procedure, on=on)),  # noqa: S308
    }


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """List the procedures by which this platform conducts trades."""
    found = [(standings.declaration(version.pk), version) for version in queries.newest_versions()]
    return render(request, "cases/procedures.html", {"procedures": found})


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show the newest version of a procedure, with the terms of today."""
    version = queries.newest_version(code)
    if version is None:
        raise Http404
    declared = standings.declaration(version.pk)
    context = {
        "procedure": declared,
        "version": version,
        "picture": picture(declared, on=day_of(legal_now())),
        "trail": [(reverse("procedures"), "交易流程")],
    }
    return render(request, "cases/procedure.html", context)


ROUTES = [
    route("procedures/", procedures, name="procedures", audience=PUBLIC),
    route("procedures/<slug:code>/", procedure, name="procedure", audience=PUBLIC),
]

"""How a trade goes, for everybody: each adopted procedure drawn and in words, its deposits and disputes (002-6.1.2)."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from gongheng.kernel import terms
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import drawing, queries, standing as standings, table
from gongheng.trading.cases.declaration import Period, Procedure, TermName, Threshold
from gongheng.trading.cases.shape import terms_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

COMPLAINT = "D-02"
Said = Iterator[tuple[str, list[str]]]
"""A heading, and the sentences under it."""


def picture(procedure: Procedure, *, on: date, here: str = "") -> dict[str, SafeString]:
    """Return a procedure drawn and in words, with the terms in force on a day."""
    # Both write nothing but what the declaration says, escaped.
    return {
        "drawing": mark_safe(drawing.draw(procedure, here=here)),  # noqa: S308
        "table": mark_safe(table.as_table(procedure, on=on)),  # noqa: S308
    }


def _deposits(procedure: Procedure, *, on: date) -> Said:
    for deposit in procedure.deposits:
        yield deposit.label, _sentences((*deposit.limits, *deposit.refunds), on=on)


def _disputes(procedure: Procedure, *, on: date) -> Said:
    for dispute in procedure.disputes:
        steps = procedure.step(dispute.objection), procedure.step(dispute.answer)
        yield dispute.label, _sentences((name for step in steps for name in terms_of(step)), on=on)


def _sentences(names: Iterable[TermName | Period | Threshold], *, on: date) -> list[str]:
    distinct = dict.fromkeys((name.rule, name.key) for name in names)
    return [str(terms.in_force(rule, on, key)) for rule, key in distinct]


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
    declared, on = standings.declaration(version.pk), day_of(legal_now())
    context = {
        "procedure": declared,
        "version": version,
        "deposits": list(_deposits(declared, on=on)),
        "disputes": list(_disputes(declared, on=on)),
        "complaint": terms.in_force(COMPLAINT, on),
        "picture": picture(declared, on=on),
        "trail": [(reverse("procedures"), "交易流程")],
    }
    return render(request, "cases/procedure.html", context)


ROUTES = [
    route("procedures/", procedures, name="procedures", audience=PUBLIC),
    route("procedures/<slug:code>/", procedure, name="procedure", audience=PUBLIC),
]

"""The quality of imported history: what is missing, wrong or late, source by source."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongheng.data.imports import permissions, queries
from gongheng.data.imports.kinds import Category
from gongheng.web.routes import route


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """Show the sources; of the one that is asked for, every fault with counts and examples."""
    sources = queries.sources()
    wanted = request.GET.get("source")
    if wanted is not None and wanted not in {source.name for source in sources}:
        raise Http404
    context: dict[str, object] = {
        "sources": sources,
        "wanted": wanted,
        "files": queries.files()[:20],
    }
    if wanted is not None:
        order = list(Category)
        tallies = sorted(queries.tallies(wanted), key=lambda tally: order.index(tally.category))
        context |= {
            "groups": [
                (category.label, list(group))
                for category, group in groupby(tallies, key=lambda tally: tally.category)
            ],
            "refusals": queries.refusals(wanted),
        }
    return render(request, "imports/quality.html", context)


ROUTES = [route("imports/", quality, name="imports-quality", audience=permissions.VIEW)]

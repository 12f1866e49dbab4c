"""The pages of search: results, feed, calendar, and the questions that people keep."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongheng.public.search import actions, feeds, filters, queries, results
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, SIGNED_IN, route


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the notices that meet the visitor's conditions."""
    context = results.results(request.GET.dict(), now=legal_now())
    return render(request, "search/results.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest notices of a search as an Atom feed."""
    asked, now = filters.read(request.GET.dict()), legal_now()
    found = queries.newest(asked, now=now, size=feeds.MOST)
    if found.is_given_up:
        return _come_back()
    content = feeds.atom(found.hits, asked, now=now)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Give the moments still to come of a search as a calendar."""
    asked, now = filters.read(request.GET.dict()), legal_now()
    found = queries.newest(
        asked, now=now, size=feeds.MOST_LOOKED_THROUGH, since=now - feeds.LOOKED_BACK
    )
    if found.is_given_up:
        return _come_back()
    answer = HttpResponse(
        feeds.calendar(found.hits, asked, now=now), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return answer


def _come_back() -> HttpResponse:
    """Tell a program that there is no answer now: an empty one would be a wrong one."""
    said = "符合查询的公告太多，未能在限定时间内排出；请稍后再试，或再加一个词、一个条件。"
    headers = {"Retry-After": "300"}
    return HttpResponse(said, status=503, headers=headers, content_type="text/plain; charset=utf-8")


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Show the questions that somebody keeps, with what is new since the last look."""
    kept = results.saved_rows(queries.saved_of(actor_of(request)), now=legal_now())
    return render(request, "search/saved.html", {"kept": kept})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a question."""
    asked = filters.read(QueryDict(request.POST.get("query", "")[:2000]).dict())
    query = urlencode(results.query_of(asked))
    name = request.POST.get("name", "").strip() or results.name_of(asked)
    actions.save_search(query=query, name=name, actor=actor_of(request), now=legal_now())
    return redirect("search-saved")


@require_safe
def look(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Lead to the answers of a question that one keeps, and remember the look."""
    kept = actions.look(search_id=search_id, actor=actor_of(request), now=legal_now())
    if kept is None:
        raise Http404
    return redirect(f"{reverse('search')}?{kept.query}")


@require_POST
def forget(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Drop a question that one keeps."""
    if not actions.forget(search_id=search_id, actor=actor_of(request)):
        raise Http404
    return redirect("search-saved")


ROUTES = [
    route("notices/", search, name="search", audience=PUBLIC),
    route("notices/feed.atom", feed, name="search-feed", audience=PUBLIC),
    route("notices/deadlines.ics", calendar, name="search-calendar", audience=PUBLIC),
    route("searches/", saved, name="search-saved", audience=SIGNED_IN),
    route("searches/save/", save, name="search-save", audience=SIGNED_IN),
    route("searches/<uuid:search_id>/", look, name="search-look", audience=SIGNED_IN),
    route("searches/<uuid:search_id>/forget/", forget, name="search-forget", audience=SIGNED_IN),
]

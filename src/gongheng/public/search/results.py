"""The page of results: rows with marked words, ways to narrow, and what to do when there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from gongheng.data.records.kinds import TradeType
from gongheng.data.standard import regions
from gongheng.public.search import facets, filters, listing, marking, queries
from gongheng.public.search.filters import Chip, Filters
from gongheng.public.search.marking import Part
from gongheng.public.search.models import SavedSearch
from gongheng.public.search.places import place_of
from gongheng.public.search.queries import Found, Hit

PAGE_SIZE = 20
_TRADES = tuple((str(value), str(words)) for value, words in TradeType.choices)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A hit as the list shows it: its title and the surroundings of the words, in pieces."""

    row: listing.Row
    title: list[Part]
    excerpt: list[Part]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A condition to drop, and how many hits there would be without it."""

    chip: Chip
    number: str


def results(query: Mapping[str, str], *, now: datetime) -> dict[str, object]:
    """Return everything the page of results shows for an address."""
    asked = filters.read(query)
    cursor = query.get("page", "")
    place = place_of(cursor)
    top = listing.own_region()
    found = queries.find(asked, now=now, place=place, size=PAGE_SIZE, within=top)
    chips = filters.chips(asked)
    is_empty = not found.hits and not found.is_given_up
    sources = listing.sources_of(found.hits)
    return {
        "filters": asked,
        "query": urlencode(query_of(asked)),
        "name": name_of(asked),
        "chips": chips,
        "found": found,
        "page": found,
        "is_cursor_ignored": bool(cursor) and place is None,
        "rows": [row_of(hit, asked, sources) for hit in found.hits],
        "facets": facets.facets(found, asked),
        "ways_out": _ways_out(asked, chips, now) if is_empty and len(chips) > 1 else [],
        "trades": _TRADES,
        "kinds": [(kind, kind) for kind in listing.kinds()],
        "divisions": _divisions(asked.region or top, top),
    }


def _divisions(region: str, top: str) -> list[tuple[str, str]]:
    """Return the way down to a region, and the divisions directly below it, set in."""
    above = [(each.code, f"{each.name}（含下辖）") for each in regions.above(region, top=top)]
    return above + [(each.code, f"　{each.name}") for each in regions.within(region)]


def row_of(hit: Hit, asked: Filters, sources: Mapping[UUID, str]) -> ResultRow:
    """Return a hit as the list shows it."""
    question = asked.question
    is_elsewhere = bool(question.terms) and not hit.is_in_title
    return ResultRow(
        row=listing.row(hit, source=sources.get(hit.version_id, "")),
        title=marking.parts(hit.title, question, is_whole=is_elsewhere),
        excerpt=marking.excerpt(hit.text, question) if is_elsewhere else [],
    )


def _ways_out(asked: Filters, chips: Sequence[Chip], now: datetime) -> list[WayOut]:
    ways = [(chip, queries.count(without(asked, chip.parameter), now=now)) for chip in chips]
    return [WayOut(chip, found.number) for chip, found in ways if found.count]


def without(asked: Filters, parameter: str) -> Filters:
    """Return the conditions without the one that a parameter sets."""
    if parameter == "q":
        return replace(asked, text="")
    if parameter == "trade":
        return replace(asked, trade="")
    if parameter == "region":
        return replace(asked, region="", is_region_alone=False)
    if parameter in {"kind", "deals"}:
        return replace(
            asked,
            kind="" if parameter == "kind" else asked.kind,
            is_deal=asked.is_deal and parameter != "deals",
        )
    return replace(asked, first_day=None) if parameter == "from" else replace(asked, last_day=None)


def query_of(asked: Filters) -> dict[str, str]:
    """Return the parameters of the address that asks for this, without what was left out."""
    values = {
        "q": asked.text,
        "trade": asked.trade,
        "region": asked.region,
        "alone": "1" if asked.is_region_alone else "",
        "kind": asked.kind,
        "deals": "1" if asked.is_deal else "",
        "from": asked.first_day.isoformat() if asked.first_day else "",
        "to": asked.last_day.isoformat() if asked.last_day else "",
    }
    return {name: value for name, value in values.items() if value}


def name_of(asked: Filters) -> str:
    """Return a search in words."""
    return "，".join(chip.value for chip in filters.chips(asked)) or "全部公告"


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A kept question: what it asks, and how many notices came since the last look."""

    saved: SavedSearch
    words: str
    news: Found


def saved_rows(kept: Iterable[SavedSearch], *, now: datetime) -> list[SavedRow]:
    """Return kept questions as their list shows them."""
    rows = []
    for saved in kept:
        asked = filters.read(QueryDict(saved.query).dict())
        news = queries.count(asked, now=now, since=saved.seen_at)
        rows.append(SavedRow(saved, name_of(asked), news))
    return rows

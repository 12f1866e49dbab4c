"""Searching: a page of hits, how many there are, how they are spread, and what belongs to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.utils import OperationalError

from gongheng.data.standard import regions
from gongheng.public.search import statements, windows, words
from gongheng.public.search.conditions import condition, most_counted
from gongheng.public.search.filters import Filters
from gongheng.public.search.models import SavedSearch
from gongheng.public.search.places import Place
from gongheng.public.search.statements import MOST_COUNTED, Condition
from gongheng.public.search.texts import project_marks, projects_of
from gongheng.public.search.windows import Side
from gongheng.public.search.words import Question
from gongheng.trust.identity.actors import Actor

_RELATED = 10
_MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A found notice; ``is_in_title`` when its title holds all that was asked for."""

    is_in_title: bool
    id: UUID
    version_id: UUID
    region_code: str
    trade_type: str
    kind: str
    title: str
    transaction_code: str
    published_at: datetime
    text: str

    def place(self, *, is_back: bool = False) -> str:
        """Return the place beside this hit as it stands in an address."""
        return Place(self.is_in_title, self.published_at, self.id, is_back).encoded()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, those in titles first and newest first within, and the places beside it.

    ``count`` goes no further than ``most`` + 1; of so many, ``shares`` (facet, value,
    number) counts only a part, and ``months`` (2026-10) are the newest ones with any notice.
    ``is_given_up``: the question was too wide to be answered in time.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    shares: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    months: Sequence[str] = ()
    previous: str = ""
    next: str = ""
    is_given_up: bool = False
    most: int = MOST_COUNTED

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more hits than were counted."""
        return self.count > self.most

    @property
    def number(self) -> str:
        """Return the number of hits as it is shown."""
        return f"{self.most:,}+" if self.is_capped else f"{self.count:,}"


def find(
    filters: Filters,
    *,
    now: datetime,
    place: Place | None = None,
    size: int = 20,
    within: str = regions.NATION,
) -> Found:
    """Return the page of hits at ``place``, with counts by the divisions below ``within``."""
    asked = _anywhere(filters, filters.question, now)
    width = _width(filters.region or within)
    looked: list[int] = []

    def hits(rows: Sequence[tuple[Any, ...]]) -> int:
        looked.append(rows[0][2])
        return looked[-1]

    try:
        rows = windows.answer(
            asked,
            _side(filters, None, is_back=False),
            ask=lambda part: statements.overview(part, width=width),
            hits=hits,
            enough=asked.most + 1,
        )
        seen = _seen(rows, most=asked.most, nearby=looked[0] if looked else None)
        found = _page(filters, now, place, size, seen)
        return replace(found, months=_months(filters, now)) if found.is_capped else found
    except OperationalError:  # the time for a statement was over
        return Found(is_given_up=True)


def _months(filters: Filters, now: datetime) -> list[str]:
    days = Filters(first_day=filters.first_day, last_day=filters.last_day)
    return statements.months(condition(days, "", now), most=_MOST_MONTHS)


def count(filters: Filters, *, now: datetime, since: datetime | None = None) -> Found:
    """Return how many hits there are, without them. ``since``: only those published after that."""
    asked = _after(_anywhere(filters, filters.question, now), since)
    try:
        number = windows.answer(
            asked,
            _side(filters, None, is_back=False, since=since),
            ask=statements.number,
            hits=lambda number: number,
            enough=asked.most + 1,
        )
    except OperationalError:
        return Found(is_given_up=True)
    return Found(count=number, most=asked.most)


def newest(filters: Filters, *, now: datetime, size: int, since: datetime | None = None) -> Found:
    """Return the newest hits, wherever the words stand in them, without their number."""
    asked = _after(_anywhere(filters, filters.question, now), since)
    try:
        rows = windows.answer(
            asked,
            _side(filters, None, is_back=False, since=since),
            ask=lambda part: statements.page(part, place=None, is_back=False, size=size),
            hits=len,
            enough=size,
        )
    except OperationalError:
        return Found(is_given_up=True)
    return Found(hits=_read(rows, is_in_title=False))


def _after(asked: Condition, since: datetime | None) -> Condition:
    if since is None:
        return asked
    columns = (*asked.columns, "published_at > %(since)s")
    return replace(asked, columns=columns, values={**asked.values, "since": since})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look over all hits tells; ``among``: the ids of all of them, while they are few.

    ``nearby``: how many the nearest notices hold, if they were looked through.
    """

    count: int
    shares: Mapping[str, Mapping[str, int]]
    among: Sequence[UUID] | None
    nearby: int | None


def _seen(rows: Sequence[tuple[Any, ...]], *, most: int, nearby: int | None) -> _Seen:
    _, _, count, ids = rows[0]
    shares: dict[str, dict[str, int]] = {}
    for facet, value, number, _ in rows[1:]:
        shares.setdefault(str(facet), {})[str(value)] = number
    return _Seen(count, shares, ids if count <= most else None, nearby)


def _page(filters: Filters, now: datetime, place: Place | None, size: int, seen: _Seen) -> Found:
    is_back = bool(place and place.is_back)
    hits = _hits(filters, now, place, size + 1, seen) if seen.count else []
    if is_back and not hits:
        return _page(filters, now, None, size, seen)
    has_more, shown = len(hits) > size, hits[:size]
    if is_back:
        shown.reverse()
    has_before = has_more if is_back else bool(place and shown)
    has_after = bool(shown) if is_back else has_more
    return Found(
        hits=shown,
        count=seen.count,
        shares=seen.shares,
        previous=shown[0].place(is_back=True) if has_before else "",
        next=shown[-1].place() if has_after else "",
        most=most_counted(filters),
    )


def _hits(
    filters: Filters, now: datetime, place: Place | None, size: int, seen: _Seen
) -> list[Hit]:
    """Return hits from a place on, nearest first: of titles, then the others, or backwards."""
    asked = filters.question
    is_back = bool(place and place.is_back)
    ranks = [True, False] if asked.terms and asked.anywhere() else [bool(asked.terms)]
    if is_back:
        ranks.reverse()
    if place and place.is_in_title in ranks:
        ranks = ranks[ranks.index(place.is_in_title) :]
    is_counted = seen.count <= most_counted(filters)
    enough = min(size, seen.count) if is_counted and place is None else size
    found: list[Hit] = []
    for rank in ranks:
        told = [hit.id for hit in found] if place is None and asked.is_told_anywhere else None
        asked_here = _of_rank(filters, asked, now, is_in_title=rank, told=told)
        beside = place if place and place.is_in_title == rank else None
        missing = size - len(found)
        ask = partial(
            statements.page, place=beside, is_back=is_back, size=missing, among=seen.among
        )
        if is_counted:
            rows = ask(asked_here)
        else:
            rows = windows.answer(
                asked_here,
                _side(filters, beside, is_back=is_back),
                ask=ask,
                hits=len,
                enough=missing,
                nearest=None if place else _nearest(seen, wanted=missing, is_in_title=rank),
            )
        found += _read(rows, is_in_title=rank)
        if len(found) >= enough:
            break
    return found


def _nearest(seen: _Seen, *, wanted: int, is_in_title: bool) -> int | None:
    """Return how many notices to look through first, from what the nearest are known to hold.

    Where these hold fewer hits than are wanted, they hold fewer still in titles: all are asked.
    """
    if seen.nearby is None or seen.nearby >= wanted:
        return None
    return 0 if is_in_title else windows.likely(seen.nearby, wanted=wanted)


def _side(
    filters: Filters, beside: Place | None, *, is_back: bool, since: datetime | None = None
) -> Side:
    """Return where the hits beside a place begin; without one, at an end of the days asked for."""
    starts_at = max(filter(None, (filters.starts_at, since)), default=None)
    first, last = (starts_at, filters.ends_at) if is_back else (filters.ends_at, starts_at)
    return Side(beside.at if beside else first, last, is_back=is_back)


def _of_rank(
    filters: Filters,
    asked: Question,
    now: datetime,
    *,
    is_in_title: bool,
    told: Sequence[UUID] | None = None,
) -> Condition:
    """Return the condition of a rank; ``told``: all hits of titles, if they are known."""
    if not asked.terms:
        return condition(filters, "", now)
    if is_in_title:
        return condition(filters, asked.in_title(), now)
    if told is not None:
        others = condition(filters, asked.anywhere(), now)
        columns = (*others.columns, "NOT id = ANY(%(told)s)")
        return replace(others, columns=columns, values={**others.values, "told": list(told)})
    return condition(filters, f"({asked.anywhere()}) & !({asked.in_title()})", now)


def _anywhere(filters: Filters, asked: Question, now: datetime) -> Condition:
    if asked.is_told_anywhere:
        return condition(filters, asked.anywhere(), now)
    choices = [f"({part})" for part in (asked.in_title(), asked.anywhere()) if part]
    return condition(filters, " | ".join(choices) if asked.terms else "", now)


def _width(region: str) -> int:
    """Return how many digits tell the divisions directly below a region apart."""
    return min(len(regions.reach_of(region)) + 2, 6)


def related(
    *,
    title: str,
    dataset: str,
    body: Mapping[str, str],
    region: str,
    besides: Sequence[UUID],
    now: datetime,
) -> list[Hit]:
    """Return other notices of the same project, newest first: by its codes, or its name nearby."""
    marks = project_marks(title, projects_of(dataset, body))
    return of_project(marks, region=region, besides=besides, now=now, most=_RELATED)


def of_project(
    marks: Sequence[str], *, region: str, besides: Sequence[UUID], now: datetime, most: int
) -> list[Hit]:
    """Return the newest notices that share a mark of a project: a code, or a name nearby."""
    codes = words.with_any_mark(mark for mark in marks if mark.startswith("j:"))
    named = words.with_any_mark(mark for mark in marks if mark.startswith("p:"))
    nearby = f"({named}) & ({words.with_marks([f'r:{region[:4]}'])})" if named else ""
    tokens = " | ".join(f"({part})" for part in (codes, nearby) if part)
    if not tokens:
        return []
    asked = condition(Filters(), tokens, now)
    kept = replace(
        asked,
        columns=(*asked.columns, "NOT version_id = ANY(%(besides)s)"),
        values={**asked.values, "besides": list(besides)},
    )
    rows = statements.page(kept, place=None, is_back=False, size=most)
    return _read(rows, is_in_title=False)


def _read(rows: Iterable[tuple[Any, ...]], *, is_in_title: bool) -> list[Hit]:
    return [Hit(is_in_title, *row) for row in rows]


@dataclass(frozen=True, slots=True)
class Total:
    """Deals of one value of a facet; sums in yuan. ``reckoned`` and ``paid`` are of deals with both.

    ``facet`` is ``trade``, ``region``, ``month``, or empty for all.
    """

    facet: str
    value: str
    deals: int
    priced: int
    amount: Decimal
    reckoned: Decimal
    paid: Decimal


def deal_totals(filters: Filters, *, within: str, now: datetime) -> list[Total]:
    """Return what the deals came to, by trade, by division below ``within``, by month, and in all."""
    asked = condition(replace(filters, is_deal=True), "", now)
    rows = statements.totals(asked, width=_width(within))
    return [Total(*row) for row in rows]


def saved_of(actor: Actor) -> QuerySet[SavedSearch]:
    """Return the questions that somebody keeps, newest first."""
    return SavedSearch.objects.filter(account_id=actor.person_id).order_by("-saved_at", "-id")

"""A search as an Atom feed of notices, and as a calendar of their deadlines."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from gongheng.data.records import queries as records
from gongheng.data.records.models import Version
from gongheng.data.standard import history, regions, registry
from gongheng.data.standard.times import instant_of
from gongheng.public.search.filters import Filters
from gongheng.public.search.queries import Hit
from gongheng.public.search.results import name_of, query_of

MOST = 50
"""Notices of a feed."""
MOST_LOOKED_THROUGH, LOOKED_BACK = 500, timedelta(days=120)
"""Notices that a calendar looks through for deadlines still to come, and how far back."""
_EXCERPT = 300
_FOLDED_AT = 73


def address_of(route: str, asked: Filters) -> str:
    """Return the whole address of a search in one of its shapes."""
    query = urlencode(query_of(asked))
    return f"{settings.NODE.url.rstrip('/')}{reverse(route)}" + (f"?{query}" if query else "")


def atom(hits: Sequence[Hit], asked: Filters, *, now: datetime) -> str:
    """Return the newest hits as an Atom feed."""
    feed = Atom1Feed(
        title=f"{settings.NODE.name}：{name_of(asked)}",
        link=address_of("search", asked),
        feed_url=address_of("search-feed", asked),
        description="",
        language="zh-CN",
        author_name=settings.NODE.name,
    )
    for hit in hits:
        feed.add_item(
            title=_printable(hit.title),
            link=_page_of(hit),
            description=_printable(hit.text[:_EXCERPT]),
            unique_id=f"urn:uuid:{hit.version_id}",
            pubdate=hit.published_at if hit.published_at != history.UNKNOWN_DAY else None,
            updateddate=hit.published_at,
            categories=[word for word in (hit.kind, regions.full_name(hit.region_code)) if word],
        )
    if not hits:
        feed.latest_post_date = lambda: now  # type: ignore[method-assign]
    return feed.writeString("utf-8")


def _page_of(hit: Hit) -> str:
    address = reverse("portal-notice", args=[hit.version_id])
    return f"{settings.NODE.url.rstrip('/')}{address}"


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def calendar(hits: Sequence[Hit], asked: Filters, *, now: datetime) -> str:
    """Return the moments still to come of the hits as an iCalendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gongheng//Search//ZH",
        f"X-WR-CALNAME:{_escaped(name_of(asked))}",
    ]
    bodies = Version.objects.in_bulk([hit.version_id for hit in hits])
    for hit in hits:
        version = bodies.get(hit.version_id)
        if version is not None:
            lines += _events(hit, version, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _events(hit: Hit, version: Version, now: datetime) -> Iterator[str]:
    body = records.public_body(version)
    for field in registry.dataset(version.dataset).fields:
        at = instant_of(body.get(field.code, "")) if field.type == "datetime" else None
        if at is None or at <= now:
            continue
        yield "BEGIN:VEVENT"
        yield f"UID:{hit.id}-{field.code}@{settings.NODE.code}"
        yield f"DTSTAMP:{_stamp(hit.published_at)}"
        yield f"DTSTART:{_stamp(at)}"
        yield f"SUMMARY:{_escaped(f'{field.label}：{hit.title}')}"
        yield f"URL:{_page_of(hit)}"
        yield "END:VEVENT"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    escaped = _printable(text)
    for sign in "\\;,":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped


def _folded(line: str) -> Iterator[str]:
    """Yield the lines of a line: none longer than 75 bytes, a blank before every further one."""
    kept = ""
    for letter in line:
        if len((kept + letter).encode()) > _FOLDED_AT:
            yield kept
            kept = " "
        kept += letter
    yield kept

"""Everything the page of one record shows: facts, course of the case, versions, standing, proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from gongheng.data.records import queries as records
from gongheng.data.records.kinds import Operation
from gongheng.data.records.models import Current, Version
from gongheng.data.standard import regions, summary
from gongheng.public.portal import queries
from gongheng.public.portal.past import Past, past_of
from gongheng.public.portal.presenting import Shown, shown
from gongheng.public.portal.proving import Publication, publication_of
from gongheng.public.search import listing, queries as search
from gongheng.public.search.listing import tone_of


@dataclass(frozen=True, slots=True)
class Station:
    """A record in the course of a case."""

    row: listing.Row
    is_here: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the record."""

    id: UUID
    number: int
    deed: str
    published_at: datetime
    is_here: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The page of one version. ``newer``: the version in force when this one is superseded."""

    id: UUID
    title: str
    kind: str
    tone: str
    trade: str
    trade_code: str
    where: str
    region_code: str
    case_code: str
    transaction_code: str
    source: str
    published_at: datetime
    past: Past | None
    received_at: datetime
    shown: Shown
    now: datetime
    next_moment: str
    lots: list[listing.Row]
    course: list[Station]
    editions: list[Edition]
    is_withdrawn: bool
    newer: UUID | None
    related: list[listing.Row]
    publication: Publication | None
    take_part: str
    """Where one gets the documents, bids and asks; empty where this node does not run the tender."""


_INVITES = "TENDER_ANN_QUA_INQUERY_ANN"
"""The notices by which everybody is invited to bid."""


def record_page(version_id: UUID, *, now: datetime) -> RecordPage | None:
    """Return the page of a public version, or None when everybody may not see one."""
    version = records.public_record(version_id, now=now)
    if version is None:
        return None
    about = summary.describe(version.dataset, version.body)
    body = records.public_body(version)
    # The words of the page come from what is public; a title from a kept-back field falls away.
    title = summary.describe(version.dataset, body).title
    past = past_of(version, body, title=title)
    content = past.content if past else shown(version.dataset, body, title=title)
    current = records.current_of(version)
    of_case = list(records.case_records(version.case_code, now=now))
    course = [_station(record, version) for record in of_case]
    return RecordPage(
        id=version.pk,
        title=title,
        kind=about.kind,
        tone=tone_of(about.kind),
        trade=listing.trade_label(about.trade_type),
        trade_code=about.trade_type,
        where=regions.full_name(version.region_code),
        region_code=version.region_code,
        case_code=version.case_code,
        transaction_code=about.transaction_code,
        source=f"历史导入 · {past.source}" if past else source_of(version.origin),
        published_at=version.published_at,
        past=past,
        received_at=version.received_at,
        shown=content,
        now=now,
        next_moment=next((each.id for each in content.moments if each.at > now), ""),
        lots=[] if version.dataset == queries.LOTS else _lots(of_case),
        course=course,
        editions=_editions(version, current, now),
        is_withdrawn=current is not None and current.is_withdrawn,
        newer=current.version_id if _is_superseded(version, current) and current else None,
        related=_related(version, title, body, of_case, now),
        publication=publication_of(version),
        take_part=_take_part(version),
    )


def _take_part(version: Version) -> str:
    if version.dataset != _INVITES or version.origin != settings.NODE.code:
        return ""
    try:
        return reverse("questions", args=[version.case_code])
    except NoReverseMatch:
        return ""


def _related(
    version: Version,
    title: str,
    body: Mapping[str, str],
    of_case: Sequence[Current],
    now: datetime,
) -> list[listing.Row]:
    """Return other notices of the same project that the course of the case does not show."""
    shown_already = [version.pk, *(record.version_id for record in of_case)]
    hits = search.related(
        title=title,
        dataset=version.dataset,
        body=body,
        region=version.region_code,
        besides=shown_already,
        now=now,
    )
    return [listing.row(hit) for hit in hits]


def _lots(of_case: list[Current]) -> list[listing.Row]:
    return listing.rows(
        record for record in of_case if record.dataset == queries.LOTS and not record.is_withdrawn
    )


def _station(record: Current, version: Version) -> Station:
    is_here = record.dataset == version.dataset and record.key == version.key
    return Station(listing.row(record), is_here=is_here, is_withdrawn=record.is_withdrawn)


def _is_superseded(version: Version, current: Current | None) -> bool:
    return current is not None and current.version_id != version.pk


def _editions(version: Version, current: Current | None, now: datetime) -> list[Edition]:
    return [
        Edition(
            id=each.pk,
            number=each.number,
            deed=str(Operation(each.operation).label),
            published_at=each.published_at,
            is_here=each.pk == version.pk,
            is_in_force=current is not None and each.pk == current.version_id,
        )
        for each in records.public_versions_of(version, now=now)
    ]


def source_of(origin: str) -> str:
    """Return the name of the platform where a version was made; its code when we do not know it."""
    node = settings.NODE
    names = {peer.code: peer.name for peer in node.peers} | {node.code: node.name}
    return str(names.get(origin) or f"{regions.full_name(origin)}公共资源交易平台（{origin}）")

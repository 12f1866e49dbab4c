"""Rows of records as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from gongheng.data.records.models import Current
from gongheng.public.portal import regions
from gongheng.public.portal.presenting import tone_of


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; ``id`` is the version that its page shows."""

    id: UUID
    title: str
    kind: str
    tone: str
    where: str
    transaction_code: str
    published_at: datetime


def own_region() -> str:
    """Return the division that this node serves."""
    return str(settings.NODE.region_code)


def row(record: Current) -> Row:
    """Return the line of a record."""
    return Row(
        id=record.version_id,
        title=record.title,
        kind=record.kind,
        tone=tone_of(record.kind),
        where=regions.short_name(record.region_code, within=own_region()),
        transaction_code=record.transaction_code,
        published_at=record.published_at,
    )


def rows(records: Iterable[Current]) -> list[Row]:
    """Return the lines of records, in their order."""
    return [row(record) for record in records]

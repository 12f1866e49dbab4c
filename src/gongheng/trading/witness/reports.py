"""What a record tells the log and supervision: digests and numbers, never whom a witness saw (A-04)."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.trading.witness.models import Entry, Record


def written(entry: Entry, *, now: datetime) -> Act:
    """Report an entry by its digest: it holds the one before, so none can be changed or left out."""
    return _act(entry.record, "witness.written", now=now, number=entry.number, digest=entry.digest)


def closed(record: Record, *, now: datetime) -> Act:
    """Report that a record was closed, with the digest of its paper."""
    return _act(record, "witness.closed", now=now, digest=record.digest)


def _act(record: Record, kind: str, *, now: datetime, **facts: object) -> Act:
    case = record.case
    return records.act(
        case_code=case.code,
        kind=kind,
        actor_code=settings.NODE.platform_code,
        facts={"round": case.round_number, "sitting": record.sitting, **facts},
        audience=Audience.SUPERVISION,
        now=now,
        region_code=record.region_code,
    )

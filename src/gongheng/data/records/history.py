"""Taking in history: many records of another platform at once, as they were published there.

Inner half of ``actions``: nothing outside this room writes records.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from gongheng.data.records import leaves
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.kinds import Audience, Operation, State
from gongheng.data.records.models import Current, Judgement, Version
from gongheng.data.standard import disclosure, history, summary
from gongheng.kernel.codes import region as regions
from gongheng.kernel.identifiers import uuid7

NOWHERE = regions.NATION
"""Where a notice belongs whose source names no division."""


def store(
    entries: Sequence[tuple[str, Mapping[str, str]]], *, stays_here: bool, now: datetime
) -> list[Version]:
    """Insert versions, current rows, judgements and leaves: one statement each for all entries."""
    versions = [
        _version(dataset, dict(body), stays_here=stays_here, now=now) for dataset, body in entries
    ]
    Version.objects.bulk_create(versions)
    Current.objects.bulk_create([_current(version) for version in versions])
    Judgement.objects.bulk_create(
        [Judgement(version=version, state=State.ACCEPTED, judged_at=now) for version in versions]
    )
    leaves.enter_records(versions)
    return versions


def _version(dataset: str, body: dict[str, str], *, stays_here: bool, now: datetime) -> Version:
    return Version(
        id=uuid7(),
        region_code=body.get(history.REGION) or NOWHERE,
        dataset=dataset,
        key=history.key_of(dataset, body),
        number=1,
        operation=Operation.INSERT,
        body=body,
        digest=digest_of(disclosure.exportable_body(dataset, body)),
        salt=leaves.new_salt(),
        audience=Audience.PUBLIC,
        not_before=None,
        origin=settings.NODE.code,
        case_code=history.case_code_of(body),
        stays_here=stays_here,
        published_at=history.published_at(body),
        received_at=now,
    )


def _current(version: Version) -> Current:
    return Current(dataset=version.dataset, key=version.key, version=version, **shown(version))


def shown(version: Version) -> dict[str, object]:
    """Return what the row for lists repeats of an imported version."""
    about = summary.describe(version.dataset, version.body)
    return {
        "region_code": version.region_code,
        "audience": version.audience,
        "case_code": version.case_code,
        "title": version.body[history.TITLE],
        "kind": about.kind,
        "trade_type": about.trade_type,
        "is_notice": True,
        "source": version.body[history.SOURCE],
        "published_at": version.published_at,
    }

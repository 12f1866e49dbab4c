"""Readers of the interface: what the record store, the search, the standard and the log let out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from gongheng.data.records import queries as records
from gongheng.data.records.kinds import Operation
from gongheng.data.records.models import Act, Current, Version
from gongheng.data.standard import regions, registry, summary
from gongheng.data.standard.lists import CodeList
from gongheng.data.standard.registry import Dataset
from gongheng.kernel.clock import BEIJING, midnight
from gongheng.public.opendata import schemas
from gongheng.public.search.participation import Share
from gongheng.public.search.queries import Hit

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
"""Days outside are slips of the pen, and some cannot be written as an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Which notices are asked for; empty says nothing."""

    trade: str = ""
    region: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


def notices(asked: Conditions, *, now: datetime) -> QuerySet[Current]:
    """Return the public notices that meet every condition."""
    rows = records.notices(now=now)
    if asked.trade:
        rows = rows.filter(trade_type=asked.trade)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if reach := regions.reach_of(asked.region) if asked.region else "":
        rows = rows.filter(region_code__startswith=reach)
    if asked.first:
        rows = rows.filter(published_at__gte=midnight(within(asked.first)))
    if asked.last:
        rows = rows.filter(published_at__lt=midnight(within(asked.last)) + timedelta(days=1))
    return rows


def within(day: date) -> date:
    """Return a day, or the nearest one that can be written as an instant."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def notice_row(row: Current) -> schemas.NoticeRow:
    """Return the line of a notice."""
    return schemas.NoticeRow(
        dataset=row.dataset,
        case_code=row.case_code,
        **_told(row),
    )


def found_row(hit: Hit) -> schemas.FoundRow:
    """Return the line of a notice that was found."""
    return schemas.FoundRow(
        is_in_title=hit.is_in_title,
        **_told(hit),
    )


def _told(notice: Current | Hit) -> dict[str, Any]:
    """Return what every line of a notice says."""
    return {
        "id": notice.version_id,
        "kind": notice.kind,
        "title": notice.title,
        "trade_type": notice.trade_type,
        "region_code": notice.region_code,
        "region": regions.full_name(notice.region_code),
        "transaction_code": notice.transaction_code,
        "published_at": notice.published_at.astimezone(BEIJING),
        "url": address("record", record_id=notice.version_id),
    }


def participation_row(share: Share) -> schemas.ParticipationRow:
    """Return a figure of who took part."""
    return schemas.ParticipationRow(
        facet=share.facet,
        label=share.label,
        lots=share.lots,
        bidders=share.bidders,
        mean=str(share.mean),
        url=share.address,
    )


def record(record_id: UUID, *, now: datetime) -> schemas.Record | None:
    """Return a public version with the other public versions of its record."""
    version = records.public_record(record_id, now=now)
    if version is None:
        return None
    body = records.public_body(version)
    about = summary.describe(version.dataset, body)
    current = records.current_of(version)
    dataset = registry.dataset(version.dataset)
    return schemas.Record(
        id=version.pk,
        dataset=version.dataset,
        dataset_name=dataset.name,
        kind=about.kind,
        title=about.title,
        number=version.number,
        operation=version.operation,
        region_code=version.region_code,
        region=regions.full_name(version.region_code),
        case_code=version.case_code,
        origin=version.origin,
        published_at=version.published_at.astimezone(BEIJING),
        is_in_force=current is not None
        and current.version_id == version.pk
        and version.operation != Operation.DELETE,
        versions=[_edition(one) for one in records.public_versions_of(version, now=now)],
        body=body,
        proof_url=address("proof", record_id=version.pk),
    )


def _edition(version: Version) -> schemas.Edition:
    return schemas.Edition(
        id=version.pk,
        number=version.number,
        operation=version.operation,
        published_at=version.published_at.astimezone(BEIJING),
    )


def record_row(row: Current) -> schemas.RecordRow:
    """Return the line of a record of a case."""
    return schemas.RecordRow(
        id=row.version_id,
        dataset=row.dataset,
        kind=row.kind,
        title=row.title,
        is_withdrawn=row.is_withdrawn,
        published_at=row.published_at.astimezone(BEIJING),
        url=address("record", record_id=row.version_id),
    )


def acts(case_code: str, *, after: UUID | None, now: datetime) -> QuerySet[Act]:
    """Return the public acts of a case in their order, those after one of them."""
    rows = records.case_acts(case_code, now=now)
    return rows.filter(id__gt=after) if after else rows


def act_row(act: Act) -> schemas.ActRow:
    """Return a public act."""
    return schemas.ActRow(
        id=act.pk,
        kind=act.kind,
        actor_code=act.actor_code,
        facts=act.facts,
        happened_at=act.happened_at.astimezone(BEIJING),
    )


def dataset_row(found: Dataset) -> schemas.DatasetRow:
    """Return the line of a dataset."""
    return schemas.DatasetRow(
        **_named(found),
        is_notice=found.notice.is_notice,
        url=address("dataset", code=found.code),
    )


def _named(found: Dataset) -> dict[str, Any]:
    names = ("code", "name", "domain", "stage", "scope")
    return {name: getattr(found, name) for name in names}


def dataset_page(found: Dataset) -> schemas.DatasetPage:
    """Return a dataset with everything that a sender must know."""
    return schemas.DatasetPage(
        **_named(found),
        key=list(found.key),
        parent=found.parent,
        parent_key=list(found.parent_key),
        fields=[
            schemas.FieldRow(
                code=field.code,
                label=field.label,
                name=field.name,
                type=field.type,
                length=field.length.text,
                need=field.need,
                code_list=field.code_list,
                is_multiple=field.is_multiple,
                audience=field.audience,
                note=field.note,
            )
            for field in found.fields
        ],
        rules=[
            schemas.RuleRow(
                id=rule.id,
                field=rule.field,
                severity=rule.severity,
                when=rule.when,
                condition=rule.assertion,
                message=rule.message,
                remedy=rule.remedy,
                law=rule.law,
            )
            for rule in found.rules
        ],
        schema_url=address("schema", code=found.code),
    )


def code_list_row(found: CodeList) -> schemas.CodeListRow:
    """Return the line of a code list."""
    return schemas.CodeListRow(
        name=found.name,
        is_open=found.is_open,
        size=len(found.labels),
        url=address("code-list", name=found.name),
    )


def code_list_page(found: CodeList) -> schemas.CodeListPage:
    """Return a code list with its codes, the retired ones last."""
    listed = [(code, label, False) for code, label in found.labels.items()]
    retired = [(code, label, True) for code, label in found.retired.items()]
    return schemas.CodeListPage(
        name=found.name,
        is_open=found.is_open,
        shape=found.shape.pattern if found.shape else "",
        codes=[
            schemas.Code(code=code, label=label, is_retired=is_retired)
            for code, label, is_retired in [*listed, *retired]
        ],
    )


def address(operation: str, **parts: object) -> str:
    """Return the path of an operation of the interface."""
    return reverse(f"api-{operation}", kwargs=parts)

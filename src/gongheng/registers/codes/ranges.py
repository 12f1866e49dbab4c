"""Ranges of numbers: given by the keeper of the code service, kept and used up by a city."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.stations import Peer
from gongheng.data.standard import registry
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.registers.codes import rules
from gongheng.registers.codes.models import Counter, Range
from gongheng.registers.codes.rules import Span
from gongheng.registers.codes.series import daily, platform_identifier

LABEL = "gongheng.registers.range.v1"


@transaction.atomic
def grant(peer: Peer, want: Mapping[str, Any], *, now: datetime) -> str:
    """Reserve numbers of a series for a city; the same request again gets the same ones.

    Raises ``Refusal`` (rules.BAD_SERIES, rules.USED_UP).
    """
    series, request_id, starts_on, ends_on, used = _read(want)
    largest = rules.require_series(series)
    _lock(series)
    earlier = Range.objects.filter(series=series)
    known = earlier.filter(request_id=request_id, holder=peer.code).first()
    if known is not None:
        return known.statement
    if earlier.exclude(holder=peer.code).exists():
        raise Refusal(rules.BAD_SERIES, series=series)
    spans = [Span(each.first, each.last, each.starts_on, each.ends_on) for each in earlier]
    span = rules.granted(
        spans=spans, starts_on=starts_on, ends_on=ends_on, used=used, largest=largest
    )
    statement = protocol.Signed.of(
        LABEL,
        {
            "keeper": stations.own_code(),
            "holder": peer.code,
            "series": series,
            "request": str(request_id),
            "starts_on": span.starts_on.isoformat(),
            "ends_on": span.ends_on.isoformat(),
            "first": span.first,
            "last": span.last,
            "granted_at": now.isoformat(),
        },
        stations.own_key(),
    ).as_text()
    row = Range(series=series, holder=peer.code, request_id=request_id, granted_at=now)
    _keep(row, statement, span)
    return statement


def take(statement: str, *, keeper: Peer) -> None:
    """Keep a range that was given to this node. Raises ``Refusal`` (rules.FORGED_RANGE)."""
    payload, span = _verified(statement, keeper)
    request_id = UUID(str(payload["request"]))
    if Range.objects.filter(request_id=request_id).exists():
        return
    granted_at = protocol.instant(payload, "granted_at")
    holder = stations.own_code()
    series = str(payload["series"])
    row = Range(series=series, holder=holder, request_id=request_id, granted_at=granted_at)
    _keep(row, statement, span)


def spans_of(series: str, *, keeper: Peer) -> list[Span]:
    """Return what was reserved for this node of a series, as the keeper signed it.

    Raises ``Refusal`` (rules.FORGED_RANGE).
    """
    own = Range.objects.filter(series=series, holder=stations.own_code()).order_by("first")
    return [_genuine(each, keeper) for each in own]


def wants(*, today: date, keeper: Peer) -> Iterator[dict[str, object]]:
    """Yield what this node should ask for now."""
    for series in _series():
        spans = spans_of(series, keeper=keeper)
        is_daily = rules.is_daily(series)
        used = _last(series, since=today if is_daily else date.min)
        last = _last(series, since=today, until=today) if is_daily else used
        days = rules.wanted(spans=spans, last=last, today=today, is_daily=is_daily)
        if days is not None:
            yield {
                "series": series,
                "request": str(uuid7()),
                "starts_on": days[0].isoformat(),
                "ends_on": days[1].isoformat(),
                "used": used,
            }


def _series() -> list[str]:
    categories = registry.code_list("DEAL_CATEGORY").codes
    return [
        platform_identifier(settings.NODE.region_code),
        *(daily(category, settings.NODE.platform_code) for category in categories),
    ]


def _last(series: str, *, since: date, until: date = date.max) -> int:
    counters = Counter.objects.filter(series=series, issued_on__range=(since, until))
    return int(counters.aggregate(largest=Max("last"))["largest"] or 0)


def _lock(series: str) -> None:
    row = {
        "region_code": settings.NODE.region_code,
        "series": f"range {series}",
        "issued_on": date.min,
    }
    Counter.objects.bulk_create([Counter(**row)], ignore_conflicts=True)
    Counter.objects.select_for_update(of=("self",)).get(**row)


def _read(want: Mapping[str, Any]) -> tuple[str, UUID, date, date, int]:
    try:
        return (
            str(want["series"]),
            UUID(str(want["request"])),
            date.fromisoformat(str(want["starts_on"])),
            date.fromisoformat(str(want["ends_on"])),
            int(want["used"]),
        )
    except (KeyError, ValueError, TypeError):
        raise Refusal(rules.BAD_SERIES) from None


def _keep(row: Range, statement: str, span: Span) -> None:
    row.region_code = settings.NODE.region_code
    row.starts_on, row.ends_on = span.starts_on, span.ends_on
    row.first, row.last = span.first, span.last
    row.statement = statement
    row.save(force_insert=True)


def _genuine(row: Range, keeper: Peer) -> Span:
    payload, span = _verified(row.statement, keeper)
    copied = (row.series, row.first, row.last, row.starts_on, row.ends_on)
    if copied != (payload["series"], span.first, span.last, span.starts_on, span.ends_on):
        raise Refusal(rules.FORGED_RANGE, series=row.series)
    return span


def _verified(statement: str, keeper: Peer) -> tuple[dict[str, Any], Span]:
    try:
        payload = protocol.Signed.from_text(statement).read(LABEL, stations.key_of(keeper))
        is_ours = (payload["keeper"], payload["holder"]) == (keeper.code, stations.own_code())
        span = Span(
            int(str(payload["first"])),
            int(str(payload["last"])),
            date.fromisoformat(str(payload["starts_on"])),
            date.fromisoformat(str(payload["ends_on"])),
        )
    except (Refusal, KeyError, ValueError, TypeError):
        raise Refusal(rules.FORGED_RANGE) from None
    if not is_ours:
        raise Refusal(rules.FORGED_RANGE)
    return payload, span

"""Loads a yearly notice: one officer pastes it, another confirms, cities learn it (T-14, T-16)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.notice import days_of_notice
from gongheng.registers import home
from gongheng.registers.workdays import counting, queries, reasons, statement
from gongheng.registers.workdays.models import CalendarNotice, MovedDeadline
from gongheng.trust.identity import audit, proposals
from gongheng.trust.identity.actors import Actor, system_of
from gongheng.trust.identity.kinds import SetState


@transaction.atomic
def load(
    *,
    year: int,
    title: str,
    announced_on: date,
    source: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> CalendarNotice:
    """Propose a notice; nothing is counted by it before a second officer has confirmed it.

    Raises ``Refusal`` (reasons.KEPT_ELSEWHERE, NOTHING_CHANGES, WAITS_ALREADY, and whatever cannot
    be read in the text, with the fact ``sentence``).
    """
    _require_kept_here()
    days = days_of_notice(text, year=year, source=title, known=calendar.national())
    if not queries.is_other(days):
        raise Refusal(reasons.NOTHING_CHANGES)
    try:
        with transaction.atomic():
            notice = CalendarNotice.objects.create(
                region_code=settings.NODE.region_code,
                number=queries.confirmed().count() + 1,
                year=year,
                title=title,
                announced_on=announced_on,
                source=source,
                text=text,
                state=SetState.PROPOSED,
                proposed_by=actor.person_id,
                proposed_by_name=actor.name,
                proposed_at=now,
            )
    except IntegrityError:
        raise Refusal(reasons.WAITS_ALREADY) from None
    audit.record(actor=actor, deed="calendar.loaded", object_id=notice.pk, now=now)
    return notice


@transaction.atomic
def confirm(*, notice_id: UUID, actor: Actor, now: datetime) -> CalendarNotice:
    """Count by a notice from now on: open periods grow, none that was announced shrinks (T-16).

    Raises ``Refusal`` (reasons.KEPT_ELSEWHERE, DECIDED, OWN_PROPOSAL), ``DoesNotExist``.
    """
    notice = _decided(notice_id, SetState.CONFIRMED, actor, now)
    notice.since = now
    notice.statement = statement.sign(notice, now=now)
    notice.save()
    audit.record(actor=actor, deed="calendar.confirmed", object_id=notice.pk, now=now)
    transaction.on_commit(counting.refresh)
    return notice


@transaction.atomic
def reject(*, notice_id: UUID, words: str, actor: Actor, now: datetime) -> CalendarNotice:
    """Send a notice back for a reason. Raises ``Refusal``, ``DoesNotExist``."""
    if not words.strip():
        raise Refusal(reasons.NO_ANSWER)
    notice = _decided(notice_id, SetState.REJECTED, actor, now)
    notice.answer = words.strip()
    notice.save()
    audit.record(actor=actor, deed="calendar.rejected", object_id=notice.pk, now=now)
    return notice


@transaction.atomic
def learn(text: str, *, now: datetime) -> CalendarNotice | None:
    """Keep a notice that the province signed; a copy that was tampered with is set right.

    Raises ``Refusal`` (reasons.FORGED).
    """
    stated = statement.read(text)
    known = CalendarNotice.objects.select_for_update(of=("self",))
    kept = known.filter(number=stated.number, state=SetState.CONFIRMED).first()
    if kept is not None and counting.is_genuine(kept) and kept.statement == text:
        return None
    row, _ = CalendarNotice.objects.update_or_create(
        region_code=settings.NODE.region_code,
        number=stated.number,
        state=SetState.CONFIRMED,
        defaults={
            "year": stated.year,
            "title": stated.title,
            "announced_on": stated.announced_on,
            "source": stated.source,
            "text": stated.text,
            "proposed_by_name": stated.loaded_by,
            "proposed_at": stated.confirmed_at,
            "decided_by_name": stated.confirmed_by,
            "decided_at": stated.confirmed_at,
            "statement": text,
            # What this node announced before it knew must not shrink either.
            "since": kept.since if kept and kept.since else now,
            "learnt_at": machine_now(),
        },
    )
    actor = system_of(settings.NODE.region_code)
    audit.record(actor=actor, deed="calendar.learnt", object_id=row.pk, now=now)
    transaction.on_commit(counting.refresh)
    return row


@dataclass(frozen=True, slots=True)
class Loaded:
    """A notice that counts since a legal time, of which nobody has said yet what it moved."""

    id: UUID
    title: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A deadline of a case as it was without a notice and as it is with it."""

    case_id: UUID
    case_code: str
    case_title: str
    region_code: str
    step: str
    label: str
    rule: str
    is_opening: bool
    before_at: datetime
    after_at: datetime


def newly_loaded() -> list[Loaded]:
    """Return the notices whose movings are to be written down, once this process counts by them."""
    rows = [row for row in queries.unlooked() if counting.is_genuine(row)]
    if rows:
        counting.refresh()  # another process has confirmed or learnt them
    return [Loaded(row.pk, row.title, row.since) for row in rows if row.since]


@transaction.atomic
def note_moved(*, notice_id: UUID, moved: Iterable[Moved], now: datetime) -> list[Moved]:
    """Write down once which open deadlines a notice moved (T-16); return what was written."""
    notice = CalendarNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.looked_at is not None:
        return []
    notice.looked_at = now
    notice.save(update_fields=["looked_at"])
    found = list(moved)
    MovedDeadline.objects.bulk_create(
        MovedDeadline(notice=notice, **asdict(each)) for each in found
    )
    actor = system_of(settings.NODE.region_code)
    audit.record(actor=actor, deed="calendar.deadlines_moved", object_id=notice.pk, now=now)
    return found


def _decided(notice_id: UUID, state: SetState, actor: Actor, now: datetime) -> CalendarNotice:
    _require_kept_here()
    over, own = reasons.DECIDED, reasons.OWN_PROPOSAL
    return proposals.decided(
        CalendarNotice.objects.all(), notice_id, state, actor=actor, now=now, over=over, own=own
    )


def _require_kept_here() -> None:
    if home.keeper() is not None:
        raise Refusal(reasons.KEPT_ELSEWHERE)

"""Keeps rooms, books and releases them: the only writer of this room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.registers.venues import queries, reasons, reports, rules, telling
from gongheng.registers.venues.kinds import Purpose, ReleaseCause, RoomKind
from gongheng.registers.venues.models import Booking, Room, Slot
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFacts:
    """What a room is and has."""

    name: str
    kind: RoomKind
    address: str
    seats: int
    equipment: str = ""
    is_remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """Whose booking it is: a lot's case with its two sides, or, without a code, the centre's own.

    ``opening_at`` is when the lot's bids are opened, once that is known.
    """

    title: str
    code: str = ""
    tenderer_code: str = ""
    agency_code: str = ""
    opening_at: datetime | None = None


@transaction.atomic
def enter_room(*, facts: RoomFacts, actor: Actor, now: datetime) -> Room:
    """Enter a room of the officer's own region. Raises ``Refusal`` (SAME_NAME)."""
    room = Room(region_code=actor.region_code)
    return _kept(room, facts, deed="venue.room_entered", actor=actor, now=now)


@transaction.atomic
def change_room(*, room_id: UUID, facts: RoomFacts, actor: Actor, now: datetime) -> Room:
    """Change what a room is said to be. Raises ``Refusal`` (NOT_YOURS, SAME_NAME)."""
    room = _locked_own(room_id, actor)
    return _kept(room, facts, deed="venue.room_changed", actor=actor, now=now)


def _kept(room: Room, facts: RoomFacts, *, deed: str, actor: Actor, now: datetime) -> Room:
    room.name, room.kind, room.address = facts.name, facts.kind, facts.address
    room.seats, room.equipment, room.is_remote = facts.seats, facts.equipment, facts.is_remote
    room.changed_at, room.changed_by_name = now, actor.name
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError:
        raise Refusal(reasons.SAME_NAME, name=facts.name) from None
    audit.record(actor=actor, deed=deed, object_id=room.pk, now=now)
    return room


@transaction.atomic
def close_room(*, room_id: UUID, because: str, actor: Actor, now: datetime) -> list[Booking]:
    """Take a room out of use; what was booked in it from now on is released, its people are told.

    Raises ``Refusal`` (NOT_YOURS, NO_WORDS).
    """
    if not because.strip():
        raise Refusal(reasons.NO_WORDS)
    room = _locked_own(room_id, actor)
    room.closed_because = because.strip()
    room.changed_at, room.changed_by_name = now, actor.name
    room.save(update_fields=["closed_because", "changed_at", "changed_by_name"])
    audit.record(actor=actor, deed="venue.room_closed", object_id=room.pk, now=now)
    ahead = Booking.objects.filter(room=room, released_at__isnull=True, ends_at__gt=now)
    return _release(ahead, ReleaseCause.ROOM_CLOSED, note=because, actor=actor, now=now)


@transaction.atomic
def reopen_room(*, room_id: UUID, actor: Actor, now: datetime) -> Room:
    """Let a room be booked again. Raises ``Refusal`` (NOT_YOURS)."""
    room = _locked_own(room_id, actor)
    room.closed_because = ""
    room.changed_at, room.changed_by_name = now, actor.name
    room.save(update_fields=["closed_because", "changed_at", "changed_by_name"])
    audit.record(actor=actor, deed="venue.room_reopened", object_id=room.pk, now=now)
    return room


def _locked_own(room_id: UUID, actor: Actor) -> Room:
    own = queries.rooms_kept_by(actor).select_for_update(of=("self",))
    room = own.filter(pk=room_id).first()
    if room is None:
        raise Refusal(reasons.NOT_YOURS)
    return room


@transaction.atomic
def occupy(
    *,
    room_id: UUID,
    purpose: Purpose,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Take a room for what is no case of this platform. Raises ``Refusal`` (NOT_YOURS, NO_WORDS ...)."""
    if not title.strip():
        raise Refusal(reasons.NO_WORDS)
    _locked_own(room_id, actor)
    lot = LotFacts(title=title.strip())
    hours = {"starts_at": starts_at, "ends_at": ends_at}
    return book(room_id=room_id, purpose=purpose, lot=lot, actor=actor, now=now, **hours)


@transaction.atomic
def book(
    *,
    room_id: UUID,
    purpose: Purpose,
    lot: LotFacts,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Book a room; of two who want the same half hour one is refused.

    Who may book for a lot is for the caller to say. Raises ``Refusal`` (``reasons``).
    """
    hours = {"starts_at": starts_at, "ends_at": ends_at}
    rules.require_hours(**hours, now=now)
    rules.require_fit(purpose, **hours, opening_at=lot.opening_at)
    room = Room.objects.select_for_update(of=("self",)).get(pk=room_id)
    if room.is_closed:
        raise Refusal(reasons.CLOSED, room=room.name)
    if room.kind not in purpose.rooms:
        raise Refusal(reasons.UNSUITABLE, room=room.name, purpose=purpose)
    is_opening = bool(lot.code) and purpose is Purpose.OPENING
    if is_opening and queries.standing_of(lot.code, purpose).filter(ends_at__gt=now).exists():
        raise Refusal(reasons.HAS_ONE, lot=lot.code)
    halves = rules.slots(starts_at, ends_at)
    if Slot.objects.filter(room=room, starts_at__in=halves).exists():
        raise Refusal(reasons.TAKEN, room=room.name)
    booking = _written(room, purpose, lot, starts_at, ends_at, actor=actor, now=now)
    Slot.objects.bulk_create(
        Slot(region_code=room.region_code, room=room, booking=booking, starts_at=at)
        for at in halves
    )
    if lot.code:
        reports.booked(booking, actor_code=actor.organisation_code, now=now)
    audit.record(actor=actor, deed="venue.booked", object_id=booking.pk, now=now)
    return booking


def _written(
    room: Room,
    purpose: Purpose,
    lot: LotFacts,
    starts_at: datetime,
    ends_at: datetime,
    *,
    actor: Actor,
    now: datetime,
) -> Booking:
    return Booking.objects.create(
        region_code=room.region_code,
        room=room,
        purpose=purpose,
        case_code=lot.code,
        title=lot.title,
        tenderer_code=lot.tenderer_code,
        agency_code=lot.agency_code,
        starts_at=starts_at,
        ends_at=ends_at,
        booked_by=actor.person_id,
        booked_by_name=actor.name,
        organisation_name=actor.organisation_name,
        booked_at=now,
    )


@transaction.atomic
def give_up(*, booking_id: UUID, note: str, actor: Actor, now: datetime) -> Booking:
    """Give a room back before its hours are over; the centre must say why, and its people are told.

    Raises ``Refusal`` (NOT_YOURS, NO_WORDS, RELEASED).
    """
    booking = Booking.objects.select_related("room").filter(pk=booking_id).first()
    if booking is None or not queries.may_release(actor, booking):
        raise Refusal(reasons.NOT_YOURS)
    is_centre = queries.is_keeper(actor, booking)
    if is_centre and not note.strip():
        raise Refusal(reasons.NO_WORDS)
    cause = ReleaseCause.CENTRE if is_centre else ReleaseCause.GIVEN_UP
    standing = Booking.objects.filter(pk=booking_id, released_at__isnull=True, ends_at__gt=now)
    released = _release(standing, cause, note=note, actor=actor, now=now)
    if not released:
        raise Refusal(reasons.RELEASED)
    return released[0]


@transaction.atomic
def release_of_case(
    *, code: str, cause: ReleaseCause, actor: Actor, now: datetime
) -> list[Booking]:
    """Release what a lot has booked and not begun to use, in the transaction of what changed it."""
    return _release(_ahead(code, now), cause, note="", actor=actor, now=now)


@transaction.atomic
def release_misfits(
    *, code: str, opening_at: datetime, actor: Actor, now: datetime
) -> list[Booking]:
    """Release what a lot has booked for hours that its new hour of opening does not fit."""
    ahead = [booking for booking in _ahead(code, now) if not queries.fits(booking, opening_at)]
    return _release(ahead, ReleaseCause.MOVED, note="", actor=actor, now=now)


def _ahead(code: str, now: datetime) -> QuerySet[Booking]:
    """Return what stands and has not begun: what has begun is left to its people."""
    return Booking.objects.filter(case_code=code, released_at__isnull=True, starts_at__gt=now)


def _release(
    bookings: Iterable[Booking], cause: ReleaseCause, *, note: str, actor: Actor, now: datetime
) -> list[Booking]:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("room")
    ids = [booking.pk for booking in bookings]
    found = list(rows.filter(pk__in=ids, released_at__isnull=True).order_by("id"))
    for booking in found:
        booking.released_at, booking.release_cause = now, cause
        booking.release_note, booking.released_by_name = note.strip(), actor.name
        booking.save()
        booking.slots.all().delete()
        if booking.case_code:
            reports.released(booking, actor_code=actor.organisation_code, now=now)
        telling.released(booking, now=now)
        audit.record(actor=actor, deed="venue.released", object_id=booking.pk, now=now)
    return found

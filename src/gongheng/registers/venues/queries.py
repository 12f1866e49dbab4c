"""Reads rooms and bookings; whose a booking is, is told to its own people and to the centre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel.clock import midnight
from gongheng.kernel.reasons import Refusal
from gongheng.registers.venues import rules
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking, Room, Slot
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def rooms(*, kinds: Iterable[RoomKind] = RoomKind, with_closed: bool = False) -> QuerySet[Room]:
    """Return the rooms of this platform, centre by centre."""
    found = Room.objects.filter(kind__in=list(kinds)).order_by("region_code", "kind", "name")
    return found if with_closed else found.filter(closed_because="")


def rooms_kept_by(actor: Actor) -> QuerySet[Room]:
    """Return the rooms that an officer keeps."""
    if Role.OFFICER not in actor.roles:
        return Room.objects.none()
    return Room.objects.filter(region_code__startswith=actor.reach)


def knows(actor: Actor, booking: Booking) -> bool:
    """Tell whether a person may see whose booking it is; anybody else sees that the room is taken."""
    if actor.roles & {Role.OFFICER, Role.SUPERVISOR}:
        return actor.reaches(booking.region_code)
    return Role.CLERK in actor.roles and actor.is_of(booking.tenderer_code, booking.agency_code)


def standing_between(starts_at: datetime, ends_at: datetime) -> QuerySet[Booking]:
    """Return the bookings that take some of these hours, in their order."""
    standing = Booking.objects.filter(released_at__isnull=True)
    overlapping = standing.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    return overlapping.select_related("room").order_by("starts_at", "room_id", "id")


def busy(room_ids: Iterable[UUID], *, since: datetime) -> dict[UUID, set[datetime]]:
    """Return the half hours that are taken in each of the rooms from an instant on."""
    found: dict[UUID, set[datetime]] = {room_id: set() for room_id in room_ids}
    rows = Slot.objects.filter(room__in=list(found), starts_at__gte=since)
    for room_id, at in rows.values_list("room_id", "starts_at"):
        found[room_id].add(at)
    return found


def bookings_of(case_code: str) -> QuerySet[Booking]:
    """Return every booking of a lot, the newest first, also those that were released."""
    return (
        Booking.objects.filter(case_code=case_code)
        .select_related("room")
        .order_by("-booked_at", "-id")
    )


def standing_of(case_code: str, purpose: Purpose) -> QuerySet[Booking]:
    """Return the rooms that a lot has for a purpose, in the order of their hours."""
    standing = bookings_of(case_code).filter(purpose=purpose, released_at__isnull=True)
    return standing.order_by("starts_at", "id")


def is_keeper(actor: Actor, booking: Booking) -> bool:
    """Tell whether a person is of the centre that keeps the room."""
    return Role.OFFICER in actor.roles and actor.reaches(booking.region_code)


def may_release(actor: Actor, booking: Booking) -> bool:
    """Tell whether a person may give a booking's room back."""
    return is_keeper(actor, booking) or (Role.CLERK in actor.roles and knows(actor, booking))


def may_be_released(actor: Actor, booking: Booking, *, now: datetime) -> bool:
    """Tell whether a person may give a booking's room back now."""
    return booking.stands and booking.ends_at > now and may_release(actor, booking)


Hours = tuple[datetime, datetime]
MOST_NEXT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A room that serves a purpose: free in the hours asked for, or when it is next."""

    room: Room
    is_free: bool
    next_hours: list[Hours]


def offers(purpose: Purpose, *, hours: Hours, now: datetime) -> list[Offer]:
    """Return the rooms for a purpose, those first that are free in these hours."""
    starts_at, ends_at = hours
    listed = list(rooms(kinds=purpose.rooms))
    since = min(now, starts_at)
    taken = busy([room.pk for room in listed], since=since)
    wanted = rules.slots(starts_at, ends_at)
    found = []
    for room in listed:
        is_free = taken[room.pk].isdisjoint(wanted)
        following = (
            []
            if is_free
            else rules.free_hours(
                taken[room.pk],
                length=ends_at - starts_at,
                after=max(starts_at, now),
                most=MOST_NEXT,
            )
        )
        found.append(Offer(room=room, is_free=is_free, next_hours=following))
    return sorted(found, key=lambda offer: not offer.is_free)


def fits(booking: Booking, opening_at: datetime) -> bool:
    """Tell whether a booking's hours still serve when bids are opened at that hour."""
    hours = {"starts_at": booking.starts_at, "ends_at": booking.ends_at}
    try:
        rules.require_fit(Purpose(booking.purpose), opening_at=opening_at, **hours)
    except Refusal:
        return False
    return True


def bookings_within(actor: Actor, *, first: date, last: date) -> QuerySet[Booking]:
    """Return the bookings that begin in a period in a person's region, released ones too."""
    begins, ends = midnight(first), midnight(last + timedelta(days=1))
    found = Booking.objects.filter(region_code__startswith=actor.reach, starts_at__gte=begins)
    return found.filter(starts_at__lt=ends).select_related("room").order_by("starts_at", "id")

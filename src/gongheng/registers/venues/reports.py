"""What bookings tell supervision: which room for which lot and when, nothing of who takes part."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.registers.venues.models import Booking


def booked(booking: Booking, *, actor_code: str, now: datetime) -> Act:
    """Report that a lot has a room."""
    return _act(booking, "venue.booked", actor_code=actor_code, now=now)


def released(booking: Booking, *, actor_code: str, now: datetime) -> Act:
    """Report that it has it no more."""
    return _act(booking, "venue.released", actor_code=actor_code, now=now)


def _act(booking: Booking, kind: str, *, actor_code: str, now: datetime) -> Act:
    return records.act(
        case_code=booking.case_code,
        kind=kind,
        actor_code=actor_code or settings.NODE.platform_code,
        facts={
            "booking": str(booking.pk),
            "room": booking.room.name,
            "purpose": booking.purpose,
            "starts_at": booking.starts_at.isoformat(),
            "ends_at": booking.ends_at.isoformat(),
            "cause": booking.release_cause,
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=booking.region_code,
    )

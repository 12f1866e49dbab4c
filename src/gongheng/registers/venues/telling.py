"""What the people of a booking are told when it ends before its hours."""

from datetime import datetime

from django.conf import settings

from gongheng.kernel.clock import BEIJING, to_minute
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.venues.kinds import Purpose, ReleaseCause
from gongheng.registers.venues.models import Booking


def released(booking: Booking, *, now: datetime) -> None:
    """Tell both sides of the case, and the centre, which has a room to give."""
    cause = ReleaseCause(booking.release_cause)
    sides = [code for code in (booking.tenderer_code, booking.agency_code) if code]
    told = [*sides, settings.NODE.platform_code] if sides else []
    if not told:
        return
    next_deed = (
        "需要场地的，请在项目页面“场地”中重新预约。"
        if cause.calls_for_another
        else "如以后仍需场地，请重新预约。"
    )
    note = f"（{booking.release_note}）" if booking.release_note else ""
    messages.send(
        recipients=[Recipient(organisation_code=code) for code in told],
        subject=f"场地预约已释放：{Purpose(booking.purpose).label}，{booking.title}",
        body=(
            f"{booking.title}（{booking.case_code}）预约的{booking.room.name}，{hours(booking)}，"
            f"因{cause.label}{note}已释放。{next_deed}"
        ),
        case_code=booking.case_code,
        kind="venue.released",
        now=now,
    )


def hours(booking: Booking) -> str:
    """Return the hours in words; the day stands once when it is the same."""
    first, last = (at.astimezone(BEIJING) for at in (booking.starts_at, booking.ends_at))
    end = f"{last:%H:%M}" if first.date() == last.date() else to_minute(last)
    return f"{to_minute(first)} 至 {end}"

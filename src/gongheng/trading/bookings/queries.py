"""Reads what rooms a case needs and has."""

from datetime import datetime

from gongheng.registers.venues import queries as venues
from gongheng.registers.venues.kinds import Purpose, ReleaseCause
from gongheng.registers.venues.models import Booking
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Deed, Phase
from gongheng.trading.cases.models import Case

DEEDS = {Deed.OPEN: Purpose.OPENING, Deed.EVALUATE: Purpose.EVALUATION}
LAST_PHASES = {Purpose.OPENING: Phase.OPENING, Purpose.EVALUATION: Phase.EVALUATION}
"""After which phase a case needs no room for a purpose any more."""


def purposes(case: Case) -> list[Purpose]:
    """Return what a case may still need a room for, by the steps that its procedure declares."""
    if case.is_over:
        return []
    declared = [step.deed for step in cases.declaration_of(case).steps]
    needed = [purpose for deed, purpose in DEEDS.items() if deed in declared]
    return [purpose for purpose in needed if case.phase <= LAST_PHASES[purpose]]


def opening_at(case: Case) -> datetime | None:
    """Return when the bids are opened, once a notice has said it."""
    name = cases.opening_fact(cases.declaration_of(case))
    return cases.known_instant(case, name) if name else None


def to_book_anew(case: Case) -> list[Booking]:
    """Return the bookings that a change released and that nothing has taken the place of."""
    needed = purposes(case)
    latest: dict[Purpose, Booking] = {}
    for booking in venues.bookings_of(case.code):
        latest.setdefault(Purpose(booking.purpose), booking)
    return [
        booking
        for purpose, booking in latest.items()
        if purpose in needed
        and booking.release_cause
        and ReleaseCause(booking.release_cause).calls_for_another
    ]

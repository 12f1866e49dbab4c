"""The tab of rooms on the page of a case."""

from datetime import datetime

from gongheng.registers.venues import queries as venues
from gongheng.registers.venues.kinds import Purpose
from gongheng.registers.venues.models import Booking
from gongheng.trading.bookings import actions, queries
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.web.work import Panel, provides_panel


@provides_panel
def rooms(*, case: Case, actor: Actor, now: datetime) -> Panel | None:
    """Show its own people every booking; bidders where bids are opened, and nothing of the evaluation."""
    is_inside = cases.is_inside(actor, case)
    if not is_inside and Role.BIDDER not in actor.roles:
        return None
    found = list(
        venues.bookings_of(case.code)
        if is_inside
        else venues.standing_of(case.code, Purpose.OPENING)
    )
    if not is_inside and not found:
        return None
    return Panel(
        code="rooms",
        title="场地",
        template="bookings/panel.html",
        context={
            "standing": [_row(one, actor, now) for one in found if one.stands],
            "released": [one for one in found if not one.stands],
            "may_book": actions.may_book(actor, case) and bool(queries.purposes(case)),
            "is_inside": is_inside,
        },
    )


def _row(booking: Booking, actor: Actor, now: datetime) -> tuple[Booking, bool]:
    return booking, venues.may_be_released(actor, booking, now=now)

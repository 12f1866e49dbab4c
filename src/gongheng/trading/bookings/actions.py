"""Books a room for a lot's case: the only way from a case to the register of rooms."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.registers.holds import actions as holds
from gongheng.registers.venues import actions as venues
from gongheng.registers.venues.kinds import Purpose
from gongheng.registers.venues.models import Booking
from gongheng.trading.bookings import permissions, queries
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

NOT_ALLOWED = Reason(
    code="bookings.not_allowed",
    message="场地由该项目的招标人、代理机构经办人或当地交易中心预约。",
    law=Law(HOUSE_RULES, rule="U-03"),
    remedy="请由项目的经办人办理。",
)
NOT_NEEDED = Reason(
    code="bookings.not_needed",
    message="项目已经不需要这一用途的场地。",
    law=Law(HOUSE_RULES, rule="U-03"),
    remedy="请在项目页面查看办理到哪一步。",
)


@transaction.atomic
def book(
    *,
    case_id: UUID,
    room_id: UUID,
    purpose: Purpose,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Book a room for the opening or the evaluation of a lot.

    Raises ``Refusal`` (NOT_ALLOWED, NOT_NEEDED, holds.HELD and those of the register).
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not may_book(actor, case):
        raise Refusal(NOT_ALLOWED)
    holds.require_none(case.code)
    if purpose not in queries.purposes(case):
        raise Refusal(NOT_NEEDED, awaits=case.awaits)
    return venues.book(
        room_id=room_id,
        purpose=purpose,
        lot=venues.LotFacts(
            code=case.code,
            title=case.title,
            tenderer_code=case.tenderer_code,
            agency_code=case.agency_code,
            opening_at=queries.opening_at(case),
        ),
        starts_at=starts_at,
        ends_at=ends_at,
        actor=actor,
        now=now,
    )


def may_book(actor: Actor, case: Case) -> bool:
    """Tell whether a person may book for a case: its own clerk, or the centre of its region."""
    if not actor.may(permissions.BOOK):
        return False
    is_clerk = Role.CLERK in actor.roles and actor.is_of(case.tenderer_code, case.agency_code)
    is_centre = Role.OFFICER in actor.roles and actor.reaches(case.region_code)
    return is_clerk or is_centre

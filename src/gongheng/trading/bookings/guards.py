"""What a declaration may ask for: a room. Where none asks, openings are wholly online and need none."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.registers.venues import queries as venues
from gongheng.registers.venues.kinds import Purpose
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question

NO_OPENING_ROOM = Reason(
    code="bookings.no_opening_room",
    message="本交易流程要求在交易中心开标，但还没有预约开标室。",
    law=Law(HOUSE_RULES, rule="U-03"),
    remedy="请在项目页面“场地”中预约开标室后再办理。",
)
NO_EVALUATION_ROOM = Reason(
    code="bookings.no_evaluation_room",
    message="本交易流程要求在交易中心评标，但还没有预约评标场地。",
    law=Law(HOUSE_RULES, rule="U-03"),
    remedy="请在项目页面“场地”中预约评标场地后再办理。",
)


@guards.provide("bookings.opening_room")
def opening_room(question: Question) -> None:
    """Refuse while the lot has no opening room."""
    if not venues.standing_of(question.case_code, Purpose.OPENING).exists():
        raise Refusal(NO_OPENING_ROOM)


@guards.provide("bookings.evaluation_room")
def evaluation_room(question: Question) -> None:
    """Refuse while the lot has no room or desk for its evaluation."""
    if not venues.standing_of(question.case_code, Purpose.EVALUATION).exists():
        raise Refusal(NO_EVALUATION_ROOM)

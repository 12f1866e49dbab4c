"""An agency acts for a tenderer by an agreement that both confirmed and that counts today (001-10)."""

from datetime import datetime

from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.subjects import queries as subjects
from gongheng.registers.subjects.kinds import Commission
from gongheng.trading.projects import rules
from gongheng.trust.identity.actors import Actor


def require(*, tenderer_code: str, agency_code: str, actor: Actor, now: datetime) -> None:
    """Refuse an agency's deed without such an agreement. Raises ``Refusal`` (rules.NOT_ENGAGED).

    The tenderer's own people need none: they are asked when the agency acts, not when it is named.
    """
    own = actor.organisation_code
    if not agency_code or own != agency_code or own == tenderer_code:
        return
    agreement = subjects.agreement_between(
        tenderer_code=tenderer_code,
        agency_code=agency_code,
        on=day_of(now),
        commission=Commission.PREPARATION,
    )
    rules.require_engaged(is_engaged=agreement is not None)

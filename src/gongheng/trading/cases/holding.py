"""Asks for holds on behalf of a deed that is no step of a case, as the case does for its steps."""

from gongheng.trading.cases import judging, standing
from gongheng.trading.cases.models import Case


def require_no_hold(case: Case) -> Case:
    """Return the case, which nobody holds but perhaps its own open matters.

    Called inside the deed's transaction. Raises ``Refusal`` (holds.HELD).
    """
    judging.require_no_hold(standing.of(case))
    return case

"""What becomes of the rooms that a lot has booked when its case changes (U-03: released on change)."""

from datetime import datetime

from gongheng.registers.venues import actions as venues
from gongheng.registers.venues.kinds import ReleaseCause
from gongheng.trading.cases import queries
from gongheng.trading.cases.declaration import Outcome, Step
from gongheng.trading.cases.facts import instant
from gongheng.trading.cases.judging import Request
from gongheng.trading.cases.kinds import Deed
from gongheng.trading.cases.models import Case
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor

_BY_DEED = {
    Deed.TERMINATE: ReleaseCause.TERMINATED,
    Deed.SUSPEND: ReleaseCause.SUSPENDED,
}


def release_after(standing: Standing, step: Step, chosen: Outcome, request: Request) -> None:
    """Release what a step that was just done has made useless; the standing is that before it."""
    case, name = standing.case, queries.opening_fact(standing.procedure)
    cause = _cause(case, step, chosen)
    if cause is not None:
        venues.release_of_case(code=case.code, cause=cause, actor=request.actor, now=request.now)
    elif name in request.facts:
        moved = instant(request.facts, name)
        if isinstance(moved, datetime):
            venues.release_misfits(
                code=case.code, opening_at=moved, actor=request.actor, now=request.now
            )


def _cause(case: Case, step: Step, chosen: Outcome) -> ReleaseCause | None:
    # An event of the failure table ends or stops what the rooms were for.
    if chosen.cause:
        return _BY_DEED.get(step.deed, ReleaseCause.FAILED)
    return ReleaseCause.OVER if case.is_over else None


def release_held(case: Case, *, actor: Actor, now: datetime) -> None:
    """Release the rooms of a case that an order stops: nobody knows until when."""
    venues.release_of_case(code=case.code, cause=ReleaseCause.SUSPENDED, actor=actor, now=now)

"""The end of the holders' keys: ordered when nothing is left to open or ever may be opened."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import queries as bids
from gongheng.trading.bids.models import Bid
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries, reports, rules, sealed
from gongheng.trading.opening.kinds import LaterStage, Stage, State
from gongheng.trading.opening.models import Destruction
from gongheng.trust.envelope.destruction import Cause, Destruction as Statement, Order
from gongheng.trust.envelope.policy import Policy

FAILED_STEPS = frozenset({"announce_failure", "return_bids", "decide_anew", "refund_terminated"})
"""What a case awaits once its bids will never be opened, or no further."""


def cause_of(case: Case) -> Cause | None:
    """Return why the keys of a round are to be destroyed now; nothing while they are needed.

    Every bid opened and published: at once. Bids left closed: when the round has failed or is over,
    since until then a decision may still open one.
    """
    opening = queries.of_case(case.pk)
    if case.awaits in FAILED_STEPS or (case.is_over and opening is None):
        return Cause.NEVER_OPENED
    if opening is None:
        return None
    if opening.stage == Stage.PUBLISHED:
        has_closed = opening.entries.exclude(state=State.OPENED).exists()
        if not has_closed and not _has_sealed_parts(case):
            return Cause.ALL_OPENED
    return Cause.CONCLUDED if case.is_over else None


def _has_sealed_parts(case: Case) -> bool:
    """Tell whether a part is still sealed: its event did not come, or not for every bid (E-29)."""
    signed = bids.policy_of_case(case)
    if signed is None:  # then nothing was ever sealed
        return False
    events = {part.condition.event for part in signed.policy.parts} - {""}
    opening = queries.of_case(case.pk)
    if opening is None:
        return bool(events)
    opened = {
        later.event
        for later in opening.later.filter(stage=LaterStage.SHOWN)
        if later.entries.filter(state=State.OPENED).count() == opening.entries.count()
    }
    return not events <= opened


def order_of(case: Case, *, now: datetime) -> Order | None:
    """Return the signed order to destroy the keys of a round, when it is time."""
    cause, signed = cause_of(case), bids.policy_of_case(case)
    if cause is None or signed is None or now < signed.policy.deadline:
        return None
    return Order.make(signed.policy, cause, key=sealed.centre_key(), now=now)


@transaction.atomic
def take(*, case_id: UUID, statement: object, now: datetime) -> Destruction:
    """Take a body's statement that its key is destroyed; the same once more changes nothing.

    Raises ``Refusal`` (DESTRUCTION_UNASKED, DESTRUCTION_INVALID).
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    signed = bids.policy_of_case(case)
    if signed is None or cause_of(case) is None:
        raise Refusal(rules.DESTRUCTION_UNASKED)
    given = Statement.of_json(statement)
    holder = given.require_valid(signed.policy)
    if found := Destruction.objects.filter(case=case, holder=holder.code).first():
        return found
    row = Destruction.objects.create(
        region_code=case.region_code,
        case=case,
        holder=holder.code,
        holder_name=holder.name,
        statement=given.as_json(),
        received_at=now,
    )
    reached("opening.destruction_kept")
    reports.key_destroyed(row, now=now)
    return row


def missing(case: Case) -> int:
    """Return how many more keys must be destroyed until no part can be opened any more."""
    signed = bids.policy_of_case(case)
    if signed is None or not _has_closed_bids(case):
        return 0
    gone = set(Destruction.objects.filter(case=case).values_list("holder", flat=True))
    return max(_missing_of(signed.policy, gone), 0)


def _missing_of(policy: Policy, gone: set[str]) -> int:
    """Fewer than ``threshold`` keys are left when more than n - k are gone, in each part."""
    return max(
        len(part.holders) - part.threshold + 1 - len(gone & set(part.holders))
        for part in policy.parts
    )


def _has_closed_bids(case: Case) -> bool:
    opening = queries.of_case(case.pk)
    if opening is None:
        return Bid.objects.filter(case=case).exists()
    return opening.entries.exclude(state=State.OPENED).exists() or _has_sealed_parts(case)


def require_destroyed(case: Case) -> None:
    """Refuse while bids that were never opened still could be. Raises ``Refusal``."""
    if count := missing(case):
        raise Refusal(rules.KEYS_NOT_DESTROYED, missing=count)

"""What one officer proposes and another decides: nobody decides on the own proposal (U-07)."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity.actors import Actor, is_same_person
from gongheng.trust.identity.kinds import SetState
from gongheng.trust.identity.proposed import Proposed

P = TypeVar("P", bound=Proposed)


def decided(
    among: QuerySet[P],
    proposal_id: UUID,
    state: SetState,
    *,
    actor: Actor,
    now: datetime,
    over: Reason,
    own: Reason,
) -> P:
    """Return a proposal under its lock with the decision entered, not yet saved.

    Raises ``Refusal`` (``over`` for one that waits no longer, ``own``), ``DoesNotExist``.
    """
    proposal = among.select_for_update(of=("self",)).get(pk=proposal_id)
    if proposal.state != SetState.PROPOSED:
        raise Refusal(over)
    if is_same_person(actor, proposal.proposed_by):
        raise Refusal(own)
    proposal.state, proposal.decided_at = state, now
    proposal.decided_by, proposal.decided_by_name = actor.person_id, actor.name
    return proposal

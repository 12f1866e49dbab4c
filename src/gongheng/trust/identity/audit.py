"""The one way into the audit trail."""

from datetime import datetime
from uuid import UUID

from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.models import AuditEntry


def record(
    *,
    actor: Actor,
    deed: str,
    now: datetime,
    object_id: UUID | str = "",
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    address: str | None = None,
) -> AuditEntry:
    """Write who did what to which object, when, from where, and how it ended.

    A deed that is done is recorded inside its own transaction; a refusal after it was rolled back.
    """
    return AuditEntry.objects.create(
        region_code=actor.region_code or NOWHERE,
        account_id=actor.account_id,
        deed=deed,
        object_id=str(object_id),
        outcome=outcome,
        reason=reason,
        address=address or actor.address,
        happened_at=now,
    )


NOWHERE = "000000"
"""The region of an entry about somebody who is not signed in."""

"""The one way into the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from gongheng.kernel.reasons import Refusal
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
    """Write who did what to which object, when, from where, and how it ended (E-15).

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
        roles=" ".join(sorted(actor.roles)),
        happened_at=now,
    )


@contextmanager
def refusals(
    *, actor: Actor, deed: str, now: datetime, object_id: UUID | str = ""
) -> Iterator[None]:
    """Write down a refusal of the deed inside, and let it go on to whoever tells the person.

    It stands outside the deed's transaction, which the refusal has rolled back.
    """
    try:
        yield
    except Refusal as refusal:
        record(
            actor=actor,
            deed=deed,
            object_id=object_id,
            now=now,
            outcome=Outcome.REFUSED,
            reason=refusal.reason.code,
        )
        raise


NOWHERE = "000000"
"""The region of an entry about somebody who is not signed in."""

"""The audit trail of deeds with bids, which is entered only when the bidding is over.

Whoever reads the trail meanwhile must not learn who bids, nor how many do: not from what was done,
nor from what was refused. Each entry keeps its own instant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.models import SealedEntry
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Outcome

BIDDING = "close_bids"


def keep(
    *,
    case: Case,
    deed: str,
    actor: Actor,
    now: datetime,
    object_id: UUID | str = "",
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    public_key: str = "",
) -> SealedEntry:
    """Keep an entry until the bidding of its case is over, with what the deed changed (E-16)."""
    return SealedEntry.objects.create(
        region_code=case.region_code,
        case=case,
        account_id=actor.person_id,
        account_region=actor.region_code,
        deed=deed,
        object_id=str(object_id),
        outcome=outcome,
        reason=reason,
        address=actor.address,
        roles=" ".join(sorted(actor.roles)),
        device=actor.device,
        public_key=public_key,
        changes=audit.changes_of(object_id),
        happened_at=now,
    )


@contextmanager
def refusals(*, case: Case, deed: str, actor: Actor, now: datetime) -> Iterator[None]:
    """Keep a refusal of the deed inside, and let it go on to whoever tells the person."""
    try:
        yield
    except Refusal as refusal:
        keep(
            case=case,
            deed=deed,
            actor=actor,
            now=now,
            object_id=case.pk,
            outcome=Outcome.REFUSED,
            reason=refusal.reason.code,
        )
        raise


@transaction.atomic
def enter_waiting() -> int:
    """Enter what was kept of cases whose bidding is over; return how much that was."""
    waiting = SealedEntry.objects.select_for_update(of=("self",), skip_locked=True)
    found = list(waiting.exclude(case__awaits=BIDDING).order_by("happened_at", "id")[:1000])
    for entry in found:
        audit.record(
            actor=_who(entry),
            deed=entry.deed,
            object_id=entry.object_id,
            now=entry.happened_at,
            outcome=Outcome(entry.outcome),
            reason=entry.reason,
            public_key=entry.public_key,
            changed=entry.changes,
        )
    SealedEntry.objects.filter(pk__in=[entry.pk for entry in found]).delete()
    return len(found)


def _who(entry: SealedEntry) -> Actor:
    return Actor(
        account_id=entry.account_id,
        username="",
        name="",
        organisation_code="",
        organisation_name="",
        region_code=entry.account_region,
        roles=frozenset(entry.roles.split()),
        address=entry.address,
        device=entry.device,
    )

"""What a holder states on its own machine and hands in as a file, while its service is down.

Whoever enters it answers for nothing in it: each statement is proved by the key of its holder.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import destruction, phases, queries, rules
from gongheng.trading.opening.models import Destruction, ShareRelease
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

DEED = "opening.statements_entered"
ENDORSED = "endorsement"
"""Only a statement of destruction is signed by the standing key of its holder, too."""


@transaction.atomic
def enter(
    *, case_id: UUID, statements: Sequence[object], actor: Actor, now: datetime
) -> list[Destruction | ShareRelease]:
    """Take holders' shares, or that their keys are destroyed: all of the statements or none.

    The same statement once more is the one from before. Raises ``Refusal``: NOT_THE_CENTRE, and what
    ``phases.take_shares`` and ``destruction.take`` refuse.
    """
    if not queries.is_centre(Case.objects.get(pk=case_id), actor):
        raise Refusal(rules.NOT_THE_CENTRE)
    taken = [_take(case_id, statement, now) for statement in statements]
    audit.record(actor=actor, deed=DEED, object_id=case_id, now=now)
    return taken


def _take(case_id: UUID, statement: object, now: datetime) -> Destruction | ShareRelease:
    if isinstance(statement, dict) and ENDORSED in statement:
        return destruction.take(case_id=case_id, statement=statement, now=now)
    return phases.take_shares(case_id=case_id, statement=statement, now=now)

"""Decides, after a failure, to tender a lot again or to drop it with approval (W-37)."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.trading.cases import actions as engine, queries as cases
from gongheng.trading.projects import rules
from gongheng.trading.projects.kinds import Anew, Approval
from gongheng.trading.projects.models import LotDecision
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

STEP = "decide_anew"


@transaction.atomic
def decide_anew(
    *,
    case_id: UUID,
    outcome: Anew,
    reason: str,
    actor: Actor,
    now: datetime,
    approval: Approval | None = None,
) -> LotDecision:
    """Write down what a tenderer decides after a failure, and do the step.

    Raises ``Refusal`` (rules.NO_REASON, DROPPING_NOT_APPROVED), and what the engine refuses.
    """
    # Whoever may not read the case finds none; the engine judges the rest.
    case = cases.cases_for(actor).get(pk=case_id)
    rules.require_reason(reason)
    given = approval if outcome is Anew.DROP else None
    paper = {f"approval_{name}": value for name, value in asdict(given).items()} if given else {}
    decision = LotDecision.objects.create(
        region_code=case.region_code,
        case_code=case.code,
        round_number=case.round_number,
        outcome=outcome,
        reason=reason.strip(),
        decided_by=actor.person_id,
        decided_by_name=actor.name,
        decided_at=now,
        **paper,
    )
    engine.advance(case_id=case.pk, step=STEP, outcome=outcome, actor=actor, now=now)
    audit.record(actor=actor, deed=f"lot.decided_{outcome}", object_id=decision.pk, now=now)
    return decision

"""Finds the tender documents unlawful, which ends the round (Q-04)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.trading.cases import actions as cases
from gongheng.trading.cases.models import DoneStep
from gongheng.trading.notices import rules
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def find(*, case_id: UUID, statement: str, actor: Actor, now: datetime) -> DoneStep:
    """Find the documents of a case unlawful; the failure is announced next. Raises ``Refusal``."""
    rules.require_reason(statement)
    done = cases.advance(
        case_id=case_id,
        step="find_unlawful",
        outcome="redo",
        facts={"finding": statement.strip()},
        actor=actor,
        now=now,
    )
    audit.record(actor=actor, deed="notice.found_unlawful", object_id=case_id, now=now)
    return done

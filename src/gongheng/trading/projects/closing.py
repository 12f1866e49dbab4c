"""Closes a project in which nothing goes on before its notice, by two people of the centre (U-05, U-07)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.clock import to_minute
from gongheng.trading.cases import actions as engine, gate, queries as cases
from gongheng.trading.cases.models import Proposal
from gongheng.trading.projects import intake, queries, rules
from gongheng.trading.projects.models import LotDecision
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

CLOSE, CLOSED = "close_idle", "closed_idle"
STATEMENT = "statement"


@transaction.atomic
def propose(*, case_id: UUID, statement: str, actor: Actor, now: datetime) -> Proposal:
    """Propose to close a lot that stood still after its reminder. Raises ``Refusal``."""
    rules.require_reason(statement)
    return engine.propose(
        case_id=case_id, step=CLOSE, actor=actor, now=now, facts={STATEMENT: statement.strip()}
    )


def passage(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  the gate's shape
    """Return what is closed, since when nothing went on, and why."""
    case = proposal.case
    return gate.Passage(
        title=f"{case.title}：关闭闲置项目",
        facts=(
            ("标段", f"{case.title}（{case.code}）"),
            ("当前环节", cases.declaration_of(case).label_of(case.awaits)),
            ("没有进展的起点", to_minute(cases.known_instant(case, "idle_since"))),
            ("提醒时间", to_minute(cases.known_instant(case, "idle_reminded_at"))),
            ("说明", str(proposal.facts[STATEMENT])),
            ("后续", "本次办理结束，标段编号不再使用；以后需要办理的，重新登记。"),
        ),
    )


@transaction.atomic
def carry_out(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Close what a second person confirmed, and settle a filing that nobody waits for any more."""
    case = proposal.case
    engine.advance(
        case_id=case.pk,
        step=CLOSE,
        facts=proposal.facts,
        outcome=proposal.outcome,
        actor=actor,
        now=now,
    )
    LotDecision.objects.create(
        region_code=case.region_code,
        case_code=case.code,
        round_number=case.round_number,
        outcome=CLOSED,
        reason=str(proposal.facts[STATEMENT]),
        decided_by=actor.person_id,
        decided_by_name=actor.name,
        decided_at=now,
    )
    intake.close_filing(queries.lot_of(case.code).tender_project, actor=actor, now=now)
    audit.record(actor=actor, deed="project.closed_idle", object_id=case.pk, now=now)

"""What the deeds of this room have in common: the case under its lock, and its next step."""

from datetime import datetime
from uuid import UUID

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.cases import actions as case_actions
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trust.identity.actors import Actor
from gongheng.web.routes import Permission

NOT_ALLOWED = Reason(
    code="award.not_allowed",
    message="本步骤由该项目的招标人或代理机构经办人办理。",
    remedy="请由项目的经办人办理。",
)


def locked(case_id: UUID, actor: Actor, permission: Permission) -> Case:
    """Return a case under its lock, for its own clerk. Raises ``Refusal`` (NOT_ALLOWED)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not (actor.may(permission) and actor.is_of(case.tenderer_code, case.agency_code)):
        raise Refusal(NOT_ALLOWED)
    return case


def locked_unheld(case_id: UUID, actor: Actor, permission: Permission) -> Case:
    """Return a case as ``locked`` does, for a deed that is no step: no hold may stand on it.

    Raises ``Refusal`` (NOT_ALLOWED, holds.HELD).
    """
    case = locked(case_id, actor, permission)
    holds.require_none(case.code)
    return case


def advance(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Do the step that two people agreed on."""
    case_actions.advance(
        case_id=proposal.case_id,
        step=proposal.step,
        actor=actor,
        now=now,
        facts=proposal.facts,
        outcome=proposal.outcome,
    )

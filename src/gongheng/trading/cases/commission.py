"""What an agency may do in a case: what an agreement of that day lets it do, and no more."""

from collections.abc import Mapping
from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.subjects import queries as subjects
from gongheng.registers.subjects.kinds import Commission
from gongheng.trading.cases import reasons
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.kinds import Deed
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor

COMMISSIONS: Mapping[Deed, Commission] = {
    Deed.INTAKE: Commission.PREPARATION,
    Deed.PLAN: Commission.PREPARATION,
    Deed.DOCUMENTS: Commission.DOCUMENTS,
    Deed.INVITE: Commission.DOCUMENTS,
    Deed.CHANGE: Commission.DOCUMENTS,
    Deed.OPEN: Commission.OPENING,
    Deed.OPENING_RECORD: Commission.OPENING,
    Deed.COMMITTEE: Commission.EVALUATION,
    Deed.REPORT: Commission.EVALUATION,
    Deed.CANDIDATES: Commission.AWARD,
    Deed.AWARD: Commission.AWARD,
    Deed.DECIDE: Commission.AWARD,
    Deed.RESULT: Commission.AWARD,
    Deed.SUPERVISOR_REPORT: Commission.AWARD,
    Deed.FAIL: Commission.AWARD,
    Deed.TERMINATE: Commission.AWARD,
    Deed.CONTRACT: Commission.CONTRACT,
    Deed.CONTRACT_PUBLICATION: Commission.CONTRACT,
    Deed.REFUND: Commission.CONTRACT,
    Deed.ANSWER: Commission.ANSWERS,
}
"""Which part of an agreement lets an agency do a deed; the other deeds are no tenderer's."""


def require(case: Case, step: Step, *, actor: Actor, now: datetime) -> None:
    """Refuse an agency's deed that the tenderer did not commission. Raises ``Refusal``."""
    own, commission = actor.organisation_code, COMMISSIONS.get(step.deed)
    if commission is None or not own or own != case.agency_code or own == case.tenderer_code:
        return
    agreement = subjects.agreement_between(
        tenderer_code=case.tenderer_code, agency_code=own, on=day_of(now), commission=commission
    )
    if agreement is None:
        raise Refusal(reasons.NOT_COMMISSIONED, commission=commission)

"""A regulator's order that stops a case, and the one that lets it go on: the second writer of this room.

Orders are documents of the regulator; who enters them does no deed of the case (A-10).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds, queries as standing, reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import bidders, queries, rooms
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def place(*, case_id: UUID, document: str, cause: str, actor: Actor, now: datetime) -> None:
    """Stop a case by an order. Raises ``Refusal`` (holds.NO_DOCUMENT, ALREADY_HELD)."""
    case = queries.cases_for(actor).get(pk=case_id)
    holds.place(
        code=case.code,
        document=document,
        kind=HoldKind.DIRECTIVE,
        cause=cause,
        placed_by_code=actor.organisation_code,
        now=now,
    )
    rooms.release_held(case, actor=actor, now=now)
    audit.record(actor=actor, deed="case.held", object_id=case.pk, now=now)
    _tell(case, "监管部门责令暂停", f"{cause}（{document}）。解除以前不能办理。", now=now)


@transaction.atomic
def lift(*, case_id: UUID, document: str, by_document: str, actor: Actor, now: datetime) -> None:
    """Let a case go on that an order stopped. Raises ``Refusal`` (holds.NO_DOCUMENT, NOT_HELD)."""
    case = queries.cases_for(actor).get(pk=case_id)
    if not standing.orders_on(case.code).filter(document=document).exists():
        raise Refusal(reasons.NOT_HELD, document=document)
    holds.lift(
        code=case.code,
        document=document,
        by_document=by_document,
        lifted_by_code=actor.organisation_code,
        now=now,
    )
    audit.record(actor=actor, deed="case.hold_lifted", object_id=case.pk, now=now)
    _tell(
        case, "监管暂停已解除", f"{document} 的暂停已由 {by_document} 解除，可以继续办理。", now=now
    )


def _tell(case: Case, subject: str, body: str, *, now: datetime) -> None:
    sides = [code for code in (case.tenderer_code, case.agency_code) if code]
    messages.send(
        recipients=[Recipient(organisation_code=code) for code in sides],
        subject=f"{subject}：{case.title}",
        body=f"{case.title}（{case.code}）：{body}",
        case_code=case.code,
        kind="case.held",
        now=now,
    )
    bidders.tell(
        [case],
        subject=f"{subject}：{case.title}",
        body=f"{case.title}（{case.code}）：{body}",
        kind="case.held",
        now=now,
    )

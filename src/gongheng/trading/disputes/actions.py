"""Raises and answers objections; the case stands still between the two: the only writer of this room."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.bids import trail
from gongheng.trading.cases import actions as engine, queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.disputes import permissions, publishing, queries, rules
from gongheng.trading.disputes.kinds import AnswerFacts, Matter, ObjectionFacts, Verdict
from gongheng.trading.disputes.models import Objection
from gongheng.trading.disputes.papers import PAPERS
from gongheng.trading.opening import queries as opening
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

OBJECTOR = "异议人"
"""What the history of a case and its acts call whoever objected: the name would tell who bids."""


@transaction.atomic
def raise_objection(
    *, case_id: UUID, matter: Matter, facts: ObjectionFacts, actor: Actor, now: datetime
) -> Objection:
    """Raise an objection; the case stands still until it is answered.

    Raises ``Refusal``: rules.CONTENTS_MISSING, NO_ORGANISATION, NOT_OPENED, STILL_OPEN, and what the
    case refuses (too late by W-09, no publicity by W-28).
    """
    rules.require_organisation(actor.organisation_code)
    rules.require_contents(
        {
            "异议请求": facts.claims,
            "事实和理由": facts.grounds,
            "证据和线索": facts.evidence,
            "联系方式": facts.contact,
        }
    )
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if matter is Matter.OPENING:
        opened = opening.of_case(case.pk)
        has_bid = opened is not None and opening.entry_of(opened, actor) is not None
        rules.require_opened(has_opened_bid=has_bid)
    own = queries.open_objections(case, matter).filter(organisation_code=actor.organisation_code)
    rules.require_none_open(waits=own.exists())
    document = _reference("YY", now)
    engine.advance(
        case_id=case.pk,
        step=matter.objection,
        facts={"document": document},
        # The firm stays in this room: neither history, hold nor act may tell who means to bid.
        actor=replace(actor, name=OBJECTOR, organisation_code="", organisation_name=""),
        now=now,
    )
    objection = _kept(case, matter, document, facts, actor=actor, now=now)
    _write_down("objection.raised", objection, actor=actor, now=now)
    publishing.publish(objection, now=now)
    return objection


def _write_down(deed: str, objection: Objection, *, actor: Actor, now: datetime) -> None:
    """Enter what a firm did; while bids are open the trail must not tell who means to bid (A-01)."""
    if queries.is_secret(objection):
        trail.keep(case=objection.case, deed=deed, actor=actor, now=now, object_id=objection.pk)
    else:
        audit.record(actor=actor, deed=deed, object_id=objection.pk, now=now)


def _kept(
    case: Case,
    matter: Matter,
    document: str,
    facts: ObjectionFacts,
    *,
    actor: Actor,
    now: datetime,
) -> Objection:
    digest, name = PAPERS.enter(facts.paper, title=f"{document}-证据")
    due = rules.answer_due(raised_at=now, terms_on=case.terms_on or day_of(now))
    try:
        with transaction.atomic():
            return Objection.objects.create(
                region_code=case.region_code,
                case=case,
                matter=matter,
                document=document,
                organisation_code=actor.organisation_code,
                organisation_name=actor.organisation_name,
                raised_by=actor.person_id,
                raised_by_name=actor.name,
                claims=facts.claims,
                grounds=facts.grounds,
                evidence=facts.evidence,
                paper_digest=digest,
                paper_name=name,
                contact=facts.contact,
                raised_at=now,
                due_at=due.ends_at,
            )
    except IntegrityError:
        raise Refusal(rules.STILL_OPEN) from None


@transaction.atomic
def answer(*, objection_id: UUID, facts: AnswerFacts, actor: Actor, now: datetime) -> Objection:
    """Answer an objection; the case goes on when none is left open.

    Raises ``Refusal`` (rules.ANSWERED, NO_ANSWER, UNLAWFUL_BUT_REJECTED) and what the case refuses.
    """
    is_upheld = facts.verdict is Verdict.UPHELD
    rules.require_answer(text=facts.text, is_upheld=is_upheld, finds_unlawful=facts.finds_unlawful)
    case_id = Objection.objects.values_list("case_id", flat=True).get(pk=objection_id)
    own = cases.cases_for(actor).select_related(None)
    case = own.select_for_update(of=("self",)).get(pk=case_id)
    objection = Objection.objects.get(pk=objection_id, case=case)
    rules.require_unanswered(answered_at=objection.answered_at)
    matter, document = Matter(objection.matter), _reference("YD", now)
    engine.advance(
        case_id=case.pk,
        step=matter.answer,
        facts={
            "document": objection.document,
            "answer_document": document,
            "upheld": is_upheld,
        },
        outcome=facts.verdict.value if matter is Matter.DOCUMENTS else "",
        actor=actor,
        now=now,
    )
    objection.verdict = facts.verdict
    objection.finds_unlawful = facts.finds_unlawful
    objection.answer = facts.text.strip()
    objection.answer_document = document
    objection.answered_by_name = actor.name
    objection.answered_by_code = actor.organisation_code
    objection.answered_at = now
    objection.save()
    audit.record(actor=actor, deed="objection.answered", object_id=objection.pk, now=now)
    publishing.publish(objection, now=now)
    _tell_objector(objection, now=now)
    return objection


def _tell_objector(objection: Objection, *, now: datetime) -> None:
    """Tell the firm that its objection is answered (T-12); nobody else sees that message."""
    messages.send(
        recipients=[Recipient(organisation_code=objection.organisation_code)],
        subject=f"贵单位的异议 {objection.document} 已答复",
        body=(
            f"{objection.case.title}：{objection.state[0]}，答复文号 {objection.answer_document}。"
            "对答复不服的，可以自知道或者应当知道之日起十日内向行政监督部门投诉（《招标投标法实施条例》第六十条）。"
        ),
        kind="objection.answered",
        case_code=objection.case.code,
        is_secret=queries.is_secret(objection),
        now=now,
    )


def _reference(letters: str, now: datetime) -> str:
    return codes.issue_reference(
        region_code=settings.NODE.region_code, letters=letters, day=day_of(now)
    )


PERMISSIONS = {
    Matter.DOCUMENTS: permissions.OBJECT_DOCUMENTS,
    Matter.OPENING: permissions.OBJECT_OPENING,
    Matter.RESULT: permissions.OBJECT_RESULT,
}
"""Who may object to what."""

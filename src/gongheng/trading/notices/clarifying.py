"""Proposes clarifications and changes of a standing notice, and publishes what was confirmed (B-04)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.data.records import queries as records
from gongheng.data.records.models import Version
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import actions as cases, gate, queries as cases_queries
from gongheng.trading.cases.models import Proposal
from gongheng.trading.documents import actions as documents, leaving, queries as documents_queries
from gongheng.trading.documents.kinds import ADDENDA
from gongheng.trading.notices import judgement, letters, locking, reports, rules
from gongheng.trading.notices.content import written
from gongheng.trading.notices.kinds import CLARIFY, DATASET, ChangeFacts, QuestionState
from gongheng.trading.notices.models import Clarification, Notice, Question
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def propose(
    *, case_id: UUID, changes: int, facts: ChangeFacts, actor: Actor, now: datetime
) -> tuple[Proposal, ...]:
    """Propose a clarification of the notice of a case, for all lots that it still invites bids for.

    ``changes`` is how many clarifications the person saw. Raises ``Refusal``.
    """
    case = cases_queries.cases_for(actor).get(pk=case_id)
    notice, together = locking.cases_of_notice(case.code)
    rules.require_open(now=now, bids_due_at=notice.bids_due_at, is_standing=notice.is_standing)
    rules.require_current(stated=changes, current=notice.changes, reason=rules.STALE_NOTICE)
    for refusal in judgement.refusals_of_change(
        facts, announced=announced(notice), now=now
    ).values():
        raise refusal
    clarification = _kept(notice, facts, actor=actor, now=now)
    stated: dict[str, str | bool | datetime] = {
        "clarification": str(clarification.pk),
        "affects_bids": facts.may_affect_bids,
        "bids_due_at": facts.bids_due_at,
        "opening_at": facts.opening_at,
        "documents_until": facts.documents_until,
    }
    matter = uuid7()
    proposals = tuple(
        cases.propose(
            case_id=one.pk, step=CLARIFY, facts=stated, actor=actor, now=now, matter=matter
        )
        for one in together
    )
    audit.record(actor=actor, deed="notice.change_proposed", object_id=notice.pk, now=now)
    return proposals


def _kept(notice: Notice, facts: ChangeFacts, *, actor: Actor, now: datetime) -> Clarification:
    """Keep what is proposed, over what a second person returned."""
    Question.objects.filter(clarification__notice=notice, state=QuestionState.OPEN).update(
        clarification=None, answer=""
    )
    clarification, _ = Clarification.objects.update_or_create(
        region_code=notice.region_code,
        notice=notice,
        number=notice.changes + 1,
        defaults={
            "old_text": facts.old_text,
            "new_text": facts.new_text,
            "reason": facts.reason,
            "may_affect_bids": facts.may_affect_bids,
            "documents_until": facts.documents_until,
            "bids_due_at": facts.bids_due_at,
            "opening_at": facts.opening_at,
            "proposed_by_name": actor.name,
            "proposed_at": now,
        },
    )
    open_questions = notice.questions.filter(state=QuestionState.OPEN)
    for question_id, answer in facts.answers:
        answered = open_questions.filter(pk=question_id).update(
            answer=answer, clarification=clarification
        )
        if not answered:
            raise Refusal(rules.NO_SUCH_QUESTION, question=question_id)
    return clarification


def passage(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the notice as it would stand after a clarification. Raises ``Refusal``."""
    clarification = _of(proposal)
    notice = clarification.notice
    standing = _standing(notice)
    body = reports.changed_body(notice, clarification, standing=standing, now=now)
    addendum = reports.addendum_of(notice, clarification, standing=standing)
    proposed = [one.case for one in gate.proposals_of(proposal.matter)]
    texts, files = leaving.parts([one for one in proposed if documents_queries.issued_in(one)])
    return gate.Passage(
        texts=texts,
        files=files,
        title=f"{notice.title}第{clarification.number}号澄清（修改）",
        records=(
            (DATASET, reports.timeless(body)),
            *(
                (ADDENDA, reports.timeless(added))
                for one in gate.proposals_of(proposal.matter)
                if (added := documents.preview(one.case, addendum, now=now))
            ),
        ),
        facts=(
            ("可能影响投标文件编制", "是" if clarification.may_affect_bids else "否"),
            ("原投标截止时间", written(notice.bids_due_at)),
            ("投标截止和开标时间", written(clarification.bids_due_at)),
            ("答复的问题", f"{clarification.questions.count()} 个"),
            *_amended(proposal),
        ),
    )


def _amended(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield which documents are issued anew: the revision that the second person confirms."""
    for one in gate.proposals_of(proposal.matter):
        draft = documents_queries.draft_of(one.case)
        if draft is not None and documents_queries.issued_in(one.case) is not None:
            yield f"{one.case.title}招标文件", f"同时发布修改后的版本（修改稿第{draft.revision}稿）"


def _of(proposal: Proposal) -> Clarification:
    found = Clarification.objects.select_related("notice__tender_project")
    return found.get(pk=str(proposal.facts["clarification"]))


def _standing(notice: Notice) -> Version:
    standing = records.own_record(notice.version_id)
    if standing is None:
        raise Refusal(rules.WITHDRAWN)
    return standing


@transaction.atomic
def carry_out(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish a clarification that a second person confirmed, and tell who asked."""
    clarification = _of(proposal)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=clarification.notice_id)
    rules.require_current(
        stated=clarification.number, current=notice.changes + 1, reason=rules.STALE_NOTICE
    )
    proposals = gate.proposals_of(proposal.matter)
    lots = [one.case.code for one in proposals]
    for one in proposals:
        cases.advance(case_id=one.case_id, step=one.step, facts=one.facts, actor=actor, now=now)
    standing = _standing(notice)
    addendum = reports.addendum_of(notice, clarification, standing=standing)
    body = reports.changed_body(notice, clarification, standing=standing, now=now)
    version = reports.notice_changed(
        notice, body, reason=clarification.reason, actor=actor, now=now
    )
    clarification.version_id, clarification.published_at = version.pk, now
    clarification.save(update_fields=["version_id", "published_at"])
    notice.version_id = version.pk
    notice.changes += 1
    notice.documents_until = clarification.documents_until
    notice.bids_due_at = clarification.bids_due_at
    notice.opening_at = clarification.opening_at
    notice.save()
    clarification.questions.update(state=QuestionState.ANSWERED)
    _tell_askers(clarification, now=now)
    number = clarification.number
    letters.tell_change(
        notice,
        [one.case for one in proposals],
        subject=f"第{number}号澄清（修改）",
        body=f"第{number}号澄清（修改）已经公布，全文见公告。投标截止和开标时间：{written(notice.bids_due_at)}。"
        "已递交的投标文件仍然有效，截止前可以在“我的投标”中替换或者撤回。",
        now=now,
    )
    audience = reports.audience_of(notice.tender_project)
    for case_code in lots:
        documents.clarify(
            case_code=case_code, addendum=addendum, audience=audience, actor=actor, now=now
        )
    audit.record(actor=actor, deed="notice.changed", object_id=notice.pk, now=now)


def _tell_askers(clarification: Clarification, *, now: datetime) -> None:
    """Tell whoever asked that the answer is public; each alone, nobody of another."""
    for question in clarification.questions.exclude(asked_by=None, contact=""):
        to = Recipient(account_id=question.asked_by, email=question.contact)
        messages.send(
            recipients=[to],
            subject=f"您的提问 {question.reference} 已公开答复",
            body=f"答复随{clarification.notice.title}第{clarification.number}号澄清公开。",
            kind="question.answered",
            now=now,
            # Who asked may mean to bid; mail goes only where the asker wanted it.
            is_secret=not question.contact,
        )


def announced(notice: Notice) -> ChangeFacts:
    """Return the times that a notice holds out now, in the shape of a change."""
    return ChangeFacts(
        old_text="",
        new_text="",
        reason="",
        may_affect_bids=False,
        documents_until=notice.documents_until,
        bids_due_at=notice.bids_due_at,
        opening_at=notice.opening_at,
    )

"""What the declaration of a procedure asks this room: contents, deadlines, time that remained."""

from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import guards
from gongheng.trading.notices import actions, drafts, queries, rules
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trust.identity.actors import NOBODY

TIMES = ("documents_from", "documents_until", "bids_due_at", "opening_at")
ANNOUNCED = ("bids_due_at", "opening_at")


@guards.provide("notices.contents_complete")
def contents_complete(question: guards.Question) -> None:
    """Refuse a notice that is not wholly written, and times that are not those of its draft (B-03)."""
    draft = NoticeDraft.objects.filter(pk=str(question.facts.get("draft", ""))).first()
    if draft is None:
        raise Refusal(rules.CONTENTS_MISSING, missing=("招标公告",))
    form = actions.complete(drafts.read(draft, actor=NOBODY, now=question.now))
    facts = form.facts()
    if question.case_code not in facts.lot_codes:
        raise Refusal(rules.UNKNOWN_LOT, lots=(question.case_code,))
    if any(_instant(question, name) != getattr(facts, name) for name in TIMES):
        raise Refusal(rules.OTHER_TIMES, draft=draft.pk)


@guards.provide("notices.deadline_not_shortened")
def deadline_not_shortened(question: guards.Question) -> None:
    """Refuse to bring an announced deadline or opening forward."""
    notice = _notice(question)
    for name in ANNOUNCED:
        rules.require_not_shortened(
            announced=getattr(notice, name), changed=_instant(question, name)
        )


@guards.provide("notices.remaining_time_kept")
def remaining_time_kept(question: guards.Question) -> None:
    """Refuse to go on with less time than remained when the outage began (Q-07)."""
    notice = _notice(question)
    rules.require_time_kept(
        bids_due_at=notice.bids_due_at,
        since=_instant(question, "outage_since"),
        resumed_until=_instant(question, "bids_due_at"),
        now=question.now,
    )


def _notice(question: guards.Question) -> Notice:
    notice = queries.standing_notice(question.case_code)
    if notice is None:
        raise Refusal(rules.NO_NOTICE, lot=question.case_code)
    return notice


def _instant(question: guards.Question, name: str) -> datetime:
    fact = question.facts[name]
    return fact if isinstance(fact, datetime) else datetime.fromisoformat(str(fact))

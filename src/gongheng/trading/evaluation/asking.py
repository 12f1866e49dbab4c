"""Written requests of the committee to a bidder, and the bidder's written answers (W-25, S-09)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.evaluation import correction, queries, rules, sources, telling
from gongheng.trading.evaluation.correction import Corrected, Item
from gongheng.trading.evaluation.forming import locked_seat, require_chair, require_unlocked
from gongheng.trading.evaluation.kinds import RequestKind, RequestState
from gongheng.trading.evaluation.models import Committee, Request
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

ANSWER_TIME = timedelta(hours=2)
"""How long a bidder has for an answer unless the committee gives more."""
LONGEST_TIME = timedelta(days=3)
LONGEST_TEXT = 4000


@transaction.atomic
def ask(
    *,
    case_id: UUID,
    bidder_code: str,
    question: str,
    actor: Actor,
    now: datetime,
    kind: RequestKind = RequestKind.CLARIFICATION,
    answer_time: timedelta = ANSWER_TIME,
) -> Request:
    """Ask a bidder in writing to explain, on behalf of the committee. Raises ``Refusal`` (rules)."""
    committee, request = _asked(
        case_id, bidder_code, question, kind=kind, answer_time=answer_time, actor=actor, now=now
    )
    return _sent(committee, request, actor=actor, now=now)


@transaction.atomic
def correct(
    *,
    case_id: UUID,
    bidder_code: str,
    question: str,
    actor: Actor,
    now: datetime,
    words: Decimal | None = None,
    items: Sequence[Item] = (),
    answer_time: timedelta = ANSWER_TIME,
) -> Request:
    """Ask a bidder to confirm the arithmetic correction of its price in writing (S-09).

    Raises ``Refusal`` (those of ``correction`` and rules).
    """
    committee, request = _asked(
        case_id,
        bidder_code,
        question,
        kind=RequestKind.CORRECTION,
        answer_time=answer_time,
        actor=actor,
        now=now,
    )
    [bid] = [bid for bid in sources.bids_of(committee) if bid.bidder_code == bidder_code]
    found = correction.corrected(bid.price, words=words, items=items)
    request.corrected_price = found.price
    request.figures = _figures(bid.price, words, items, found)
    return _sent(committee, request, actor=actor, now=now)


def _asked(
    case_id: UUID,
    bidder_code: str,
    question: str,
    *,
    kind: RequestKind,
    answer_time: timedelta,
    actor: Actor,
    now: datetime,
) -> tuple[Committee, Request]:
    committee, member = locked_seat(case_id, actor)
    require_chair(committee, member)
    require_unlocked(committee)
    if not question.strip() or len(question) > LONGEST_TEXT:
        raise Refusal(rules.ASK_SOMETHING)
    if bidder_code not in {bid.bidder_code for bid in sources.bids_of(committee)}:
        raise Refusal(rules.NO_SUCH_CRITERION, bidder=bidder_code)
    request = Request(
        region_code=committee.region_code,
        committee=committee,
        bidder_code=bidder_code,
        kind=kind,
        question=question.strip(),
        asked_by=member,
        asked_at=now,
        due_at=now + min(answer_time, LONGEST_TIME),
    )
    return committee, request


def _sent(committee: Committee, request: Request, *, actor: Actor, now: datetime) -> Request:
    request.save(force_insert=True)
    telling.request_sent(committee.case, request, now=now)
    audit.record(actor=actor, deed="evaluation.request_sent", object_id=committee.case_id, now=now)
    return request


def _figures(
    opened: Decimal, words: Decimal | None, items: Sequence[Item], found: Corrected
) -> dict[str, Any]:
    return {
        "opened_price": str(opened),
        "words": "" if words is None else str(words),
        "items": [
            {
                "label": item.label,
                "quantity": str(item.quantity),
                "unit_price": str(item.unit_price),
                "total": str(item.total),
                "has_slipped": item.has_slipped,
            }
            for item in items
        ],
        "steps": [[words, str(amount)] for words, amount in found.steps],
        "corrected_price": str(found.price),
    }


@transaction.atomic
def answer(
    *, request_id: UUID, text: str, actor: Actor, now: datetime, accepts: bool | None = None
) -> Request:
    """Answer a request in writing for the own firm; a correction is accepted or refused.

    Raises ``Refusal`` (rules.NO_REQUEST, ANSWER_LATE, ASK_SOMETHING), ``Request.DoesNotExist``.
    """
    own = queries.requests_to(actor).select_for_update(of=("self",))
    request = own.get(pk=request_id)
    holds.require_none(request.committee.case.code)
    if request.state != RequestState.ASKED:
        raise Refusal(rules.NO_REQUEST)
    if now >= request.due_at:
        raise Refusal(rules.ANSWER_LATE, due_at=request.due_at)
    is_correction = request.kind == RequestKind.CORRECTION
    if is_correction and accepts is None:
        raise Refusal(rules.NO_CHOICE)
    if not is_correction and (not text.strip() or len(text) > LONGEST_TEXT):
        raise Refusal(rules.ASK_SOMETHING)
    request.state = RequestState.ANSWERED
    if is_correction:
        request.state = RequestState.ACCEPTED if accepts else RequestState.REFUSED
    request.answer = text.strip()
    request.answered_at, request.answered_by_name = now, actor.name
    request.save()
    audit.record(actor=actor, deed="evaluation.request_answered", object_id=request.pk, now=now)
    return request


def settle_overdue(committee: Committee, *, now: datetime) -> None:
    """Take silence at the end of the time: a correction is not confirmed, a question not answered.

    Raises ``Refusal`` (PENDING_REQUEST) while a bidder still has time.
    """
    waiting = committee.requests.filter(state=RequestState.ASKED)
    if waiting.filter(due_at__gt=now).exists():
        raise Refusal(rules.PENDING_REQUEST)
    waiting.filter(kind=RequestKind.CORRECTION).update(state=RequestState.REFUSED)
    waiting.update(state=RequestState.UNANSWERED)

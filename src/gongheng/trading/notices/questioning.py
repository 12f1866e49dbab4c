"""Takes questions about the tender documents, from anybody; who asked stays with the platform."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.trading.cases import bidders, queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.notices import queries, rules
from gongheng.trading.notices.models import Notice, Question
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

ASKED = "question.asked"


@transaction.atomic
def ask(*, notice_id: UUID, text: str, contact: str, actor: Actor, now: datetime) -> Question:
    """Ask about the documents of a standing notice. Raises ``Refusal``, ``Notice.DoesNotExist``.

    No act tells of it, and the trail only when bids are in: how many ask, and who, would tell how
    many mean to bid (A-01).
    """
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    rules.require_may_ask(
        text=text,
        now=now,
        bids_due_at=notice.bids_due_at if notice.is_standing else now,
        is_known=actor.is_signed_in,
        of_strangers=queries.questions_of_strangers(notice, on=day_of(now)),
    )
    question = Question.objects.create(
        region_code=notice.region_code,
        notice=notice,
        reference=codes.issue_reference(
            region_code=settings.NODE.region_code, letters="TW", day=day_of(now)
        ),
        text=text.strip(),
        asked_at=now,
        asked_by=actor.account_id,
        contact=contact,
    )
    if actor.is_signed_in:
        case = _case_of(notice)
        bidders.trail().keep(case=case, deed=ASKED, actor=actor, now=now, object_id=question.pk)
    else:
        audit.record(actor=actor, deed=ASKED, object_id=question.pk, now=now)
    return question


@contextmanager
def refusals(*, notice_id: UUID, actor: Actor, now: datetime) -> Iterator[None]:
    """Write down a refusal of the deed inside, and let it go on to whoever tells the person."""
    if not actor.is_signed_in:
        with audit.refusals(actor=actor, deed=ASKED, now=now, object_id=notice_id):
            yield
        return
    case = _case_of(Notice.objects.get(pk=notice_id))
    with bidders.trail().refusals(case=case, deed=ASKED, actor=actor, now=now):
        yield


def _case_of(notice: Notice) -> Case:
    """Return a case of the notice: all its lots take bids until the same hour."""
    case = cases.case_of(notice.lots.order_by("id").values_list("lot__code", flat=True)[0])
    assert case is not None  # noqa: S101  a notice goes out in the case of each of its lots
    return case

"""Takes questions about the tender documents, from anybody; who asked stays with the platform."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.trading.notices import queries, rules
from gongheng.trading.notices.models import Notice, Question
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def ask(*, notice_id: UUID, text: str, contact: str, actor: Actor, now: datetime) -> Question:
    """Ask about the documents of a standing notice. Raises ``Refusal``, ``Notice.DoesNotExist``.

    No act tells of it: how many ask, and who, would tell how many mean to bid.
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
    audit.record(actor=actor, deed="question.asked", object_id=question.pk, now=now)
    return question

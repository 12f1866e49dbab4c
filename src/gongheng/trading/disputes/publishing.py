"""When objections and answers become records: at once, or when no name can tell who bids (A-01).

Who objects to the documents means to bid. Its record waits until bidding is over, whatever
becomes of the deadline meanwhile; ``jobs.py`` looks. Everything else is reported with the deed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gongheng.trading.disputes import queries, reports
from gongheng.trading.disputes.kinds import Matter
from gongheng.trading.disputes.models import Objection
from gongheng.trading.notices import queries as notices

AT_ONCE = 20


def publish(objection: Objection, *, now: datetime) -> bool:
    """Report what of an objection may be reported and is not yet; tell whether there was any."""
    if queries.is_secret(objection):
        return False
    is_new = objection.version_id is None
    if is_new:
        objection.version_id = reports.raised(objection, now=now).pk
    is_answer_new = objection.answered_at is not None and objection.answer_version_id is None
    if is_answer_new:
        objection.answer_version_id = reports.answered(objection, now=now).pk
    if is_new or is_answer_new:
        objection.save(update_fields=["version_id", "answer_version_id"])
    return is_new or is_answer_new


@transaction.atomic
def publish_waiting(*, now: datetime) -> int:
    """Report what waited for the end of bidding; return how much that was."""
    unsaid = Q(version_id=None) | Q(answered_at__isnull=False, answer_version_id=None)
    waiting = Objection.objects.filter(unsaid).exclude(
        case__awaits=notices.BIDDING, matter=Matter.DOCUMENTS
    )
    locked = waiting.select_for_update(of=("self",), skip_locked=True).select_related("case")
    return sum(publish(each, now=now) for each in locked.order_by("raised_at", "id")[:AT_ONCE])

"""Reads tender documents: what was issued, the draft, and the reviews."""

from datetime import datetime

from django.db.models import QuerySet

from gongheng.trading.cases import queries as cases, standing as standings
from gongheng.trading.cases.facts import Facts, instant
from gongheng.trading.cases.models import Case
from gongheng.trading.documents.kinds import PASSING
from gongheng.trading.documents.models import FairReview, TenderDocument
from gongheng.trading.projects.models import Lot

BIDDING = "close_bids"
"""The step that is awaited while bids may be handed in."""
NOTICE_OUT = "documents_from"
"""The fact that the notice states; before it nothing is public."""


def issued(case_code: str) -> TenderDocument | None:
    """Return the newest issued version of the lot's latest round, with ``.criteria``."""
    case = cases.case_of(case_code)
    return issued_in(case) if case else None


def issued_in(case: Case) -> TenderDocument | None:
    """Return the newest issued version of one round."""
    return versions_of(case).first()


def versions_of(case: Case) -> QuerySet[TenderDocument]:
    """Return the issued versions of one round, the newest first."""
    return _of(case).filter(number__gt=0).order_by("-number")


def draft_of(case: Case) -> TenderDocument | None:
    """Return what is being written in one round."""
    return _of(case).filter(number=0).first()


def latest_review(case: Case) -> FairReview | None:
    """Return the review of fair competition that counts now."""
    return reviews_of(case).first()


def reviews_of(case: Case) -> QuerySet[FairReview]:
    """Return the reviews of one round, the newest first."""
    found = FairReview.objects.filter(case_code=case.code, round_number=case.round_number)
    return found.order_by("-reviewed_at", "-id")


def has_passed(review: FairReview | None) -> bool:
    """Tell whether a review lets documents out."""
    return review is not None and review.conclusion in PASSING


def lot_of(case: Case) -> Lot:
    """Return the lot of a case with its tender project."""
    return Lot.objects.select_related("tender_project__project").get(code=case.code)


def is_on_view(case: Case, document: TenderDocument, *, now: datetime) -> bool:
    """Tell whether anybody may have this version now.

    From ``documents_from`` until ``documents_until`` (W-03). A version that came with a
    clarification is had until bids are due: whoever wants to bid must know it (W-07).
    """
    known = standings.of(case).known
    if case.awaits != BIDDING or NOTICE_OUT not in known or _at(known, "documents_from") > now:
        return False
    last = "documents_until" if document.number == 1 else "bids_due_at"
    return now < _at(known, last)


def _at(known: Facts, name: str) -> datetime:
    moment = instant(known, name)
    if not isinstance(moment, datetime):
        msg = f"{name} is no instant"
        raise TypeError(msg)
    return moment


def _of(case: Case) -> QuerySet[TenderDocument]:
    return TenderDocument.objects.filter(case_code=case.code, round_number=case.round_number)

"""Reads tender documents: what was issued, the draft, and the reviews."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongheng.registers.holds import queries as holds
from gongheng.trading.cases import queries as cases
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


def coming_in(case: Case) -> TenderDocument | None:
    """Return what holds after a clarification: the amendment that is written, else the issued one."""
    issued = issued_in(case)
    return issued and (draft_of(case) or issued)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When documents are had and bids are due, as the notice and its changes say."""

    begins_at: datetime
    ends_at: datetime
    bids_due_at: datetime


def hours_of(case: Case) -> Hours | None:
    """Return the hours that the notice stated, nothing before it."""
    known = cases.known(case)
    if NOTICE_OUT not in known:
        return None
    return Hours(
        begins_at=_at(known, "documents_from"),
        ends_at=_at(known, "documents_until"),
        bids_due_at=_at(known, "bids_due_at"),
    )


def is_announced(case: Case, *, now: datetime) -> bool:
    """Tell whether the public may know of the documents: from the day that the notice names."""
    hours = hours_of(case)
    return hours is not None and hours.begins_at <= now


def is_on_sale(case: Case, *, now: datetime) -> bool:
    """Tell whether the first version may be had: from ``documents_from`` to the end (W-03)."""
    hours = hours_of(case)
    is_bidding = case.awaits == BIDDING and hours is not None
    return is_bidding and hours is not None and hours.begins_at <= now < hours.ends_at


def is_on_view(case: Case, newest: TenderDocument, *, now: datetime) -> bool:
    """Tell whether anybody may have the documents now; while a case is suspended nobody may.

    A version that came with a clarification is had until bids are due, whoever missed the first:
    whoever wants to bid must know it (W-07).
    """
    hours = hours_of(case)
    if case.awaits != BIDDING or hours is None or holds.standing_on(case.code):
        return False
    ends_at = hours.ends_at if newest.number == 1 else max(hours.ends_at, hours.bids_due_at)
    return hours.begins_at <= now < ends_at


def _at(known: Facts, name: str) -> datetime:
    moment = instant(known, name)
    if not isinstance(moment, datetime):
        msg = f"{name} is no instant"
        raise TypeError(msg)
    return moment


def _of(case: Case) -> QuerySet[TenderDocument]:
    return TenderDocument.objects.filter(case_code=case.code, round_number=case.round_number)

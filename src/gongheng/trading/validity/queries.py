"""Reads until when bids are valid, and what bidders were asked and replied."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from gongheng.kernel.workdays.counting import day_of, midnight_after
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.deposits.lapses import Lapse
from gongheng.trading.documents import queries as documents
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.validity import permissions
from gongheng.trading.validity.models import Extension, Reply
from gongheng.trust.identity.actors import Actor


def last_day(case: Case, document: TenderDocument | None = None) -> date | None:
    """Return the last day on which the bids of a round are valid by its documents (W-12)."""
    due, document = deposits.bids_due_at(case), document or documents.issued_in(case)
    if due is None or document is None:
        return None
    return day_of(due) + timedelta(days=document.validity_days)


def agreed_until(case: Case, bidder_code: str) -> date | None:
    """Return until when a bidder has let its bid stand beyond that, nothing if it never consented."""
    own = Reply.objects.filter(extension__case=case, bidder_code=bidder_code, consents=True)
    found = own.order_by("-extension__until").select_related("extension").first()
    return found.extension.until if found else None


def lapse_of(case: Case, bidder_code: str) -> Lapse | None:
    """Return when a bid lapses because its bidder did not agree to the last request put to it (W-34).

    评标委员会和评标方法暂行规定 art 40 and 30号令 art 29 say that a refused bid lapses and its bidder may
    take the deposit back, and not when. It stands for the time that the bidder promised (招标投标法
    实施条例 art 25), so it lapses at the end of its last valid day; when it was asked or answers after
    that day, with the refusal. Silence counts as a refusal when the time to reply is over.
    """
    day, found = last_day(case), None
    for extension in asked_in(case).reverse():
        if bidder_code not in {each["code"] for each in extension.bidders}:
            continue
        said = reply_of(extension, bidder_code)
        if said is not None and said.consents:
            day, found = max(day or extension.until, extension.until), None
            continue
        at = said.replied_at if said else extension.reply_by
        ends_at = midnight_after(day) if day else at
        found = Lapse(at=max(at, ends_at), is_refused=said is not None)
    return found


def standing(
    case: Case, bidders: Sequence[dict[str, str]], *, now: datetime
) -> list[dict[str, str]]:
    """Return those who may be asked: a bid that lapsed is not brought back."""
    found = [(each, lapse_of(case, each["code"])) for each in bidders]
    return [each for each, lapse in found if lapse is None or now < lapse.at]


def asked_in(case: Case) -> QuerySet[Extension]:
    """Return what was asked in a round, the newest first."""
    own = Extension.objects.filter(case=case).order_by("-asked_at", "-id")
    return own.prefetch_related("replies")


def is_pending(extension: Extension | None, *, now: datetime) -> bool:
    """Tell whether somebody may still reply."""
    if extension is None or now >= extension.reply_by:
        return False
    return len(extension.bidders) > len(extension.replies.all())


def asked_of(actor: Actor) -> QuerySet[Extension]:
    """Return what was asked of the person's firm, the newest first."""
    code = actor.organisation_code
    if not code or not actor.may(permissions.REPLY):
        return Extension.objects.none()
    own = Extension.objects.filter(bidders__contains=[{"code": code}])
    return own.select_related("case").order_by("-asked_at")


def reply_of(extension: Extension, bidder_code: str) -> Reply | None:
    """Return what a bidder replied."""
    return extension.replies.filter(bidder_code=bidder_code).first()


def told(extension: Extension) -> list[tuple[dict[str, str], Reply | None]]:
    """Return each bidder that was asked with its reply."""
    by_code = {row.bidder_code: row for row in extension.replies.all()}
    return [(each, by_code.get(each["code"])) for each in extension.bidders]


def is_settled(case: Case) -> bool:
    """Tell whether the award letter is out, or the round is over."""
    return case.is_over or cases.history_of(case).filter(step="notify_award").exists()

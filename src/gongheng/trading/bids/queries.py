"""Reads bids: the own ones at any time, all of a lot only once the bidding is closed."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import reasons as hold_reasons
from gongheng.trading.bids import keys, rules, storage
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import (
    Bid,
    BidReceipt,
    BlindedLeaf,
    CasePolicy,
    ClosingStatement,
    KeyRequest,
    Upload,
)
from gongheng.trading.cases import queries as cases, reasons as case_reasons
from gongheng.trading.cases.kinds import Deed
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.deposits.queries import Duty
from gongheng.trading.documents import queries as documents
from gongheng.trading.documents.models import TenderDocument
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope import reasons, receipt_file
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.policy import SignedPolicy
from gongheng.trust.envelope.receipt_file import LogProof
from gongheng.trust.envelope.receipts import Deed as ReceiptDeed, Inclusion, Receipt
from gongheng.trust.identity.actors import Actor
from gongheng.trust.ledger import queries as log

BIDDING = "close_bids"
"""The step that a case awaits while it takes bids."""
DEADLINE = "bids_due_at"
WAITING = frozenset(
    {
        hold_reasons.HELD.code,
        case_reasons.SUSPENDED.code,
        case_reasons.TOO_EARLY.code,
        case_reasons.NOT_NOW.code,
        reasons.NOT_YET.code,
    }
)
"""Why a closing that is due is not done yet: tried again at the next look, and no fault."""


# The case.


def deadline_of(case: Case) -> datetime | None:
    """Return the deadline in force, as notice, addenda and resumptions have set it."""
    return cases.known_instant(case, DEADLINE)


def is_bidding(case: Case) -> bool:
    """Tell whether a case takes bids, its deadline aside."""
    return case.awaits == BIDDING


def is_any_bidding(cases: Collection[Case]) -> bool:
    """Tell whether one of some cases takes bids, as it stands by now."""
    return Case.objects.filter(pk__in=[case.pk for case in cases], awaits=BIDDING).exists()


def cases_with_bidding() -> QuerySet[Case]:
    """Return the cases that take bids, or will be closed at the next look."""
    return Case.objects.filter(awaits=BIDDING, is_over=False).order_by("code")


def due_for_closing(*, now: datetime) -> list[UUID]:
    """Return the cases whose deadline has come."""
    return cases.reached_instant(cases_with_bidding(), DEADLINE, now=now)


def is_announced(case: Case) -> bool:
    """Tell whether the round's notice is out: the rules of opening stand from then on."""
    procedure = cases.declaration_of(case)
    done = case.steps.values_list("step", flat=True)
    return any(procedure.step(step).deed is Deed.INVITE for step in done)


# The policy.


def policy_of(case_code: str) -> SignedPolicy | None:
    """Return the rules of opening of the latest round of a lot, once both sides have signed."""
    case = cases.case_of(case_code)
    return policy_of_case(case) if case else None


def policy_of_case(case: Case) -> SignedPolicy | None:
    """Return the rules of opening of a round, once both sides have signed."""
    row = signed_policy(case)
    return SignedPolicy.of_json(row.signed) if row else None


def signed_policy(case: Case) -> CasePolicy | None:
    """Return the newest version that both sides have signed."""
    return case.policies.filter(signed__isnull=False).order_by("-number").first()


def newest_policy(case: Case) -> CasePolicy | None:
    """Return the newest version, signed or drafted."""
    return case.policies.order_by("-number").first()


def key_requests(case: Case) -> QuerySet[KeyRequest]:
    """Return what the case asked of each body, in the order of the sides."""
    return case.key_requests.select_related("body").order_by("body__side", "body__code")


def document_of(case: Case) -> TenderDocument | None:
    """Return the tender documents in which the policy is named: issued, before that the draft."""
    return documents.issued_in(case) or documents.draft_of(case)


def require_policy(signed: SignedPolicy, cover: Cover) -> None:
    """Refuse an envelope that was sealed under other rules. Raises ``Refusal`` (OTHER_TENDER)."""
    if cover.header.policy.digest != signed.policy.digest:
        raise Refusal(reasons.OTHER_TENDER)


def require_policy_begun(signed: SignedPolicy, *, now: datetime) -> None:
    """Refuse to close before the instant that the policy names. Raises ``Refusal`` (NOT_YET)."""
    if now < signed.policy.deadline:
        raise Refusal(reasons.NOT_YET, deadline=signed.policy.deadline)


# Bids.


def bids_for(actor: Actor) -> QuerySet[Bid]:
    """Return the bids of a person's own firm, the newest first."""
    if not actor.organisation_code:
        return Bid.objects.none()
    own = Bid.objects.filter(bidder_code=actor.organisation_code)
    return own.select_related("case").order_by("-completed_at", "-id")


def receipts_for(actor: Actor) -> QuerySet[BidReceipt]:
    """Return the receipts of a person's own firm, the newest first."""
    own = BidReceipt.objects.filter(bid__bidder_code=actor.organisation_code)
    found = own if actor.organisation_code else BidReceipt.objects.none()
    return found.select_related("bid", "bid__case").order_by("-given_at", "-id")


def receipts_of(bid_id: UUID) -> QuerySet[BidReceipt]:
    """Return the receipts of one bid, for the evidence of its opening."""
    return BidReceipt.objects.filter(bid_id=bid_id).order_by("number")


def arrivals(bid_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when the last byte of each bid was stored, as its receipt says (T-10)."""
    return dict(Bid.objects.filter(pk__in=bid_ids).values_list("pk", "completed_at"))


def registered_as(bid_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the version of its bidder's registration that each bid rests on."""
    return dict(Bid.objects.filter(pk__in=bid_ids).values_list("pk", "subject_version"))


def uploads_for(actor: Actor) -> QuerySet[Upload]:
    """Return the uploads that a person has begun."""
    return Upload.objects.filter(account_id=actor.person_id)


def standing_bid(case: Case, bidder_code: str) -> Bid | None:
    """Return the bid of a firm that counts at present; only for that firm's own deeds."""
    return Bid.objects.filter(case=case, bidder_code=bidder_code, state=BidState.STANDING).first()


def standing(case_code: str) -> list[Bid]:
    """Return the bids of a lot that were there at the deadline, in the order of their digests.

    Raises ``Refusal`` (NOT_CLOSED) until the bidding is closed.
    """
    case = _closed_case(case_code)
    found = Bid.objects.filter(case=case, state=BidState.STANDING)
    return list(found.order_by("envelope_digest"))


def withdrawn(case_code: str) -> list[Bid]:
    """Return the bids whose firm withdrew and had none standing at the deadline (W-17).

    Raises ``Refusal`` (NOT_CLOSED) until the bidding is closed.
    """
    case = _closed_case(case_code)
    standing_codes = case.bids.filter(state=BidState.STANDING).values("bidder_code")
    found = case.bids.filter(state=BidState.WITHDRAWN).exclude(bidder_code__in=standing_codes)
    return list(found.order_by("completed_at"))


def _closed_case(case_code: str) -> Case:
    case = cases.case_of(case_code)
    if case is None or not case.steps.filter(step=BIDDING).exists():
        raise Refusal(rules.NOT_CLOSED)
    return case


def path_of(bid: Bid) -> Path:
    """Return where the envelope of a bid lies."""
    return envelope_at(bid.path)


def envelope_at(path: str) -> Path:
    """Return where the envelope of a bid lies that stands at ``path`` in the files of bids."""
    return storage.home() / path


def known_paths() -> frozenset[str]:
    """Return the files that belong to a bid."""
    return frozenset(Bid.objects.values_list("path", flat=True))


def receipt_proof(row: BidReceipt) -> LogProof | None:
    """Return the way from a receipt to a signed checkpoint, once its slot stands under one."""
    leaf = BlindedLeaf.objects.select_related("slot").filter(receipt=row).first()
    if leaf is None or leaf.slot is None or leaf.inclusion is None:
        return None
    entered = log.leaf_of(leaf.slot.pk)
    if entered is None or entered.position is None:
        return None
    covering = log.checkpoint_over(entered.position)
    if covering is None:
        return None
    return LogProof(
        slot=whole(Fields(leaf.inclusion), Inclusion.read),
        leaf=bytes(entered.data),
        inclusion=log.inclusion(entered.position, covering.size),
        note=covering.note,
    )


def refund_after(row: BidReceipt) -> Duty | None:
    """Return until when the deposit of a withdrawn bid is given back; nothing once that is done."""
    if row.deed != ReceiptDeed.WITHDRAWN:
        return None
    return deposits.duty_to(row.bid.bidder_code, row.bid.case)


def receipt_document(row: BidReceipt) -> dict[str, object]:
    """Return the file by which a receipt proves itself."""
    return receipt_file.document(
        Receipt.of_json(row.body),
        platform=keys.own().public,
        proof=receipt_proof(row),
    )


# The closing.


def closing(case_code: str) -> Closing | None:
    """Return the closing statement of the latest round of a lot."""
    case = cases.case_of(case_code)
    row = closing_statement(case) if case else None
    return Closing.of_json(row.body) if row else None


def closing_statement(case: Case) -> ClosingStatement | None:
    """Return the row of a round's closing statement."""
    return ClosingStatement.objects.filter(case=case).first()


def opening_key(case_code: str) -> PrivateKey:
    """Return the key to which the bidders release their halves. Raises ``Refusal`` (NOT_CLOSED)."""
    return keys.opening_key(_closed_case(case_code).pk)

"""Takes, replaces and withdraws sealed bids, closes the bidding, and gives receipts.

The rules of opening are made in ``ceremony``, leaves go into the log from ``slots``: with this
module they are the only writers of the room.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongheng.kernel.faults import reached
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import keys, parties, queries, reports, rules, slots, storage, trail
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import Bid, Bidder, BidReceipt, ClosingStatement, Upload
from gongheng.trading.cases import actions as cases, barring, queries as case_queries
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import actions as deposits
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.policy import SignedPolicy
from gongheng.trust.envelope.receipts import Deed, Facts, Receipt
from gongheng.trust.identity.actors import Actor
from gongheng.web import connections

Clock = Callable[[], datetime]
"""Gives legal time when asked: ``completed_at`` is known only once the last byte lies on the disk."""

SUBMIT = "submit_bid"
CLOSE = "close_bids"


def submit(*, case_id: UUID, arrived: storage.Whole, actor: Actor, clock: Clock) -> BidReceipt:
    """Take a bid whose bytes have all arrived; an earlier one of the bidder is replaced by it.

    The receipt is for the instant at which the last byte was on the disk. What is refused leaves
    nothing behind. Handing in the standing bid once more gives its receipt again. Raises
    ``Refusal`` (``rules``, ``envelope.reasons``, and what the case, holds and the register say).
    """
    try:
        cover = arrived.finish()
        with transaction.atomic():
            receipt = _submit(case_id, arrived, cover, actor=actor, clock=clock)
            reached("bids.before_commit")
    except Refusal:
        arrived.drop()
        raise
    reached("bids.after_commit")
    return receipt


def _submit(
    case_id: UUID, arrived: storage.Whole, cover: Cover, *, actor: Actor, clock: Clock
) -> BidReceipt:
    # Asked twice: the first judgement keeps the case's row, so that the closing waits for whoever
    # is bringing his last bytes to the disk; the second one decides, by the instant they were there.
    _require_bidder(case_id, actor=actor, now=clock())
    reached("bids.before_sync")
    arrived.settle()
    completed_at = clock()
    reached("bids.after_sync")
    case = _require_bidder(case_id, actor=actor, now=completed_at)
    signed = queries.policy_of_case(case)
    if signed is None:
        raise Refusal(rules.NO_POLICY)
    queries.require_policy(signed, cover)
    party = parties.registered(actor.organisation_code)
    rules.require_own_key(signed_by=cover.header.bidder_key, registered=party.key)
    bidder = _locked_bidder(case, party)
    previous = queries.standing_bid(case, bidder.code)
    if previous is not None and previous.envelope_digest == cover.digest.hex():
        arrived.drop()
        return previous.receipts.get(deed=Deed.SUBMITTED)
    bid = _bid(bidder, party, cover, actor=actor, completed_at=completed_at)
    bid.path = storage.keep(arrived.path, digest=cover.digest, bid_id=bid.pk)
    reached("bids.after_move")
    _take_the_place_of(previous, bid)
    bid.save(force_insert=True)
    deposits.secure_again(case_id=case.pk, bidder_code=bidder.code)
    reached("bids.after_row")
    return _give_receipt(bid, Deed.SUBMITTED, bidder, actor=actor, now=completed_at)


def _require(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    cases.require(case_id=case_id, step=SUBMIT, actor=actor, now=now)


def _require_bidder(case_id: UUID, *, actor: Actor, now: datetime) -> Case:
    """Refuse too who must not bid here at all (A-11, A-12, W-39); return the case."""
    _require(case_id, actor=actor, now=now)
    case = Case.objects.get(pk=case_id)
    barring.require_may_bid(case, actor.organisation_code, now=now)
    return case


def _locked_bidder(case: Case, party: parties.Party) -> Bidder:
    """Return the bidder's row, locked: of two deeds of one firm at once, one waits."""
    row = Bidder(region_code=case.region_code, case=case, code=party.code, name=party.name)
    Bidder.objects.bulk_create([row], ignore_conflicts=True)
    return Bidder.objects.select_for_update(of=("self",)).get(case=case, code=party.code)


def _bid(
    bidder: Bidder, party: parties.Party, cover: Cover, *, actor: Actor, completed_at: datetime
) -> Bid:
    return Bid(
        id=uuid7(),
        region_code=bidder.region_code,
        case=bidder.case,
        case_code=bidder.case.code,
        bidder=bidder,
        bidder_code=party.code,
        bidder_name=party.name,
        subject_version=party.version,
        key=cover.header.bidder_key,
        account_id=actor.person_id,
        envelope_digest=cover.digest.hex(),
        size=cover.size,
        completed_at=completed_at,
        state=BidState.STANDING,
    )


def _take_the_place_of(previous: Bid | None, bid: Bid) -> None:
    if previous is None:
        return
    if previous.completed_at > bid.completed_at:
        # Two files of one firm at once: the one whose last byte came later stands.
        bid.state, bid.ended_at = BidState.REPLACED, bid.completed_at
    else:
        _end(previous, BidState.REPLACED, now=bid.completed_at)


def _end(bid: Bid, state: BidState, *, now: datetime) -> None:
    bid.state, bid.ended_at = state, now
    bid.save(update_fields=["state", "ended_at"])


def _give_receipt(
    bid: Bid, deed: Deed, bidder: Bidder, *, actor: Actor, now: datetime
) -> BidReceipt:
    bidder.deeds += 1
    bidder.save(update_fields=["deeds"])
    signed = queries.policy_of_case(bid.case)
    assert signed is not None  # noqa: S101  no bid was taken without one
    facts = Facts(
        deed=deed,
        node=settings.NODE.code,
        lot=bid.case_code,
        round_number=bid.case.round_number,
        bidder=bid.bidder_code,
        number=bidder.deeds,
        envelope=bytes.fromhex(bid.envelope_digest),
        size=bid.size,
        policy=signed.policy.digest,
        completed_at=now,
    )
    receipt = Receipt.make(facts, keys.own())
    row = BidReceipt.objects.create(
        region_code=bid.region_code,
        bid=bid,
        deed=deed,
        number=bidder.deeds,
        body=receipt.as_json(),
        given_at=now,
    )
    slots.wait(row, receipt)
    trail.keep(
        case=bid.case,
        deed=f"bid.{deed}",
        object_id=bid.pk,
        public_key="" if deed is Deed.WITHDRAWN else bid.key,
        actor=actor,
        now=now,
    )
    reached("bids.after_receipt")
    return row


@transaction.atomic
def withdraw(*, bid_id: UUID, actor: Actor, now: datetime) -> BidReceipt:
    """Take the standing bid back before the deadline; the bidder may hand in another.

    Its deposit is due back from now on (W-17). Raises ``Refusal`` (NOTHING_STANDS, and what the
    case and holds say).
    """
    bid = queries.bids_for(actor).select_related("case").get(pk=bid_id)
    _require(bid.case_id, actor=actor, now=now)
    bidder = Bidder.objects.select_for_update(of=("self",)).get(pk=bid.bidder_id)
    bid.refresh_from_db(fields=["state"])
    if bid.state != BidState.STANDING:
        raise Refusal(rules.NOTHING_STANDS)
    _end(bid, BidState.WITHDRAWN, now=now)
    deposits.release(case_id=bid.case_id, bidder_code=bid.bidder_code, now=now)
    return _give_receipt(bid, Deed.WITHDRAWN, bidder, actor=actor, now=now)


# Uploads in parts.


@transaction.atomic
def begin_upload(*, case_id: UUID, size: int, actor: Actor, now: datetime) -> Upload:
    """Begin an upload in parts; of those that the person left unfinished in the case the newest stays.

    So nobody fills the disk with beginnings. Raises ``Refusal`` (as ``submit``, TOO_LARGE, NO_SPACE).
    """
    rules.require_size(size)
    case = _require_bidder(case_id, actor=actor, now=now)
    require_ready(case_id=case_id, actor=actor)
    left = queries.uploads_for(actor).filter(case=case, bid=None).order_by("-begun_at", "-id")
    for older in left[1:]:
        storage.forget_parts(older.pk)
    storage.require_space(size)
    upload = Upload(id=uuid7(), case_id=case_id, account_id=actor.person_id, size=size)
    upload.region_code = case.region_code
    upload.begun_at = now
    storage.part_path(upload.pk).touch(exist_ok=False)
    upload.save(force_insert=True)
    return upload


def require_open(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Refuse before the bytes come what would be refused after them: too late, held, a party."""
    _require_bidder(case_id, actor=actor, now=now)


def require_ready(*, case_id: UUID, actor: Actor) -> SignedPolicy:
    """Refuse before the bytes come who could not hand in anyway; return the policy to seal under.

    Raises ``Refusal`` (NO_POLICY, NO_KEY, and what the register says).
    """
    signed = queries.policy_of_case(Case.objects.get(pk=case_id))
    if signed is None:
        raise Refusal(rules.NO_POLICY)
    party = parties.registered(actor.organisation_code)
    if not party.key:
        raise Refusal(rules.NO_KEY)
    return signed


def add_part(
    *, upload_id: UUID, offset: int, pieces: Callable[[], bytes], actor: Actor, clock: Clock
) -> BidReceipt | int:
    """Append a part to an upload: return where the next one begins or, after the last, the receipt.

    ``pieces`` gives the bytes bit by bit, empty at the end. A part that breaks off leaves what had
    come. Raises ``Refusal`` (NO_UPLOAD, OUT_OF_PLACE, as ``submit``).
    """
    upload = queries.uploads_for(actor).filter(pk=upload_id).first()
    if upload is None or upload.bid_id or not storage.part_path(upload_id).exists():
        raise Refusal(rules.NO_UPLOAD)

    def policy_digest() -> bytes:
        return require_ready(case_id=upload.case_id, actor=actor).policy.digest

    arriving = storage.parted(upload_id, policy_digest=policy_digest)
    connections.give_back()
    size = _append(arriving, offset, pieces, most=upload.size)
    if size < upload.size:
        return size
    arrived = storage.whole(upload_id, policy_digest=policy_digest())
    reached("bids.parts_whole")
    receipt = submit(case_id=upload.case_id, arrived=arrived, actor=actor, clock=clock)
    Upload.objects.filter(pk=upload_id).update(bid=receipt.bid)
    return receipt


def _append(to: storage.Parted, offset: int, pieces: Callable[[], bytes], *, most: int) -> int:
    size = offset
    with to.appending(offset) as take:
        while piece := pieces():
            size += len(piece)
            if size > most:
                raise Refusal(rules.OUT_OF_PLACE, size=offset)
            take(piece)
            reached("bids.part_arriving")
    return size


def sweep(*, older_than: float = storage.ORPHANED_AFTER) -> int:
    """Remove files without a receipt, long untouched; return how many there were."""
    count = 0
    for path in list(storage.orphans(queries.known_paths(), older_than=older_than)):
        path.unlink(missing_ok=True)
        count += 1
    return count


# The closing.


def close_due(*, now: datetime, actor: Actor, only: UUID | None = None) -> int:
    """Close every case (or one) whose deadline has come; return how many were closed.

    A case that is held waits: the deadline is judged anew when the hold is lifted.
    """
    closed = 0
    for case_id in [only] if only else queries.due_for_closing(now=now):
        try:
            closed += close(case_id=case_id, actor=actor, now=now)
        except Refusal as refusal:
            if refusal.reason.code not in queries.WAITING:
                raise
    return closed


@transaction.atomic
def close(*, case_id: UUID, actor: Actor, now: datetime) -> bool:
    """Close the bidding of a case at or after its deadline, once; tell whether it was done now.

    Waits for the bids whose last bytes are being stored; then the list is final. Raises ``Refusal``
    (what the case and holds say).
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.awaits != CLOSE:
        return False
    standing = list(Bid.objects.filter(case=case, state=BidState.STANDING))
    signed = queries.policy_of_case(case)
    if signed is not None:
        queries.require_policy_begun(signed, now=now)
    reached("bids.before_closing")
    cases.advance(
        case_id=case_id,
        step=CLOSE,
        actor=actor,
        now=now,
        facts={"bidders": len(standing)},
        outcome=case_queries.outcome_of(case, CLOSE, {"bidders": len(standing)}, now=now),
    )
    reached("bids.after_closing_step")
    if signed is not None:
        _state_closing(case, signed, standing, now=now)
    reached("bids.before_closing_commit")
    return True


def _state_closing(
    case: Case, signed: SignedPolicy, standing: list[Bid], *, now: datetime
) -> ClosingStatement:
    closing = Closing.make(
        signed.policy,
        [bytes.fromhex(bid.envelope_digest) for bid in standing],
        key=keys.own(),
        # Whoever was killed between this file and the commit left a key that nothing refers to.
        opening_key=keys.make_opening_key(case.pk).public,
        now=now,
    )
    reached("bids.after_closing_key")
    row = ClosingStatement.objects.create(
        region_code=case.region_code,
        case=case,
        body=closing.as_json(),
        digest=closing.digest.hex(),
        count=len(standing),
        closed_at=now,
    )
    reports.closed(case, closing, now=now)
    return row

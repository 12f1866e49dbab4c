"""Whether sealed bids, their receipts and files still are what the log has of them.

The log has only slots. A slot's roster says which receipts stand in it and what the tables said of
each; the closing statement, whose digest stands in an act, names the envelopes. Until the next slot
a new receipt is held by its signature alone.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import keys, queries, slots
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import (
    Bid,
    Bidder,
    BidReceipt,
    BlindedLeaf,
    ClosingStatement,
    Slot,
)
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.intake import judge_file
from gongheng.trust.envelope.receipts import Deed, Facts, Inclusion, Receipt
from gongheng.trust.ledger.examining import Remade
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog.rows import DifferenceRow

BIDS, BIDDERS, RECEIPTS = "bids_bid", "bids_bidder", "bids_bidreceipt"
SLOTS, LEAVES, CLOSINGS = "bids_slot", "bids_blindedleaf", "bids_closingstatement"
FILES = "files/bids"

OTHER_ROSTER = "时段名册与已存证的时段不符（被改动）。"
NO_RECEIPT = "时段名册中有这份回执，数据库中已没有（被删除）。"
STRANGE_RECEIPT = "时段名册中没有这份回执（被插入）。"
OTHER_RECEIPT = "回执或其投标与时段名册所载不符（被改动）。"
FORGED_RECEIPT = "回执与平台的签名不符（被改动）。"
OTHER_FACTS = "回执所载与数据库的投标不符（被改动或互换）。"
OTHER_PLACE = "回执在时段中的位置与已存证的时段不符（被改动）。"
NO_BLINDED = "回执没有等待或已经存证的摘要（被插入，或摘要被删除）。"
UNRECEIPTED = "投标没有递交回执（被插入，或回执被删除）。"
OTHER_STATE = "投标的状态与其回执不符（被改动）。"
OTHER_COUNT = "投标人的递交次数与回执的份数不符（有增删）。"
OTHER_FILE = "投标文件与递交时的摘要不符（被改动或互换）。"
NO_FILE = "投标文件不在了（被删除）。"
OTHER_CLOSING = "截标声明与已存证的不符（被改动）。"
OTHER_LIST = "截标声明所列的投标与数据库不符（有增删）。"


def remade(entries: Sequence[Leaf]) -> Mapping[int, Remade]:
    """Return the leaves of slots as made from the rows of today."""
    rows = Slot.objects.in_bulk([leaf.subject_id for leaf in entries])
    return {
        leaf.pk: Remade(SLOTS, slots.KIND, slots.leaf_data(rows[leaf.subject_id]))
        for leaf in entries
        if leaf.subject_id in rows
    }


def differences() -> Iterator[DifferenceRow]:
    """Yield the slots, receipts, bids, closings and files that disagree with each other."""
    without_leaf = ~Exists(Leaf.objects.filter(subject_id=OuterRef("pk")))
    for slot in Slot.objects.filter(without_leaf).order_by("pk"):
        yield _wrong(SLOTS, slot.pk, STRANGE_RECEIPT)
    for slot in Slot.objects.order_by("pk").iterator(500):
        yield from _slot(slot)
    for receipt in BidReceipt.objects.select_related("bid").order_by("pk").iterator(500):
        yield from _receipt(receipt)
    counted = Bidder.objects.annotate(receipts=Count("bids__receipts"))
    for identity in counted.exclude(receipts=F("deeds")).values_list("pk", flat=True):
        yield _wrong(BIDDERS, identity, OTHER_COUNT)
    for bidder in Bidder.objects.order_by("pk").iterator(500):
        yield from _states(list(bidder.bids.order_by("completed_at", "id")))
    for bid in Bid.objects.order_by("pk").iterator(500):
        yield from _file(bid)
    for closing in ClosingStatement.objects.select_related("case").order_by("pk"):
        yield from _closing(closing)
    yield from _unstated()


def _wrong(table: str, row: object, fault: str) -> DifferenceRow:
    return DifferenceRow(table, str(row), None, fault)


def _slot(slot: Slot) -> Iterator[DifferenceRow]:
    """Compare what stands in a slot with its roster, and the roster with the slot's root."""
    try:
        roster = Fields(slot.roster)
        salt, receipts = roster.hex("salt"), roster.mapping("receipts")
        inclusion = whole(roster.inner("inclusion"), Inclusion.read)
        listed = {str(name): str(digest) for name, digest in receipts.items()}
    except ValueError:
        yield _wrong(SLOTS, slot.pk, OTHER_ROSTER)
        return
    if not inclusion.holds(slots.roster_leaf(salt, listed), bytes.fromhex(slot.root)):
        yield _wrong(SLOTS, slot.pk, OTHER_ROSTER)
    rows = {str(row.receipt_id): row for row in slot.leaves.select_related("receipt__bid")}
    for identity in sorted(listed.keys() - rows.keys()):
        yield _wrong(RECEIPTS, identity, NO_RECEIPT)
    for identity, row in sorted(rows.items()):
        if identity not in listed:
            yield _wrong(RECEIPTS, identity, STRANGE_RECEIPT)
        elif slots.digest_of(row, salt) != listed[identity]:
            yield _wrong(RECEIPTS, identity, OTHER_RECEIPT)
        if not _stands(row, slot):
            yield _wrong(LEAVES, identity, OTHER_PLACE)


def _stands(row: BlindedLeaf, slot: Slot) -> bool:
    try:
        inclusion = whole(Fields(row.inclusion), Inclusion.read)
        return inclusion.holds(bytes.fromhex(row.data), bytes.fromhex(slot.root))
    except ValueError:
        return False


def _receipt(row: BidReceipt) -> Iterator[DifferenceRow]:
    """Compare a receipt with its signature, its blinded digest and its bid."""
    try:
        receipt = Receipt.of_json(row.body)
        receipt.require_signed(keys.own().public)
    except Refusal:
        yield _wrong(RECEIPTS, row.pk, FORGED_RECEIPT)
        return
    if not BlindedLeaf.objects.filter(receipt=row, data=receipt.leaf.hex()).exists():
        yield _wrong(RECEIPTS, row.pk, NO_BLINDED)
    if not _is_said(row, receipt.facts):
        yield _wrong(RECEIPTS, row.pk, OTHER_FACTS)


def _is_said(row: BidReceipt, facts: Facts) -> bool:
    bid = row.bid
    submitted = facts.deed != Deed.SUBMITTED or facts.completed_at == bid.completed_at
    return (
        submitted
        and ((facts.deed, facts.number, facts.completed_at) == (row.deed, row.number, row.given_at))
        and (facts.lot, facts.bidder, facts.envelope.hex(), facts.size)
        == (
            bid.case_code,
            bid.bidder_code,
            bid.envelope_digest,
            bid.size,
        )
    )


def _states(bids: list[Bid]) -> Iterator[DifferenceRow]:
    """Compare the states of one bidder's bids, oldest first, with the receipts."""
    ended = {
        receipt.bid_id: receipt.given_at
        for receipt in BidReceipt.objects.filter(bid__in=bids, deed=Deed.WITHDRAWN)
    }
    submitted = set(
        BidReceipt.objects.filter(bid__in=bids, deed=Deed.SUBMITTED).values_list("bid", flat=True)
    )
    instants = [bid.completed_at for bid in bids]
    for bid in bids:
        if bid.pk not in submitted:
            yield _wrong(BIDS, bid.pk, UNRECEIPTED)
        if bid.pk in ended:
            is_right = (bid.state, bid.ended_at) == (BidState.WITHDRAWN, ended[bid.pk])
        elif bid.completed_at < instants[-1] or instants.count(instants[-1]) > 1:
            # Of two that were whole at the same instant either may stand.
            is_replaced = bid.state == BidState.REPLACED and bid.ended_at in instants
            is_newest = bid.completed_at == instants[-1] and bid.state == BidState.STANDING
            is_right = is_replaced or is_newest
        else:
            is_right = bid.state == BidState.STANDING
        if not is_right:
            yield _wrong(BIDS, bid.pk, OTHER_STATE)


def _file(bid: Bid) -> Iterator[DifferenceRow]:
    """Read the envelope of a bid anew and compare it with what was handed in."""
    place = f"{bid.path}（投标 {bid.pk}）"
    try:
        cover = judge_file(queries.path_of(bid), policy_digest=_policy_of(bid))
        is_same = cover.digest.hex() == bid.envelope_digest
    except OSError:
        yield _wrong(FILES, place, NO_FILE)
        return
    except Refusal:
        is_same = False
    if not is_same:
        yield _wrong(FILES, place, OTHER_FILE)


def _policy_of(bid: Bid) -> bytes:
    """Return the digest of the rules of opening that a bid was handed in under."""
    receipt = bid.receipts.filter(deed=Deed.SUBMITTED).first()
    try:
        return Receipt.of_json(receipt.body).facts.policy if receipt else b""
    except Refusal:
        return b""


def _closing(row: ClosingStatement) -> Iterator[DifferenceRow]:
    """Compare a closing with the act about it and with the bids."""
    try:
        closing = Closing.of_json(row.body)
    except Refusal:
        yield _wrong(CLOSINGS, row.pk, OTHER_CLOSING)
        return
    said = (closing.digest.hex(), len(closing.envelopes), closing.closed_at)
    acts = Act.objects.filter(kind="bids.closed", case_code=row.case.code)
    is_told = acts.filter(facts__digest=row.digest).exists()
    if said != (row.digest, row.count, row.closed_at) or not is_told:
        yield _wrong(CLOSINGS, row.pk, OTHER_CLOSING)
    standing = row.case.bids.filter(state=BidState.STANDING)
    found = set(standing.values_list("envelope_digest", flat=True))
    if found != {digest.hex() for digest in closing.envelopes}:
        yield _wrong(CLOSINGS, row.pk, OTHER_LIST)


def _unstated() -> Iterator[DifferenceRow]:
    """Yield the acts of closings whose statement is gone."""
    known = set(ClosingStatement.objects.values_list("digest", flat=True))
    acts: QuerySet[Act] = Act.objects.filter(kind="bids.closed").order_by("pk")
    for act in acts:
        if act.facts.get("digest") not in known:
            yield _wrong(CLOSINGS, f"act {act.pk}", OTHER_CLOSING)

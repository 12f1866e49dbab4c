"""Leaves of receipts go into the log in slots: one leaf at equal intervals, however many bids.

While any case of the node takes bids, each interval enters one leaf: the root over ``WIDTH``
blinded leaves, of which those that belong to no receipt are random. So neither the log's growth nor
a proof tells how many bids were handed in, or when.

One of them is the roster: a salted digest of which receipts stand in the slot and what the table says
of each. It looks as random as the others, but holds the platform to its own rows: a receipt that is
taken out of the tables, or a bid that is written over, disagrees with it (``examining``).
"""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.trading.bids.models import BidReceipt, BlindedLeaf, Slot
from gongheng.trading.cases.models import Case
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.envelope.receipts import Inclusion, Receipt
from gongheng.trust.ledger import actions as ledger
from gongheng.trust.tlog.tree import leaf_hash, node_hash

WIDTH = 256
INTERVAL = timedelta(seconds=30)
AFTERWARDS = timedelta(minutes=5)
"""Slots go on for so long after the last closing: the last deeds must not show as the only leaf."""
KIND = "act"
"""Leaves of slots look like those of acts, in the table too."""


def wait(row: BidReceipt, receipt: Receipt) -> None:
    """Let a receipt's leaf wait for the next slot, in the transaction of the deed."""
    BlindedLeaf.objects.create(
        region_code=row.region_code, receipt=row, data=receipt.leaf.hex(), slot=None
    )


def enter(*, now: datetime | None = None) -> None:
    """Enter the leaf of an interval when it is due; ``now`` is machine time."""
    now = now or machine_now()
    slots = Slot.objects.order_by("-entered_at")
    leaves = BlindedLeaf.objects.filter(slot__isnull=True).order_by("id")
    if not _is_due(slots.first(), now) or not (leaves.exists() or _is_bidding(now)):
        return  # before anything is locked: a lock would be written down like any change
    with transaction.atomic():
        if _is_due(slots.select_for_update().first(), now):
            locked = leaves.select_for_update(of=("self",)).select_related("receipt__bid")
            _enter(list(locked[: WIDTH - 1]), now=now)


def _is_due(last: Slot | None, now: datetime) -> bool:
    return last is None or now - last.entered_at >= INTERVAL


def _is_bidding(now: datetime) -> bool:
    """Tell whether some case takes bids, or did a moment ago."""
    if Case.objects.filter(awaits="close_bids").exists():
        return True
    last = BlindedLeaf.objects.filter(slot__isnull=False).order_by("-slot__entered_at").first()
    return last is not None and last.slot is not None and now - last.slot.entered_at < AFTERWARDS


def _enter(waiting: list[BlindedLeaf], *, now: datetime) -> None:
    places = secrets.SystemRandom().sample(range(WIDTH), len(waiting) + 1)
    leaves = [os.urandom(32) for _ in range(WIDTH)]
    for place, row in zip(places[1:], waiting, strict=True):
        leaves[place] = bytes.fromhex(row.data)
    salt = os.urandom(32)
    receipts = {str(row.receipt_id): digest_of(row, salt) for row in waiting}
    leaves[places[0]] = roster_leaf(salt, receipts)
    levels = _levels(leaves)
    root = levels[-1][0]
    slot = Slot.objects.create(
        id=uuid7(),
        region_code=settings.NODE.region_code,
        root=root.hex(),
        roster={
            "salt": salt.hex(),
            "receipts": receipts,
            "inclusion": _inclusion(levels, places[0]).as_json(),
        },
        entered_at=now,
    )
    for place, row in zip(places[1:], waiting, strict=True):
        row.slot = slot
        row.inclusion = _inclusion(levels, place).as_json()
        row.save(update_fields=["slot", "inclusion"])
    data = leaf_data(slot)
    ledger.enter(kind=KIND, subject_id=slot.pk, data=data, region_code=slot.region_code)


def leaf_data(slot: Slot) -> bytes:
    """Return the leaf of a slot, the same whenever it is made from its row."""
    return canonical({"v": 1, "type": "sealed", "full": slot.root})


def roster_leaf(salt: bytes, receipts: Mapping[str, str]) -> bytes:
    """Return the leaf that says which receipts stand in a slot."""
    return sm3(salt + canonical(receipts))


def digest_of(row: BlindedLeaf, salt: bytes) -> str:
    """Return the digest of what the tables say of a receipt and its bid, for good."""
    receipt = row.receipt
    bid = receipt.bid
    facts = {
        "leaf": row.data,
        "deed": receipt.deed,
        "number": receipt.number,
        "given_at": _text(receipt.given_at),
        "body": receipt.body,
        "bid": str(bid.pk),
        "case": str(bid.case_id),
        "lot": bid.case_code,
        "bidder": bid.bidder_code,
        "name": bid.bidder_name,
        "subject_version": str(bid.subject_version),
        "key": bid.key,
        "account": str(bid.account_id),
        "envelope": bid.envelope_digest,
        "size": bid.size,
        "path": bid.path,
        "completed_at": _text(bid.completed_at),
    }
    return sm3(salt + canonical(facts)).hex()


def _text(instant: datetime) -> str:
    return instant.astimezone(BEIJING).isoformat()


def _inclusion(levels: list[list[bytes]], place: int) -> Inclusion:
    path = tuple(level[(place >> height) ^ 1] for height, level in enumerate(levels[:-1]))
    return Inclusion(position=place, size=WIDTH, path=path)


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """Return every level of the full tree over ``WIDTH`` leaves, from the leaf hashes to the root."""
    levels = [[leaf_hash("sm3", leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=True)
        levels.append([node_hash("sm3", left, right) for left, right in pairs])
    return levels

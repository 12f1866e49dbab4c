"""Leaves of receipts go into the log in slots: one leaf at equal intervals, however many bids.

While any case of the node takes bids, each interval enters one leaf: the root over ``WIDTH``
blinded leaves, of which those that belong to no receipt are random. So neither the log's growth nor
a proof tells how many bids were handed in, or when.
"""

import os
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.trading.bids.models import BidReceipt, BlindedLeaf, Slot
from gongheng.trading.cases.models import Case
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


@transaction.atomic
def enter(*, now: datetime | None = None) -> bool:
    """Enter the leaf of an interval when it is due; tell whether more leaves wait for the next one.

    ``now`` is machine time.
    """
    now = now or machine_now()
    last = Slot.objects.select_for_update().order_by("-entered_at").first()
    if last is not None and now - last.entered_at < INTERVAL:
        return False
    waiting = list(
        BlindedLeaf.objects.select_for_update(of=("self",))
        .filter(slot__isnull=True)
        .order_by("id")[:WIDTH]
    )
    if not waiting and not _is_bidding(now):
        return False
    _enter(waiting, now=now)
    return False


def _is_bidding(now: datetime) -> bool:
    """Tell whether some case takes bids, or did a moment ago."""
    if Case.objects.filter(awaits="close_bids").exists():
        return True
    last = BlindedLeaf.objects.filter(slot__isnull=False).order_by("-slot__entered_at").first()
    return last is not None and last.slot is not None and now - last.slot.entered_at < AFTERWARDS


def _enter(waiting: list[BlindedLeaf], *, now: datetime) -> None:
    places = secrets.SystemRandom().sample(range(WIDTH), len(waiting))
    leaves = [os.urandom(32) for _ in range(WIDTH)]
    for place, row in zip(places, waiting, strict=True):
        leaves[place] = bytes.fromhex(row.data)
    levels = _levels(leaves)
    root = levels[-1][0]
    slot = Slot.objects.create(
        id=uuid7(), region_code=settings.NODE.region_code, root=root.hex(), entered_at=now
    )
    for place, row in zip(places, waiting, strict=True):
        path = tuple(level[(place >> height) ^ 1] for height, level in enumerate(levels[:-1]))
        row.slot = slot
        row.inclusion = Inclusion(position=place, size=WIDTH, path=path).as_json()
        row.save(update_fields=["slot", "inclusion"])
    data = {"v": 1, "type": "sealed", "full": root.hex()}
    ledger.enter(kind=KIND, subject_id=slot.pk, data=canonical(data), region_code=slot.region_code)


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """Return every level of the full tree over ``WIDTH`` leaves, from the leaf hashes to the root."""
    levels = [[leaf_hash("sm3", leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=True)
        levels.append([node_hash("sm3", left, right) for left, right in pairs])
    return levels

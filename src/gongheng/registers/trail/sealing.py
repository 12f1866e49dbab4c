"""Enters the end of the audit trail's chain into the log (E-16): from then on it cannot be rewritten."""

import os
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import machine_now
from gongheng.registers.trail.models import TrailSeal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity import chaining
from gongheng.trust.ledger import actions as ledger

KIND = "act"
"""Leaves of seals look like those of acts that nobody may open."""
INTERVAL = timedelta(minutes=10)
"""Between two seals, where something was entered; the rule asks for one a day."""


def keep() -> bool:
    """Bind what was entered, and seal the chain when it is time; tell whether more may wait."""
    if chaining.extend():
        return True
    seal(now=machine_now())
    return False


def seal(*, now: datetime) -> TrailSeal | None:
    """Seal the chain as far as it goes, if that says something new and is due."""
    end, before = chaining.last(), TrailSeal.objects.order_by("-entered_at").first()
    if end is None or end.number is None:
        return None
    if before and (before.number >= end.number or now - before.entered_at < INTERVAL):
        return None
    with transaction.atomic():
        row = TrailSeal.objects.create(
            region_code=settings.NODE.region_code,
            number=end.number,
            chain=end.chain,
            salt=os.urandom(32).hex(),
            entered_at=now,
        )
        ledger.enter(kind=KIND, subject_id=row.pk, data=leaf_data(row), region_code=row.region_code)
    return row


def leaf_data(row: TrailSeal) -> bytes:
    """Return the leaf of a seal, the same whenever it is made from its row."""
    told = canonical({"number": row.number, "chain": row.chain})
    full = sm3(bytes.fromhex(row.salt) + told).hex()
    return canonical({"v": 1, "type": "sealed", "full": full})

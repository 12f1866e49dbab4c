"""The hash chain of the audit trail: what was entered is numbered and bound to all before it (E-16).

Entries are written in the transactions of their deeds, many at once; the chain follows when they are
committed, so that no deed waits for another one's entry.
"""

from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.models import AuditEntry

BEGINNING = "0" * 64
"""What the first entry is bound to."""
MOST = 1000


def link(before: str, entry: AuditEntry) -> str:
    """Return the SM3 (hex) of an entry and of the chain before it, the same whenever it is made.

    Entries from before devices, keys and changes were kept are bound without them.
    """
    facts: dict[str, Any] = {
        "before": before,
        "number": entry.number,
        "id": str(entry.pk),
        "region": entry.region_code,
        "account": str(entry.account_id or ""),
        "roles": entry.roles,
        "deed": entry.deed,
        "object": entry.object_id,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "address": entry.address or "",
        "at": entry.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    if entry.changes is not None:
        facts |= {"device": entry.device, "key": entry.key, "changes": entry.changes}
    return sm3(canonical(facts)).hex()


def chained() -> QuerySet[AuditEntry]:
    """Return the entries of the chain in their order."""
    return AuditEntry.objects.filter(number__isnull=False).order_by("number")


def last() -> AuditEntry | None:
    """Return the newest entry of the chain."""
    return chained().last()


def extend() -> bool:
    """Bind what was committed since, at most ``MOST`` entries; tell whether more may wait."""
    waiting = AuditEntry.objects.filter(number__isnull=True).order_by("id")
    if not waiting.exists():
        return False  # before anything is locked: a lock would be written down like any change
    with transaction.atomic():
        end = last()
        number, chain = (end.number or 0, end.chain) if end else (0, BEGINNING)
        rows = list(waiting.select_for_update(of=("self",))[:MOST])
        for entry in rows:
            number += 1
            entry.number = number
            entry.chain = chain = link(chain, entry)
        AuditEntry.objects.bulk_update(rows, ["number", "chain"])
    return len(rows) == MOST

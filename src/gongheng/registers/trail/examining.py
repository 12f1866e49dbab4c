"""Whether the audit trail still is what its chain and the log have of it."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef

from gongheng.registers.trail import sealing
from gongheng.registers.trail.models import TrailSeal
from gongheng.trust.identity import chaining
from gongheng.trust.ledger.examining import Remade
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog.rows import DifferenceRow

ENTRIES, SEALS = "identity_auditentry", "audit_trail_trailseal"
ALTERED = "审计记录与散列链不符（被改动）。"
GONE = "审计记录的散列链缺少这一条（被删除）。"
REWRITTEN = "审计记录的散列链与已存证的不符：上一次存证以后到这一条之间被整段改写。"
UNSEALED = "审计记录的存证在日志中没有（被插入）。"
CHUNK = 2000


def remade(entries: Sequence[Leaf]) -> Mapping[int, Remade]:
    """Return the leaves of seals as made from the rows of today."""
    rows = TrailSeal.objects.in_bulk([leaf.subject_id for leaf in entries])
    return {
        leaf.pk: Remade(SEALS, sealing.KIND, sealing.leaf_data(rows[leaf.subject_id]))
        for leaf in entries
        if leaf.subject_id in rows
    }


def differences() -> Iterator[DifferenceRow]:
    """Yield the entries that the chain does not bear out, and the seals that the chain does not."""
    without_leaf = ~Exists(Leaf.objects.filter(subject_id=OuterRef("pk")))
    for seal in TrailSeal.objects.filter(without_leaf).order_by("number"):
        yield DifferenceRow(SEALS, str(seal.pk), None, UNSEALED)
    seals = dict(TrailSeal.objects.values_list("number", "chain"))
    expected, chain = 1, chaining.BEGINNING
    for entry in chaining.chained().iterator(CHUNK):
        yield from _missing(expected, entry.number or 0)
        if entry.number == expected and chaining.link(chain, entry) != entry.chain:
            yield DifferenceRow(ENTRIES, str(entry.pk), None, ALTERED)
        if seals.pop(entry.number or 0, entry.chain) != entry.chain:
            yield DifferenceRow(ENTRIES, str(entry.pk), None, REWRITTEN)
        expected, chain = (entry.number or 0) + 1, entry.chain
    yield from _missing(expected, max(seals, default=0) + 1)


def _missing(first: int, end: int) -> Iterator[DifferenceRow]:
    for number in range(first, end):
        yield DifferenceRow(ENTRIES, f"第 {number} 条", None, GONE)

"""Tampering with the audit trail, which only the platform's own export can compare (E-16)."""

from random import Random

from gongheng.registers.trail.models import TrailSeal
from gongheng.trust.identity.models import AuditEntry
from tests.tampering.deeds import Deed, kind, one, operator, sql
from tests.tampering.house import House


def sealed_entry(random: Random) -> AuditEntry:
    """Return an entry that the last seal binds."""
    last = TrailSeal.objects.latest("number").number
    return one(AuditEntry.objects.filter(number__lte=last), random)


@kind
def an_audit_entry_is_changed(_: House, random: Random) -> Deed:
    row = sealed_entry(random)
    column, value = random.choice(
        [("deed", "nothing.done"), ("object_id", "other"), ("outcome", "refused"), ("roles", "x")]
    )
    sql(f"UPDATE identity_auditentry SET {column} = %s WHERE id = %s", value, row.pk)  # noqa: S608
    return operator(str(row.pk))


@kind
def an_audit_entry_is_deleted(_: House, random: Random) -> Deed:
    row = sealed_entry(random)
    sql("DELETE FROM identity_auditentry WHERE id = %s", row.pk)
    return operator(f"第 {row.number} 条")


@kind
def a_seal_of_the_trail_is_changed(_: House, random: Random) -> Deed:
    row = one(TrailSeal.objects.all(), random)
    sql("UPDATE audit_trail_trailseal SET chain = %s WHERE id = %s", "0" * 64, row.pk)
    return operator(str(row.pk))

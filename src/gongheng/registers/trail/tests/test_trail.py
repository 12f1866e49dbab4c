"""The audit trail cannot be changed, shortened or rewritten unseen (E-15, E-16)."""

from datetime import UTC, datetime, timedelta

import pytest

from gongheng.registers.trail import examining, sealing
from gongheng.registers.trail.models import TrailSeal
from gongheng.trust.identity import audit, chaining
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.models import AuditEntry
from gongheng.trust.ledger.models import Leaf

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 1, 0, 0, 123456, tzinfo=UTC)
WHO = Actor(
    account_id=None,
    username="officer",
    name="赵强",
    organisation_code="12530100MB1X000028",
    organisation_name="昆明市公共资源交易中心",
    region_code="530100",
    roles=frozenset({"officer"}),
    address="192.0.2.7",
)


def entered(number: int, *, start: int = 0) -> None:
    for place in range(start, start + number):
        audit.record(
            actor=WHO,
            deed=f"notice.read.{place}",
            object_id="x",
            now=NOW + timedelta(seconds=place),
        )


def bound(number: int = 6) -> list[AuditEntry]:
    """Enter so many, bind them in two goes, and seal each."""
    for part, start in enumerate((0, number // 2)):
        entered(number - number // 2 if part else number // 2, start=start)
        chaining.extend()
        sealing.seal(now=NOW + part * sealing.INTERVAL)
    return list(chaining.chained())


def told() -> list[tuple[str, str]]:
    return [(row.row, row.fault) for row in examining.differences()]


def test_each_entry_is_bound_to_all_before_it() -> None:
    rows = bound()

    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert len({row.chain for row in rows}) == 6
    assert rows[0].roles == "officer"
    assert told() == []
    assert [seal.number for seal in TrailSeal.objects.order_by("number")] == [3, 6]
    leaves = Leaf.objects.filter(subject_id__in=TrailSeal.objects.values("pk"))
    assert len(examining.remade(list(leaves))) == 2
    assert not any(
        b"notice" in bytes(leaf.data) or b'"number"' in bytes(leaf.data) for leaf in leaves
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("deed", "nothing"),
        ("object_id", "y"),
        ("outcome", Outcome.REFUSED),
        ("reason", "x"),
        ("address", "192.0.2.8"),
        ("address", None),
        ("roles", "operator"),
        ("region_code", "530000"),
        ("happened_at", NOW + timedelta(microseconds=1)),
        ("chain", "f" * 64),
    ],
)
def test_a_changed_entry_is_named(column: str, value: object) -> None:
    rows = bound()

    AuditEntry.objects.filter(pk=rows[2].pk).update(**{column: value})

    assert (str(rows[2].pk), examining.ALTERED) in told()


@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_deleted_entry_is_named_by_its_number(place: int) -> None:
    rows = bound()

    rows[place].delete()

    assert (f"第 {place + 1} 条", examining.GONE) in told()


def test_two_entries_that_change_places_are_named() -> None:
    first, second, *_ = bound()
    AuditEntry.objects.filter(pk=first.pk).update(number=None)
    AuditEntry.objects.filter(pk=second.pk).update(number=1)
    AuditEntry.objects.filter(pk=first.pk).update(number=2)

    assert {str(first.pk), str(second.pk)} <= {row for row, _ in told()}


def test_who_rewrites_the_whole_chain_is_held_to_the_log() -> None:
    """A database's owner can make every link anew, but not the seal that others have seen."""
    rows = bound()
    AuditEntry.objects.filter(pk=rows[1].pk).update(deed="nothing")
    chain = chaining.BEGINNING
    for entry in chaining.chained():
        entry.chain = chain = chaining.link(chain, entry)
        entry.save(update_fields=["chain"])

    assert (str(rows[2].pk), examining.REWRITTEN) in told()
    TrailSeal.objects.filter(number=3).update(chain=AuditEntry.objects.get(number=3).chain)
    seal = TrailSeal.objects.get(number=3)
    [leaf] = Leaf.objects.filter(subject_id=seal.pk)
    assert examining.remade([leaf])[leaf.pk].data != bytes(leaf.data)


def test_a_seal_that_no_leaf_knows_is_named() -> None:
    bound()
    forged = TrailSeal.objects.create(
        region_code="530100", number=4, chain="0" * 64, salt="00" * 32, entered_at=NOW
    )

    assert (str(forged.pk), examining.UNSEALED) in told()


def test_nothing_is_sealed_twice_or_too_soon() -> None:
    bound()
    later = NOW + 2 * sealing.INTERVAL

    assert sealing.seal(now=later) is None
    entered(1, start=9)
    chaining.extend()
    assert sealing.seal(now=NOW + sealing.INTERVAL * 1.5) is None
    assert sealing.seal(now=later) is not None


def test_many_are_bound_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaining, "MOST", 4)
    entered(10)

    assert [chaining.extend() for _ in range(4)] == [True, True, False, False]
    assert chaining.chained().count() == 10
    assert told() == []


def test_what_is_not_yet_bound_is_no_difference() -> None:
    entered(2)

    assert told() == []
    assert sealing.keep() is False
    assert TrailSeal.objects.get().number == 2

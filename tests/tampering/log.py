"""Tampering with the log itself: leaves, tiles, checkpoints, and all of it by its own key."""

from datetime import timedelta
from random import Random

from gongheng.data.records import actions as records, leaves
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Current, Version
from gongheng.trading.bids.tests.support import NOW
from gongheng.trust.ledger import queries, tiles
from gongheng.trust.ledger.models import Checkpoint, Leaf, Tile
from gongheng.trust.tlog import checkpoint as checkpoints, tree
from gongheng.trust.tlog.leaves import claim_of
from tests.tampering.deeds import Deed, both, kind, one, operator, public, sql, two
from tests.tampering.house import ORIGIN, House
from tests.tampering.records import forget


def is_open(leaf: Leaf) -> bool:
    return claim_of(bytes(leaf.data)) is not None


def public_leaf(random: Random) -> Leaf:
    return one(Leaf.objects.filter(pk__in=_public_leaves()), random)


@kind
def a_leaf_is_changed(_: House, random: Random) -> Deed:
    row = public_leaf(random)
    data = bytes(row.data).replace(b'"full":"', b'"full":"0', 1)
    sql("UPDATE ledger_leaf SET data = %s WHERE id = %s", data, row.pk)
    return both(str(row.subject_id))


@kind
def a_typeless_leaf_is_changed(_: House, random: Random) -> Deed:
    row = one([leaf for leaf in Leaf.objects.all() if not is_open(leaf)], random)
    data = bytes(row.data)[:-3] + b'0"}'
    if data == bytes(row.data):
        data = bytes(row.data)[:-3] + b'1"}'
    sql("UPDATE ledger_leaf SET data = %s WHERE id = %s", data, row.pk)
    return Deed(public=(f"位置 {row.position}",), operator=(str(row.subject_id),))


@kind
def two_leaves_are_swapped(_: House, random: Random) -> Deed:
    first, second = two(Leaf.objects.filter(pk__in=_public_leaves()), random)
    sql("UPDATE ledger_leaf SET position = NULL WHERE id = %s", first.pk)
    sql("UPDATE ledger_leaf SET position = %s WHERE id = %s", first.position, second.pk)
    sql("UPDATE ledger_leaf SET position = %s WHERE id = %s", second.position, first.pk)
    return both(str(first.subject_id), str(second.subject_id))


def _public_leaves() -> list[object]:
    public = Version.objects.filter(audience="public")
    return list(Leaf.objects.filter(subject_id__in=public).values_list("pk", flat=True))


def _in_words(leaf: Leaf) -> str:
    claim = claim_of(bytes(leaf.data))
    return claim.words if claim else f"位置 {leaf.position}"


@kind
def a_leaf_is_deleted(_: House, random: Random) -> Deed:
    row = one(Leaf.objects.all(), random)
    sql("DELETE FROM ledger_leaf WHERE id = %s", row.pk)
    return Deed(public=(_in_words(row),), operator=(f"位置 {row.position}",))


@kind
def a_leaf_is_taken_for_another(_: House, random: Random) -> Deed:
    first, second = two(Leaf.objects.filter(pk__in=_public_leaves()), random)
    sql("UPDATE ledger_leaf SET subject_id = %s WHERE id = %s", second.subject_id, first.pk)
    return operator(f"日志位置 {first.position}")


@kind
def a_leaf_is_put_behind(_: House, random: Random) -> Deed:
    size = Leaf.objects.count()
    copy = public_leaf(random)
    copy.pk, copy.position = None, size + random.randint(0, 9)
    copy.save(force_insert=True)
    return operator(str(copy.position))


@kind
def a_leaf_is_smuggled_in(house: House, random: Random) -> Deed:
    """Entered by SQL, then numbered and signed by the node itself: a record that never was."""
    copy = public_leaf(random)
    invented = f"01a1fe63-0000-7000-8000-{random.randrange(10**12):012d}"
    copy.data = bytes(copy.data).replace(str(copy.subject_id).encode(), invented.encode())
    copy.pk, copy.position, copy.subject_id = None, None, invented
    copy.save(force_insert=True)
    house.sign()
    return both(invented)


@kind
def a_tile_is_changed(_: House, random: Random) -> Deed:
    row = one(Tile.objects.all(), random)
    hashes = bytearray(row.hashes)
    hashes[random.randrange(len(hashes))] ^= 1 + random.randrange(255)
    sql("UPDATE ledger_tile SET hashes = %s WHERE id = %s", bytes(hashes), row.pk)
    return both(f"{row.algorithm}/{row.level}/{row.index}")


@kind
def a_tile_is_deleted(_: House, random: Random) -> Deed:
    row = one(Tile.objects.all(), random)
    sql("DELETE FROM ledger_tile WHERE id = %s", row.pk)
    return both(f"{row.algorithm}/{row.level}/{row.index}")


@kind
def a_checkpoint_is_changed(_: House, random: Random) -> Deed:
    row = one(Checkpoint.objects.all(), random)
    said = checkpoints.read(row.note)
    text = said.made_at.isoformat()
    note = row.note.replace(text, (said.made_at - timedelta(days=1)).isoformat())
    if random.random() < 0.5:
        note = row.note[:-20] + "A" * 19 + "\n"
    sql("UPDATE ledger_checkpoint SET note = %s WHERE size = %s", note, row.pk)
    is_last = row.pk == Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0]
    return Deed(
        public=("最新检查点" if is_last else f"大小 {row.pk}",),
        operator=("checkpoints.jsonl 第",),
    )


@kind
def an_old_checkpoint_is_deleted(_: House, random: Random) -> Deed:
    row = one(Checkpoint.objects.order_by("size")[: Checkpoint.objects.count() - 1], random)
    sql("DELETE FROM ledger_checkpoint WHERE size = %s", row.pk)
    return public(f"大小 {row.pk}")


@kind
def an_old_checkpoint_is_signed_anew(house: House, random: Random) -> Deed:
    """By the node's own key: other roots for a size that was signed already."""
    row = one(Checkpoint.objects.order_by("size")[: Checkpoint.objects.count() - 1], random)
    said = checkpoints.read(row.note)
    other = checkpoints.Checkpoint(
        said.origin, said.size, random.randbytes(32), said.sm3, said.made_at
    )
    note = checkpoints.sign(other, house.key)
    sql("UPDATE ledger_checkpoint SET note = %s WHERE size = %s", note, row.pk)
    return Deed(public=(f"大小 {row.pk}",), operator=(f"至 {row.pk - 1} 之间",))


@kind
def the_newest_checkpoint_is_deleted(_: House, __: Random) -> Deed:
    newest, before = Checkpoint.objects.order_by("-size")[:2]
    sql("DELETE FROM ledger_checkpoint WHERE size = %s", newest.pk)
    lost = next(leaf for leaf in Leaf.objects.filter(position__gte=before.pk) if is_open(leaf))
    return Deed(public=(str(lost.subject_id),), operator=(f"先前 {newest.pk} 条",))


@kind
def the_length_of_the_log_is_changed(_: House, random: Random) -> Deed:
    size = Leaf.objects.count()
    other = size + random.choice([-3, -1, 1, 2])
    sql("UPDATE ledger_head SET size = %s", other)
    return operator(f"位置 {min(size, other)}")


def set_back(house: House) -> list[Leaf]:
    """Bring the log to where it was yesterday; return the leaves that are lost."""
    lost = list(Leaf.objects.filter(position__gte=house.yesterday).order_by("position"))
    sql("DELETE FROM ledger_leaf WHERE position >= %s", house.yesterday)
    sql("DELETE FROM ledger_checkpoint WHERE size > %s", house.yesterday)
    sql("DELETE FROM ledger_tile")
    Tile.objects.bulk_create(
        Tile(algorithm=algorithm, level=level, index=index, hashes=hashes)
        for algorithm, level, index, hashes in house.old_tiles
    )
    sql("UPDATE ledger_head SET size = %s", house.yesterday)
    return lost


@kind
def everything_is_rolled_back_to_yesterday(house: House, random: Random) -> Deed:
    size = Leaf.objects.count()
    lost = set_back(house)
    for leaf in lost:
        for row in Version.objects.filter(pk=leaf.subject_id):
            forget(row)
        sql("DELETE FROM records_act WHERE id = %s", leaf.subject_id)
    sql("DELETE FROM bids_closingstatement")
    named = random.choice([leaf for leaf in lost if is_open(leaf)])
    return Deed(public=(str(named.subject_id),), operator=(f"先前 {size} 条",))


@kind
def yesterday_is_followed_by_another_today(house: House, random: Random) -> Deed:
    """Rolled back, then grown and signed again by the node itself, longer than before."""
    size = Leaf.objects.count()
    lost = set_back(house)
    for leaf in lost:
        for row in Version.objects.filter(pk=leaf.subject_id):
            forget(row)
        sql("DELETE FROM records_act WHERE id = %s", leaf.subject_id)
    sql("DELETE FROM bids_closingstatement")
    for number in range(len(lost) + random.randint(1, 3)):
        act("case.another_today", number)
    house.sign()
    named = random.choice([leaf for leaf in lost if is_open(leaf)])
    return Deed(public=(str(named.subject_id),), operator=(f"前 {size} 条",))


def act(name: str, number: int) -> None:
    records.act(
        case_code="E5301110001000077001",
        kind=name,
        actor_code="91530100MA6K000015",
        facts={"number": number},
        audience=Audience.SUPERVISION,
        now=NOW,
        region_code="530100",
    )


@kind
def history_is_rewritten_and_signed_by_the_platform(house: House, random: Random) -> Deed:
    """The whole house conspires: row, leaf, both trees and every checkpoint agree again."""
    row = one(Version.objects.filter(pk__in=_versions()), random)
    row.body = {**row.body, "NOTICE_NAME": "改写过的公告"}
    row.save()
    Current.objects.filter(version=row).update(title="改写过的公告")
    Leaf.objects.filter(subject_id=row.pk).update(data=leaves.record_data(row))
    rebuild(house)
    return Deed(public=(str(row.pk),), operator=("历史已被改写",))


def _versions() -> list[object]:
    return list(
        Current.objects.filter(is_notice=True, is_withdrawn=False).values_list("version", flat=True)
    )


def rebuild(house: House) -> None:
    """Make trees and checkpoints anew from the leaves, with the platform's key."""
    data = [bytes(leaf.data) for leaf in Leaf.objects.order_by("position")]
    sql("DELETE FROM ledger_tile")
    for algorithm in tree.ALGORITHMS:
        hashes = [tree.leaf_hash(algorithm, each) for each in data]
        tiles.write(algorithm, tree.append(algorithm, tiles.StoredTiles(algorithm), 0, hashes))
    for old in Checkpoint.objects.all():
        said = checkpoints.Checkpoint(
            ORIGIN,
            old.size,
            queries.root("sha256", old.size),
            queries.root("sm3", old.size),
            old.made_at,
        )
        Checkpoint.objects.filter(pk=old.pk).update(note=checkpoints.sign(said, house.key))

"""Readers of the log: the feed, checkpoints, roots and proofs."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger.models import Checkpoint, Cursor, Head, Leaf, Tile
from gongheng.trust.ledger.tiles import StoredTiles
from gongheng.trust.tlog import proof, tree
from gongheng.trust.tlog.proof import Inclusion
from gongheng.trust.tlog.rows import Disclosure


def feed(after: int, limit: int) -> list[Leaf]:
    """Return the leaves from position ``after`` on, in order, at most ``limit``."""
    return list(Leaf.objects.filter(position__gte=after).order_by("position")[:limit])


def feed_until(after: int, end: int, limit: int) -> list[Leaf]:
    """Return the leaves from position ``after`` on that stand before ``end``, at most ``limit``."""
    found = Leaf.objects.filter(position__gte=after, position__lt=end)
    return list(found.order_by("position")[:limit])


def feed_beyond(size: int) -> list[Leaf]:
    """Return the leaves that stand where a log of this size has none, unless it has grown."""
    found = Leaf.objects.filter(position__gte=size)
    return list(found.exclude(position__lt=Head.objects.values("size")[:1]).order_by("position"))


def size() -> int:
    """Return how many leaves are numbered."""
    head = Head.objects.first()
    return head.size if head else 0


def waiting() -> int:
    """Return how many committed leaves have no number yet."""
    return Leaf.objects.filter(position__isnull=True).count()


def cursor_position(name: str) -> int:
    """Return the next position that the consumer ``name`` has not read."""
    place = Cursor.objects.filter(name=name).first()
    return place.position if place else 0


def leaf_of(subject_id: UUID) -> Leaf | None:
    """Return the last leaf about a subject, numbered or not: what was said of it in the end."""
    return Leaf.objects.filter(subject_id=subject_id).order_by("-id").first()


def has_leaf(subject_id: UUID, *, kind: str) -> bool:
    """Tell whether a leaf of a kind was entered about a subject."""
    return Leaf.objects.filter(subject_id=subject_id, kind=kind).exists()


def positions_of(subject_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the position of the first leaf of each subject that has a number."""
    rows = Leaf.objects.filter(subject_id__in=subject_ids, position__isnull=False)
    found = rows.order_by("-position").values_list("subject_id", "position")
    return {subject: position for subject, position in found if position is not None}


def latest_checkpoint() -> Checkpoint | None:
    """Return the signed checkpoint of the largest size."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoint_of(size: int) -> Checkpoint | None:
    """Return the signed checkpoint of one size."""
    return Checkpoint.objects.filter(size=size).first()


def checkpoint_over(position: int) -> Checkpoint | None:
    """Return the earliest signed checkpoint that covers a position."""
    return Checkpoint.objects.filter(size__gt=position).order_by("size").first()


def checkpoints_after(size: int, *, limit: int) -> list[Checkpoint]:
    """Return the signed checkpoints of larger sizes, smallest first, at most ``limit``."""
    return list(Checkpoint.objects.filter(size__gt=size).order_by("size")[:limit])


def tiles_after(algorithm: str, *, level: int, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Return the tiles of one level of one tree from number ``after`` on, with their numbers."""
    found = Tile.objects.filter(algorithm=algorithm, level=level, index__gte=after)
    rows = found.order_by("index").values_list("index", "hashes")[:limit]
    return [(number, bytes(hashes)) for number, hashes in rows]


def root(algorithm: str, size: int) -> bytes:
    """Return the root of one tree at a size it has had."""
    return tree.root(algorithm, StoredTiles(algorithm), size)


def inclusion(position: int, size: int) -> Inclusion:
    """Return the way from the leaf at ``position`` to both roots at ``size``.

    Raises ``ValueError`` unless 0 <= position < size.
    """
    return Inclusion(
        position=position,
        size=size,
        paths={
            algorithm: tree.inclusion(algorithm, StoredTiles(algorithm), position, size)
            for algorithm in tree.ALGORITHMS
        },
    )


def consistency(old: int, new: int) -> dict[str, list[bytes]]:
    """Return for each algorithm the proof that the log of ``new`` continues the log of ``old``.

    Raises ``ValueError`` unless 0 < old <= new.
    """
    return {
        algorithm: tree.consistency(algorithm, StoredTiles(algorithm), old, new)
        for algorithm in tree.ALGORITHMS
    }


def proof_of(*, subject_id: UUID, opened: Disclosure, public: PublicKey) -> dict[str, Any] | None:
    """Return the downloadable proof that a record was published (``tlog.proof``).

    ``opened`` is what pages show of the record today. None until its leaf stands under a signed
    checkpoint.
    """
    leaf = leaf_of(subject_id)
    if leaf is None or leaf.position is None:
        return None
    covering = checkpoint_over(leaf.position)
    if covering is None:
        return None
    return proof.document(
        record=str(subject_id),
        opened=opened,
        leaf=bytes(leaf.data),
        inclusion=inclusion(leaf.position, covering.size),
        note=covering.note,
        public=public,
    )

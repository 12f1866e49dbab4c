"""The only writer of the log: enter leaves, number what is committed, sign, read on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from gongheng.kernel.faults import reached
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import queries, tiles
from gongheng.trust.ledger.models import Checkpoint, Cursor, Head, Leaf
from gongheng.trust.tlog import checkpoint as checkpoints, tree

FRESH = timedelta(seconds=10)
"""How long a checkpoint of an unchanged log is worth repeating to nobody."""

# By hand: the ORM makes this statement anew for every leaf, at twice the statement's own price.
_ENTER = """
INSERT INTO ledger_leaf (region_code, kind, subject_id, data) VALUES (%s, %s, %s, %s) RETURNING id
"""

_NUMBER = """
WITH committed AS (
    SELECT id FROM ledger_leaf WHERE position IS NULL ORDER BY id LIMIT %s
), numbered AS (
    SELECT id, %s + row_number() OVER (ORDER BY id) - 1 AS position FROM committed
)
UPDATE ledger_leaf AS leaf SET position = numbered.position
FROM numbered WHERE leaf.id = numbered.id
RETURNING leaf.position, leaf.data
"""


class BrokenHistory(Exception):
    """The tiles no longer give the root that was signed for an earlier size: stop and investigate."""


def enter(*, kind: str, subject_id: UUID, data: bytes, region_code: str) -> Leaf:
    """Enter a leaf in the transaction of the deed that it records; the sequencer numbers it.

    Raises ``RuntimeError`` outside a transaction: a deed and its leaf stand or fall together.
    """
    if not connection.in_atomic_block:
        msg = "a leaf is entered in the transaction of its deed"
        raise RuntimeError(msg)
    with connection.cursor() as statement:
        statement.execute(_ENTER, [region_code, kind, subject_id, data])
        (number,) = statement.fetchone()
    return Leaf(id=number, region_code=region_code, kind=kind, subject_id=subject_id, data=data)


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf that is to be entered."""

    kind: str
    subject_id: UUID
    data: bytes
    region_code: str


def enter_many(entries: Sequence[Entry]) -> None:
    """Enter leaves in their order, by one statement; otherwise like ``enter``."""
    if not connection.in_atomic_block:
        msg = "leaves are entered in the transaction of their deed"
        raise RuntimeError(msg)
    Leaf.objects.bulk_create(
        Leaf(
            region_code=entry.region_code,
            kind=entry.kind,
            subject_id=entry.subject_id,
            data=entry.data,
        )
        for entry in entries
    )


@transaction.atomic
def number(*, limit: int = 1000) -> int:
    """Give positions to at most ``limit`` committed leaves in order of entry; return how many.

    Positions, tiles and head change together or not at all. Two sequencers at once take turns.
    """
    reached("ledger.before_number")
    head = _locked_head()
    with connection.cursor() as statement:
        statement.execute(_NUMBER, [limit, head.size])
        rows = sorted(statement.fetchall())
    if not rows:
        return 0
    reached("ledger.after_positions")
    leaves = [bytes(data) for _, data in rows]
    for algorithm in tree.ALGORITHMS:
        hashes = [tree.leaf_hash(algorithm, data) for data in leaves]
        stored = tiles.StoredTiles(algorithm)
        tiles.write(algorithm, tree.append(algorithm, stored, head.size, hashes))
    reached("ledger.after_tiles")
    head.size += len(rows)
    head.save(update_fields=["size"])
    return len(rows)


def _locked_head() -> Head:
    head = Head.objects.select_for_update().first()
    if head is None:
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = Head.objects.select_for_update().get()
    return head


def sign_checkpoint(*, key: PrivateKey, origin: str, now: datetime) -> Checkpoint | None:
    """Sign the log's present size and roots; None when that would say nothing new.

    Nothing new is an empty log, or an unchanged one signed less than ``FRESH`` ago. Raises
    ``BrokenHistory`` rather than sign roots that contradict the checkpoint before.
    """
    if not _has_news(queries.size(), now):  # a lock would be written down like any change
        return None
    with transaction.atomic():
        size = _locked_head().size
        return _sign(size, key=key, origin=origin, now=now) if _has_news(size, now) else None


def _has_news(size: int, now: datetime) -> bool:
    last = queries.latest_checkpoint()
    is_fresh = last is not None and last.size == size and now - last.made_at < FRESH
    return size > 0 and not is_fresh


def _sign(size: int, *, key: PrivateKey, origin: str, now: datetime) -> Checkpoint:
    last = queries.latest_checkpoint()
    if last is not None:
        _require_continued(last)
    statement = checkpoints.Checkpoint(
        origin=origin,
        size=size,
        sha256=queries.root("sha256", size),
        sm3=queries.root("sm3", size),
        made_at=now,
    )
    reached("ledger.before_checkpoint")
    signed, _ = Checkpoint.objects.update_or_create(
        size=size, defaults={"note": checkpoints.sign(statement, key), "made_at": now}
    )
    return signed


def _require_continued(last: Checkpoint) -> None:
    said = checkpoints.read(last.note)
    for algorithm in tree.ALGORITHMS:
        if queries.root(algorithm, said.size) != said.root(algorithm):
            msg = f"the {algorithm} tree has another root for size {said.size} than was signed"
            raise BrokenHistory(msg)


class Reader:
    """A consumer's place in the feed, for the length of one transaction."""

    def __init__(self, position: int) -> None:
        self.position = position

    def read(self, limit: int) -> list[Leaf]:
        """Return the next leaves, at most ``limit``; all of them count as read."""
        leaves = queries.feed(self.position, limit)
        self.position += len(leaves)
        return leaves


@contextmanager
def cursor(name: str) -> Iterator[Reader]:
    """Read the feed where the consumer ``name`` left off, and remember how far it came.

    What the block writes and the new place are one transaction: an exception undoes both, so that
    every leaf has its effect exactly once. A second process with the same name waits.
    """
    with transaction.atomic():
        Cursor.objects.bulk_create([Cursor(name=name)], ignore_conflicts=True)
        place = Cursor.objects.select_for_update().get(name=name)
        reader = Reader(place.position)
        yield reader
        if reader.position != place.position:
            place.position = reader.position
            place.save(update_fields=["position"])

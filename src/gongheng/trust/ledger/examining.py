"""Whether the rows and files of the node still are what the log has of them.

The log holds digests of rows. Whoever has the database can make each leaf again from its row and
compare: that finds what was changed behind the platform's back in rows that nobody else may see.
Rooms lie above the log, so each hands in an ``Examiner`` for its rows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongheng.trust.crypto.digests import LENGTH
from gongheng.trust.ledger import queries
from gongheng.trust.ledger.models import Leaf, Tile
from gongheng.trust.tlog import tree
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.rows import DifferenceRow
from gongheng.trust.tlog.tree import Place

CHUNK = 2000
GONE = "日志中有它的存证，数据库中已没有这一行（被删除）。"
ALTERED = "这一行与它的存证不符（被改动）。"
OTHER_TILE = "树的节点与由存证算出的不符（被改动）。"
NO_TILE = "缺少由存证算出的树节点（被删除）。"
ALTERED_LEAF = "存证被改动或换了位置。"
NO_LEAF = "这个位置没有存证（被删除）。"
BEYOND = "存证的位置超出日志的长度（被插入，或日志的长度被改动）。"


@dataclass(frozen=True, slots=True)
class Remade:
    """What a room makes of a leaf's subject today: table, kind of the leaf and its bytes."""

    table: str
    kind: str
    data: bytes


class Examiner(Protocol):
    """How a room answers for its rows."""

    def remade(self, leaves: Sequence[Leaf]) -> Mapping[int, Remade]:
        """Return the leaves as made from the rows of today, by key, for those that are its own."""
        ...

    def differences(self) -> Iterator[DifferenceRow]:
        """Yield what else is wrong: rows without a leaf, rows and files that disagree."""
        ...


def examine(examiners: Sequence[Examiner]) -> Iterator[DifferenceRow]:
    """Yield every row and file that is not as the log has it.

    The node may run meanwhile: what is entered after the beginning is not looked at.
    """
    size = queries.size()
    trees = {algorithm: _Tree(algorithm, size) for algorithm in tree.ALGORITHMS}
    yield from _compare_leaves(examiners, trees, size)
    for each in trees.values():
        yield from each.differences()
    for examiner in examiners:
        yield from examiner.differences()


def _compare_leaves(
    examiners: Sequence[Examiner], trees: Mapping[str, "_Tree"], size: int
) -> Iterator[DifferenceRow]:
    expected = 0
    while chunk := queries.feed_until(expected, size, CHUNK):
        remade: dict[int, Remade] = {}
        for examiner in examiners:
            remade |= examiner.remade(chunk)
        for leaf in chunk:
            position = leaf.position or 0
            for missing in range(expected, position):
                yield DifferenceRow("ledger_leaf", str(missing), missing, NO_LEAF)
            expected = position + 1
            yield from _compare(leaf, remade.get(leaf.pk), trees)
    for missing in range(expected, size):
        yield DifferenceRow("ledger_leaf", str(missing), missing, NO_LEAF)
    for leaf in queries.feed_beyond(size):
        yield DifferenceRow("ledger_leaf", str(leaf.subject_id), leaf.position, BEYOND)


def _compare(
    leaf: Leaf, remade: Remade | None, trees: Mapping[str, "_Tree"]
) -> Iterator[DifferenceRow]:
    data, position = bytes(leaf.data), leaf.position or 0
    is_other = [not each.holds(position, data) for each in trees.values()]
    if all(is_other):
        # Both trees say that another leaf stood here: not the row was changed, but the leaf.
        for each in trees.values():
            each.excuse(position)
        yield DifferenceRow("ledger_leaf", str(leaf.subject_id), position, ALTERED_LEAF)
    elif remade is None:
        claim = claim_of(data)
        name = claim.words if claim else str(leaf.subject_id)
        yield DifferenceRow(f"ledger_leaf/{leaf.kind}", name, position, GONE)
    elif remade.data != data or remade.kind != leaf.kind:
        yield DifferenceRow(remade.table, str(leaf.subject_id), position, ALTERED)


class _Tree:
    """One stored tree beside the one that the leaves make."""

    def __init__(self, algorithm: str, size: int) -> None:
        self._algorithm = algorithm
        self._hashes: list[bytes] = []
        self._size = size
        self._stored = {
            Place(tile.level, tile.index): bytes(tile.hashes)
            for tile in Tile.objects.filter(algorithm=algorithm)
        }

    def holds(self, position: int, data: bytes) -> bool:
        """Tell whether the stored tree has this leaf at a position."""
        self._hashes.append(tree.leaf_hash(self._algorithm, data))
        return self._hashes[-1] == self._stored_hash(position)

    def excuse(self, position: int) -> None:
        """Let the tree be right about a leaf that was altered."""
        self._hashes[-1] = self._stored_hash(position)

    def _stored_hash(self, position: int) -> bytes:
        tile = self._stored.get(Place(0, position // tree.WIDTH), b"")
        start = position % tree.WIDTH * LENGTH
        return tile[start : start + LENGTH]

    def differences(self) -> Iterator[DifferenceRow]:
        """Yield the stored tiles that are not those of the leaves."""
        if len(self._hashes) != self._size:
            return  # leaves are missing: what stands after them cannot be made again
        for place, expected in tree.append(self._algorithm, self, 0, self._hashes).items():
            stored = self._stored.get(place, b"")
            # What a tile holds beyond the leaves looked at was entered meanwhile.
            if stored[: len(expected)] != expected:
                row = f"{self._algorithm}/{place.level}/{place.number}"
                yield DifferenceRow("ledger_tile", row, None, OTHER_TILE if stored else NO_TILE)

    def read(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        """Return the tiles to begin with: none."""
        return dict.fromkeys(places, b"")

"""Merkle trees of RFC 9162 kept in tiles: appending, roots, proofs.

A tile holds up to 256 neighbouring hashes, eight levels of the tree above the tile below it (the
layout of C2SP tlog-tiles): tile ``(0, 0)`` the first 256 leaf hashes, tile ``(1, 0)`` the roots of
the first 256 full tiles of level 0. Tiles only grow, so that every proof about every earlier size
can be computed from the tiles of today. Nothing here stores anything: readers are handed in,
changed tiles are handed out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from gongheng.trust.crypto.digests import LENGTH, sha256, sm3

ALGORITHMS: Mapping[str, Callable[[bytes], bytes]] = {"sha256": sha256, "sm3": sm3}
"""Both trees of a log, by name: SHA-256 for the world's witnesses, SM3 for the national profile."""

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Place(NamedTuple):
    """Where a tile stands: its level (0 holds leaf hashes) and its number within the level."""

    level: int
    number: int


class TileReader(Protocol):
    """Whatever keeps the tiles of one tree."""

    def read(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        """Return the concatenated hashes of each tile that exists."""


class DamagedTiles(Exception):
    """A tile lacks hashes that the log's size says it holds."""


def leaf_hash(algorithm: str, data: bytes) -> bytes:
    """Return the hash of a leaf with these bytes."""
    return ALGORITHMS[algorithm](b"\x00" + data)


def node_hash(algorithm: str, left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return ALGORITHMS[algorithm](b"\x01" + left + right)


def empty_root(algorithm: str) -> bytes:
    """Return the root of the tree without leaves."""
    return ALGORITHMS[algorithm](b"")


class Frontier:
    """The right edge of a growing tree: enough to append leaf hashes and to know the root."""

    def __init__(self, algorithm: str) -> None:
        self.size = 0
        self._algorithm = algorithm
        self._digest = ALGORITHMS[algorithm]
        self._full: list[bytes] = []

    def append(self, data: bytes) -> None:
        """Append a leaf with these bytes."""
        digest = self._digest
        node = digest(b"\x00" + data)
        carried = self.size
        while carried & 1:
            node = digest(b"\x01" + self._full.pop() + node)
            carried >>= 1
        self._full.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over everything appended so far."""
        return _join(self._algorithm, self._full)


def append(
    algorithm: str, tiles: TileReader, size: int, leaf_hashes: Sequence[bytes]
) -> dict[Place, bytes]:
    """Return the tiles that change when ``leaf_hashes`` follow the first ``size`` leaves."""
    edge = _edge(tiles, size)
    changed: dict[Place, bytes] = {}
    level, start, hashes = 0, size, leaf_hashes
    while hashes:
        index = start // WIDTH
        content = edge.get(Place(level, index), b"") + b"".join(hashes)
        hashes = []
        for offset in range(0, len(content), WIDTH * LENGTH):
            tile = content[offset : offset + WIDTH * LENGTH]
            changed[Place(level, index)] = tile
            if len(tile) == WIDTH * LENGTH:
                hashes.append(_fold(algorithm, tile))
            index += 1
        level, start = level + 1, start // WIDTH
    return changed


def _edge(tiles: TileReader, size: int) -> dict[Place, bytes]:
    """Return the started tiles at the right edge of the tree, each cut to what ``size`` covers."""
    started: dict[Place, int] = {}
    level, count = 0, size
    while count:
        if count % WIDTH:
            started[Place(level, count // WIDTH)] = count % WIDTH
        level, count = level + 1, count // WIDTH
    stored = tiles.read(started) if started else {}
    return {place: _cut(stored, place, count) for place, count in started.items()}


def _cut(stored: Mapping[Place, bytes], place: Place, count: int) -> bytes:
    content = stored.get(place, b"")[: count * LENGTH]
    if len(content) < count * LENGTH:
        msg = f"tile {place.level}/{place.number} has fewer than {count} hashes"
        raise DamagedTiles(msg)
    return content


def root(algorithm: str, tiles: TileReader, size: int) -> bytes:
    """Return the root of the tree of the first ``size`` leaves."""
    return _roots(algorithm, tiles, [(0, size)])[0] if size else empty_root(algorithm)


def inclusion(algorithm: str, tiles: TileReader, position: int, size: int) -> list[bytes]:
    """Return the proof (RFC 9162, 2.1.3.1) that the tree of ``size`` has its leaf at ``position``.

    Raises ``ValueError`` unless 0 <= position < size.
    """
    if not 0 <= position < size:
        msg = f"no leaf {position} in a tree of {size}"
        raise ValueError(msg)
    path: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return _roots(algorithm, tiles, path[::-1])


def consistency(algorithm: str, tiles: TileReader, old: int, new: int) -> list[bytes]:
    """Return the proof (RFC 9162, 2.1.4.1) that the tree of ``new`` continues the tree of ``old``.

    Raises ``ValueError`` unless 0 < old <= new.
    """
    if not 0 < old <= new:
        msg = f"a tree of {new} does not continue one of {old}"
        raise ValueError(msg)
    path: list[tuple[int, int]] = []
    start, end, is_whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, is_whole = middle, False
    if not is_whole:
        path.append((start, end))
    return _roots(algorithm, tiles, path[::-1])


def _split(count: int) -> int:
    """Return the largest power of two below ``count``: what the left child covers."""
    return 1 << (count - 1).bit_length() - 1


def _roots(algorithm: str, tiles: TileReader, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the hash of each range of leaves, reading each tile once."""
    parts = [list(_perfect(start, end)) for start, end in ranges]
    wanted = {_tile_of(height, index)[0] for part in parts for height, index in part}
    stored = tiles.read(wanted) if wanted else {}
    return [
        _join(algorithm, [_perfect_root(algorithm, stored, *subtree) for subtree in part])
        for part in parts
    ]


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the full subtrees that make up a range, left to right, as (height, index)."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _tile_of(height: int, index: int) -> tuple[Place, int]:
    """Return the tile that holds the bottom of a full subtree, and the first hash in it."""
    level, above = divmod(height, HEIGHT)
    first = index << above
    return Place(level, first // WIDTH), first % WIDTH


def _perfect_root(algorithm: str, stored: Mapping[Place, bytes], height: int, index: int) -> bytes:
    place, first = _tile_of(height, index)
    count = 1 << height % HEIGHT
    return _fold(algorithm, _cut(stored, place, first + count)[first * LENGTH :])


def _fold(algorithm: str, content: bytes) -> bytes:
    """Return the root over concatenated hashes whose number is a power of two."""
    digest = ALGORITHMS[algorithm]
    while len(content) > LENGTH:
        content = b"".join(
            digest(b"\x01" + content[offset : offset + 2 * LENGTH])
            for offset in range(0, len(content), 2 * LENGTH)
        )
    return content


def _join(algorithm: str, subtrees: Sequence[bytes]) -> bytes:
    """Return the root over full subtrees of falling height, left to right."""
    if not subtrees:
        return empty_root(algorithm)
    node = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        node = node_hash(algorithm, left, node)
    return node

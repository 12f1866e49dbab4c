"""Roots and proofs against published vectors, the definition, and a foreign implementation."""

import json
import math
import warnings
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import pymerkle
import pytest
from hypothesis import given, settings, strategies as st

from gongheng.trust.tlog import judge, tree
from gongheng.trust.tlog.tree import Place

VECTORS = json.loads((Path(__file__).parent / "merkle.json").read_text())
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaf_data_hex"]]
BOTH = pytest.mark.parametrize("algorithm", list(tree.ALGORITHMS))


class HeldTiles:
    """Tiles in memory."""

    def __init__(self) -> None:
        self.tiles: dict[Place, bytes] = {}

    def read(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        return {place: self.tiles[place] for place in places if place in self.tiles}

    def grow(self, algorithm: str, size: int, data: list[bytes]) -> None:
        hashes = [tree.leaf_hash(algorithm, leaf) for leaf in data]
        self.tiles.update(tree.append(algorithm, self, size, hashes))


def data_of(size: int) -> list[bytes]:
    return [number.to_bytes(4, "big") for number in range(size)]


@cache
def grown(algorithm: str, size: int) -> HeldTiles:
    held = HeldTiles()
    held.grow(algorithm, 0, data_of(size))
    return held


def by_definition(algorithm: str, data: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not data:
        return tree.empty_root(algorithm)
    if len(data) == 1:
        return tree.leaf_hash(algorithm, data[0])
    k = 1 << (len(data) - 1).bit_length() - 1
    left, right = by_definition(algorithm, data[:k]), by_definition(algorithm, data[k:])
    return tree.node_hash(algorithm, left, right)


@BOTH
def test_the_roots_are_the_published_ones(algorithm: str) -> None:
    assert tree.empty_root(algorithm).hex() == VECTORS[algorithm]["empty_root"]
    held, frontier = HeldTiles(), tree.Frontier(algorithm)
    assert frontier.root().hex() == VECTORS[algorithm]["empty_root"]
    for size, published in enumerate(VECTORS[algorithm]["roots"]):
        held.grow(algorithm, size, [LEAVES[size]])
        frontier.append(LEAVES[size])

        assert tree.root(algorithm, held, size + 1).hex() == published
        assert frontier.root().hex() == published


@BOTH
def test_the_proofs_are_the_published_ones(algorithm: str) -> None:
    held = HeldTiles()
    held.grow(algorithm, 0, LEAVES)

    for example in VECTORS[algorithm]["inclusion"]:
        proof = tree.inclusion(algorithm, held, example["index"], example["size"])
        assert [step.hex() for step in proof] == example["proof"]
    for example in VECTORS[algorithm]["consistency"]:
        proof = tree.consistency(algorithm, held, example["from"], example["to"])
        assert [step.hex() for step in proof] == example["proof"]


@BOTH
@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513, 1000, 65535, 65537, 66000])
def test_tiles_give_the_root_of_the_definition(algorithm: str, size: int) -> None:
    assert tree.root(algorithm, grown(algorithm, size), size) == by_definition(
        algorithm, data_of(size)
    )


@BOTH
@settings(max_examples=30, deadline=None)
@given(batches=st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_batches_of_any_sizes_give_the_same_tiles(algorithm: str, batches: list[int]) -> None:
    size, data, held = 0, data_of(sum(batches)), HeldTiles()
    for batch in batches:
        held.grow(algorithm, size, data[size : size + batch])
        size += batch

    assert held.tiles == grown(algorithm, size).tiles
    assert tree.root(algorithm, held, size) == by_definition(algorithm, data)


@BOTH
def test_tiles_have_the_standard_layout(algorithm: str) -> None:
    held = grown(algorithm, 66_000)

    for place, content in held.tiles.items():
        count = 66_000 >> tree.HEIGHT * place.level
        assert len(content) == 32 * min(tree.WIDTH, count - place.number * tree.WIDTH)
    assert held.tiles[Place(1, 0)][:32] == by_definition(algorithm, data_of(256))
    assert held.tiles[Place(2, 0)] == by_definition(algorithm, data_of(65_536))


SIZES = st.integers(1, 3000)


@settings(max_examples=60, deadline=None)
@given(size=SIZES, share=st.floats(0, 1, exclude_max=True))
def test_a_foreign_implementation_agrees(size: int, share: float) -> None:
    foreign = foreign_tree()
    position, old = math.floor(share * size), math.floor(share * size) + 1
    held = grown("sha256", 3000)
    root, old_root = tree.root("sha256", held, size), tree.root("sha256", held, old)
    leaf = tree.leaf_hash("sha256", data_of(size)[position])

    inclusion = foreign.prove_inclusion(position + 1, size)
    # The foreign proof begins with the leaf; ours replaces the rest of it and it must still hold.
    inclusion.path = [leaf, *tree.inclusion("sha256", held, position, size)]
    pymerkle.verify_inclusion(leaf, root, inclusion, index=position + 1, size=size)
    consistency = foreign.prove_consistency(old, size)
    pymerkle.verify_consistency(old_root, root, consistency, prior_size=old, later_size=size)


@cache
def foreign_tree() -> pymerkle.InmemoryTree:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        foreign = pymerkle.InmemoryTree(algorithm="sha256")
        for leaf in data_of(3000):
            foreign.append_entry(leaf)
    return foreign


@BOTH
@settings(max_examples=60, deadline=None)
@given(size=SIZES, share=st.floats(0, 1, exclude_max=True), later=st.integers(0, 500))
def test_every_proof_is_accepted_by_the_judge(
    algorithm: str, size: int, share: float, later: int
) -> None:
    # Proofs about a size of the past are made from tiles that have grown since.
    held = grown(algorithm, 3500)
    position = math.floor(share * size)

    assert judge.is_included(
        algorithm,
        leaf=tree.leaf_hash(algorithm, data_of(size)[position]),
        position=position,
        size=size,
        proof=tree.inclusion(algorithm, held, position, size),
        root=tree.root(algorithm, held, size),
    )
    assert judge.is_continued(
        algorithm,
        old=size,
        new=size + later,
        old_root=tree.root(algorithm, held, size),
        new_root=tree.root(algorithm, held, size + later),
        proof=tree.consistency(algorithm, held, size, size + later),
    )


def tampered(data: st.DataObject, proof: list[bytes]) -> list[bytes]:
    """One step changed, dropped, doubled or moved."""
    step = data.draw(st.integers(0, len(proof) - 1)) if proof else 0
    ways = [
        lambda: [*proof[:step], *proof[step + 1 :]],
        lambda: [*proof[:step], bytes(32), *proof[step:]],
        lambda: [*proof[:step], *proof[step : step + 1], *proof[step:]],
        lambda: [*proof[:step], bytes([proof[step][0] ^ 1]) + proof[step][1:], *proof[step + 1 :]],
        lambda: proof[::-1],
        lambda: [*proof, bytes(32)],
    ]
    return data.draw(st.sampled_from(ways if proof else ways[-1:]))()


@BOTH
@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=SIZES, share=st.floats(0, 1, exclude_max=True))
def test_a_tampered_inclusion_proof_is_refused(
    algorithm: str, data: st.DataObject, size: int, share: float
) -> None:
    held, position = grown(algorithm, 3500), math.floor(share * size)
    proof = tree.inclusion(algorithm, held, position, size)
    right = {
        "leaf": tree.leaf_hash(algorithm, data_of(size)[position]),
        "position": position,
        "size": size,
        "proof": proof,
        "root": tree.root(algorithm, held, size),
    }
    wrong = data.draw(
        st.sampled_from(
            [
                {"leaf": bytes(32)},
                {"root": bytes(32)},
                {"position": size},
                {"position": -1},
                {"position": position ^ 1},
                {"proof": tampered(data, proof)},
            ]
        )
    )

    assert judge.is_included(algorithm, **right)
    if {**right, **wrong} != right:
        assert not judge.is_included(algorithm, **{**right, **wrong})


@BOTH
@settings(max_examples=150, deadline=None)
@given(data=st.data(), old=SIZES, later=st.integers(1, 500))
def test_a_tampered_consistency_proof_is_refused(
    algorithm: str, data: st.DataObject, old: int, later: int
) -> None:
    held = grown(algorithm, 3500)
    proof = tree.consistency(algorithm, held, old, old + later)
    right = {
        "old": old,
        "new": old + later,
        "old_root": tree.root(algorithm, held, old),
        "new_root": tree.root(algorithm, held, old + later),
        "proof": proof,
    }
    wrong = data.draw(
        st.sampled_from(
            [
                {"old_root": bytes(32)},
                {"new_root": bytes(32)},
                {"old": old + later + 1},
                {"old": -1},
                {"proof": tampered(data, proof)},
            ]
        )
    )

    assert judge.is_continued(algorithm, **right)
    if {**right, **wrong} != right:
        assert not judge.is_continued(algorithm, **{**right, **wrong})


def test_the_empty_log_is_continued_by_every_log_with_an_empty_proof() -> None:
    empty, other = tree.empty_root("sha256"), bytes(32)

    def judged(old_root: bytes, proof: list[bytes]) -> bool:
        return judge.is_continued(
            "sha256", old=0, new=5, old_root=old_root, new_root=other, proof=proof
        )

    assert judged(empty, [])
    assert not judged(other, [])
    assert not judged(empty, [other])


@pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion("sha256", grown("sha256", 10), position, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_of_shrinking(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not continue"):
        tree.consistency("sha256", grown("sha256", 10), old, new)


def test_a_missing_or_short_tile_is_noticed() -> None:
    held = HeldTiles()
    held.grow("sha256", 0, data_of(300))
    held.tiles[Place(0, 1)] = held.tiles[Place(0, 1)][:-32]

    with pytest.raises(tree.DamagedTiles):
        tree.root("sha256", held, 300)
    with pytest.raises(tree.DamagedTiles):
        tree.append("sha256", held, 300, [bytes(32)])
    assert tree.root("sha256", held, 299) == by_definition("sha256", data_of(299))

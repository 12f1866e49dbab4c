"""Judging proofs about Merkle trees by the algorithms of RFC 9162 (2.1.3.2 and 2.1.4.2).

Written apart from the code that makes the proofs, and sharing only the two hash rules with it.
"""

from collections.abc import Sequence

from gongheng.trust.tlog.tree import empty_root, node_hash


def is_included(
    algorithm: str,
    *,
    leaf: bytes,
    position: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
) -> bool:
    """Say whether ``proof`` shows the leaf hash at ``position`` in the tree of ``size``."""
    if not 0 <= position < size:
        return False
    number, last = position, size - 1
    computed = leaf
    for step in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            computed = node_hash(algorithm, step, computed)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            computed = node_hash(algorithm, computed, step)
        number, last = number >> 1, last >> 1
    return last == 0 and computed == root


def is_continued(
    algorithm: str,
    *,
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Say whether ``proof`` shows that the tree of ``new`` begins with the tree of ``old``."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == empty_root(algorithm)
    if old == new:
        return not proof and old_root == new_root
    # Where the old tree is one full subtree of the new one, its root is left out of the proof.
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    return (old_root, new_root) == _climb(algorithm, number, last, steps)


def _climb(
    algorithm: str, number: int, last: int, steps: list[bytes]
) -> tuple[bytes, bytes] | None:
    """Return the old and the new root that the steps lead to, None when their number is wrong."""
    of_old = of_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if number & 1 or number == last:
            of_old = node_hash(algorithm, step, of_old)
            of_new = node_hash(algorithm, step, of_new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            of_new = node_hash(algorithm, of_new, step)
        number, last = number >> 1, last >> 1
    return (of_old, of_new) if last == 0 else None

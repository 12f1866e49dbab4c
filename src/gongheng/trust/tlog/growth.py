"""Whether a log only grew between two of its checkpoints."""

import binascii
from base64 import b64decode
from collections.abc import Mapping

from gongheng.trust.tlog import judge, tree
from gongheng.trust.tlog.checkpoint import Checkpoint


def is_grown(old: Checkpoint, new: Checkpoint, proof: Mapping[str, object]) -> bool:
    """Tell whether ``proof`` (base64 hashes by algorithm) shows that ``new`` continues ``old``."""
    return old.origin == new.origin and all(
        judge.is_continued(
            algorithm,
            old=old.size,
            new=new.size,
            old_root=old.root(algorithm),
            new_root=new.root(algorithm),
            proof=_hashes(proof.get(algorithm)) if new.size > old.size else [],
        )
        for algorithm in tree.ALGORITHMS
    )


def _hashes(raw: object) -> list[bytes]:
    """Return the hashes of one tree's proof; what is unreadable proves nothing."""
    if not isinstance(raw, list):
        return []
    try:
        return [b64decode(str(item), validate=True) for item in raw]
    except binascii.Error:
        return []

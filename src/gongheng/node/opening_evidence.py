"""``gongheng verify`` for the evidence of an opening: reads the file, says what was judged."""

import json
from collections.abc import Mapping
from pathlib import Path

from gongheng.kernel.clock import RealClock
from gongheng.node.say import give
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import evidence


def bundle_in(path: Path) -> Mapping[str, object] | None:
    """Return the bundle that a file holds; ``None`` for anything else."""
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(found, dict) and found.get("format") == evidence.FORMAT
    return found if is_one else None


def verify(bundle: Mapping[str, object], key: str) -> int:
    """Say what was judged and return the exit code. Raises ``Refusal`` for a key that is none.

    Demonstrations run ahead of the machine's clock: their own instants are judged by each other.
    """
    now = max(RealClock().now(), evidence.latest_instant(bundle))
    public = PublicKey.from_hex(key) if key else None
    found = evidence.judge(bundle, key=public, now=now)
    for one in found:
        give(
            f"{'通过' if one.is_right else '未通过'}  {one.name}{'：' if one.words else ''}{one.words}"
        )
    return 0 if all(one.is_right for one in found) else 1

"""Named points at which a test kills the process, to prove that nothing is lost or doubled.

``GONGHENG_FAULT=ledger.after_tiles`` kills at the first time that point is reached,
``GONGHENG_FAULT=ledger.after_tiles:3`` at the third. In a node that runs already the same words in
a file ``fault-…`` beside its ``node.toml`` kill once: the file goes before the process does; there may
be several. Nothing happens unless the rehearsal switch ``GONGHENG_FAULTS_ALLOWED=1`` is set too: test nodes set it,
others never do.
"""

import os
import signal
from collections import Counter
from pathlib import Path

POINT = "GONGHENG_FAULT"
SWITCH = "GONGHENG_FAULTS_ALLOWED"
FILE = "fault-"
"""How the name of a file begins that kills a running node."""
_NODE = "GONGHENG_NODE"

_reached: Counter[str] = Counter()


def are_allowed() -> bool:
    """Tell whether this is a rehearsal of faults."""
    return os.environ.get(SWITCH) == "1"


def reached(name: str) -> None:
    """Say that the point ``name`` is reached; the process ends here if a rehearsal wants that."""
    if not are_allowed():
        return
    wanted = _is_wanted(os.environ.get(POINT, ""), name)
    if wanted or any(_takes_away(file, name) for file in _armed_files()):
        # Not an exception and not exit(): the kernel ends the process, nothing gets to clean up.
        os.kill(os.getpid(), signal.SIGKILL)


def _is_wanted(wanted: str, name: str) -> bool:
    point, _, count = wanted.strip().partition(":")
    if point != name:
        return False
    _reached[name] += 1
    return _reached[name] >= int(count or 1)


def _armed_files() -> list[Path]:
    node = os.environ.get(_NODE)
    return sorted(Path(node).parent.glob(f"{FILE}*")) if node else []


def _takes_away(file: Path, name: str) -> bool:
    """Tell whether the file wants the process killed here; only one process or thread hears yes."""
    try:
        if not _is_wanted(file.read_text(), name):
            return False
        file.unlink()
    except FileNotFoundError:
        return False
    return True

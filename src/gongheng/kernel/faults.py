"""Named points at which a test kills the process, to prove that nothing is lost or doubled.

``GONGHENG_FAULT=ledger.after_tiles`` kills at the first time that point is reached,
``GONGHENG_FAULT=ledger.after_tiles:3`` at the third. Nothing happens unless the rehearsal switch
``GONGHENG_FAULTS_ALLOWED=1`` is set too: demonstration and test nodes set it, others never do.
"""

import os
import signal
from collections import Counter

POINT = "GONGHENG_FAULT"
SWITCH = "GONGHENG_FAULTS_ALLOWED"

_reached: Counter[str] = Counter()


def reached(name: str) -> None:
    """Say that the point ``name`` is reached; the process ends here if a rehearsal wants that."""
    wanted = os.environ.get(POINT)
    if wanted is None or os.environ.get(SWITCH) != "1":
        return
    point, _, count = wanted.partition(":")
    if point != name:
        return
    _reached[name] += 1
    if _reached[name] >= int(count or 1):
        # Not an exception and not exit(): the kernel ends the process, nothing gets to clean up.
        os.kill(os.getpid(), signal.SIGKILL)

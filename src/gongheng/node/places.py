"""Where a node's state lives: never in the package, never shared by two clones."""

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_SYSTEM = Path("/var/lib/gongheng")


def clone() -> Path | None:
    """Return the folder of the clone that this package runs from, ``None`` when installed."""
    root = PACKAGE.parents[1]
    return root if (root / "pyproject.toml").is_file() else None


def state() -> Path:
    """Return the state folder: told by ``GONGHENG_STATE``, else by who we are and where we run.

    Root's is below /var/lib, because PostgreSQL then runs as another account, which cannot enter
    a clone inside a closed folder; anybody else's is ``var`` in the clone.
    """
    told = os.environ.get("GONGHENG_STATE", "")
    if told:
        return Path(told).absolute()
    root = clone()
    if root is None:
        home = Path(os.environ.get("XDG_DATA_HOME", "") or Path.home() / ".local" / "share")
        return _SYSTEM / "demo" if os.geteuid() == 0 else home / "gongheng"
    if os.geteuid() == 0:
        return _SYSTEM / hashlib.sha256(str(root).encode()).hexdigest()[:12]
    return root / "var"

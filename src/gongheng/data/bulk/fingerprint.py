"""What this program judges by: its version, its sources and the tables of the standard.

Machines that share a validation, and runs that go on where another broke off, must have the same.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from gongheng import __version__

_PACKAGE: Final = Path(__file__).parents[2]
_JUDGING: Final = ("data/bulk", "data/standard", "kernel")
_KINDS: Final = {".py", ".csv"}


@cache
def fingerprint() -> str:
    """Return the version and a digest of everything that findings follow from, tests apart."""
    made_of = hashlib.sha256()
    for path in sorted(path for part in _JUDGING for path in (_PACKAGE / part).rglob("*")):
        inside = path.relative_to(_PACKAGE)
        if path.suffix in _KINDS and "tests" not in inside.parts:
            made_of.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            made_of.update(path.read_bytes())
    return f"{__version__}-{made_of.hexdigest()[:20]}"

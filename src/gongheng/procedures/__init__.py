"""Trade types and methods, one file each, found by itself: declarations, no machinery."""

import sys

from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.discovery import discover


def all_procedures() -> tuple[Procedure, ...]:
    """Return every declared procedure, by code."""
    return discover(sys.modules[__name__])

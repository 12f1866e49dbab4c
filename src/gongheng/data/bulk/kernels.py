"""The loops over bytes: compiled where numba can be had, else with numpy.

``GONGHENG_KERNEL=numpy`` asks for the slow ones, to compare or to be rid of a compiler.
"""

import os
from importlib import import_module
from typing import Any, Final

PLACE: Final = "GONGHENG_KERNEL"


def lines() -> Any | None:  # noqa: ANN401  a module of loops
    """Return the loops that read JSON lines, None where they cannot be had."""
    if os.environ.get(PLACE, "") == "numpy":
        return None
    try:
        return import_module("gongheng.data.bulk.kernel_lines")
    except ImportError:
        return None


def load(name: str = "") -> Any:  # noqa: ANN401  a module of loops
    """Return the module of the loops: ``numba``, ``numpy``, or the best there is."""
    wanted = name or os.environ.get(PLACE, "")
    if wanted != "numpy":
        try:
            return import_module("gongheng.data.bulk.kernel_numba")
        except ImportError:
            if wanted:
                raise
    return import_module("gongheng.data.bulk.kernel_numpy")

"""The loop that binds the audit trail."""

from collections.abc import Callable

from gongheng.registers.trail import sealing

LOOPS: list[tuple[str, float, Callable[[], object]]] = [("trail", 2.0, sealing.keep)]
"""Name, seconds between two looks, step."""

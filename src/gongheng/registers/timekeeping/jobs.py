"""The loop that looks at the time servers."""

from collections.abc import Callable

from gongheng.registers.timekeeping import actions

SECONDS = 64
"""Between two looks: as often as servers let themselves be asked."""

LOOPS: list[tuple[str, float, Callable[[], object]]] = [("time", SECONDS, actions.look)]
"""Name, seconds between two looks, step."""

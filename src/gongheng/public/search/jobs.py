"""The room's part of the worker: what the log has gained is searched soon after."""

from collections.abc import Callable

from gongheng.public.search import actions

LOOPS: list[tuple[str, float, Callable[[], object]]] = [("search", 0.3, actions.catch_up)]
"""Name, seconds between two looks unless the step found work, step."""

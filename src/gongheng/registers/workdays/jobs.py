"""A city's loop to the province for the notices of days off."""

from collections.abc import Callable

from gongheng.registers import home
from gongheng.registers.workdays import actions, counting
from gongheng.web import outgoing
from gongheng.web.clock import legal_now

_client = outgoing.client(home.TIMEOUT)
_line = home.Line()

SECONDS = 30
"""Between two questions: a notice is published weeks before its first day."""


def follow() -> None:
    """Learn the province's notices; a province that is away is asked again later."""
    at = _line.keeper()
    if at is None:
        return
    with _line.trying():
        answer = home.ask(_client, at, "calendar", "calendar", {}, method="GET")
        for statement in answer.get("statements") or []:
            actions.learn(str(statement), now=legal_now())


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("calendar", counting.SECONDS, counting.refresh),
    ("calendar line", SECONDS, follow),
]
"""Name, seconds between two looks, step."""

"""A city's loop to the province for the role templates."""

from collections.abc import Callable

from gongheng.registers import home
from gongheng.trust.identity import role_deciding
from gongheng.web import outgoing
from gongheng.web.clock import legal_now

_client = outgoing.client(home.TIMEOUT)
_line = home.Line()

SECONDS = 30
"""Between two questions: how long a role that was taken away may live on at a city in reach."""


def follow() -> None:
    """Learn the province's templates; a province that is away is asked again later."""
    at = _line.keeper()
    if at is None:
        return
    with _line.trying():
        answer = home.ask(_client, at, "roles", "roles", {}, method="GET")
        statement = str(answer.get("statement") or "")
        if statement:
            role_deciding.learn(statement, now=legal_now())


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("roles", SECONDS, follow)]
"""Name, seconds between two looks, step."""

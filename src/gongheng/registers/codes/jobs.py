"""Keeps a city's ranges filled while the keeper of the code service can be reached."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.registers import home
from gongheng.registers.codes import ranges
from gongheng.web import outgoing
from gongheng.web.clock import legal_now

_client = outgoing.client(home.TIMEOUT)
_line = home.Line()

SATED = timedelta(seconds=20)
"""Until the next look after one that found every range well filled."""


@dataclass
class Fed:
    """When every range was well filled: to look again proves the signature of each."""

    day: date = date.min
    until: datetime = field(default_factory=machine_now)

    def lasts(self, today: date) -> bool:
        """Tell whether that still holds; another day wants ranges of its own."""
        return self.day == today and machine_now() < self.until


_fed = Fed()


def refill() -> None:
    """Ask for what is low; a keeper that is away is asked again later."""
    at = _line.keeper()
    today = legal_now().astimezone(BEIJING).date()
    if at is None or _fed.lasts(today):
        return
    wants = list(ranges.wants(today=today, keeper=at))
    if not wants:
        _fed.day, _fed.until = today, machine_now() + SATED
        return
    with _line.trying():
        answer = home.ask(_client, at, "ranges", "ranges", {"wants": wants})
        given = answer.get("ranges")
        with transaction.atomic():
            for statement in given if isinstance(given, list) else []:
                ranges.take(str(statement), keeper=at)


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("ranges", 2, refill)]
"""Name, seconds between two looks, step."""

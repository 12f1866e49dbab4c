"""Keeps a city's ranges filled while the keeper of the code service can be reached."""

from collections.abc import Callable

import httpx
from django.db import transaction

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers import home
from gongheng.registers.codes import ranges
from gongheng.web.clock import legal_now

_client = httpx.Client(timeout=home.TIMEOUT, trust_env=False)
_line = home.Line()


def refill() -> None:
    """Ask for what is low; a keeper that is away is asked again later."""
    at = home.keeper()
    if at is None or not _line.may_try():
        return
    today = legal_now().astimezone(BEIJING).date()
    wants = list(ranges.wants(today=today, keeper=at))
    if not wants:
        return
    try:
        answer = home.ask(_client, at, "ranges", "ranges", {"wants": wants})
        given = answer.get("ranges")
        with transaction.atomic():
            for statement in given if isinstance(given, list) else []:
                ranges.take(str(statement), keeper=at)
    except Refusal as refusal:
        _line.failed(refusal)
    else:
        _line.worked()


LOOPS: list[tuple[str, float, Callable[[], object]]] = [("ranges", 2, refill)]
"""Name, seconds between two looks, step."""

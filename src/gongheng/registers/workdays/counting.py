"""Lets a process count by the notices that are loaded: asked for at its start and every few seconds.

The kernel counts days and knows no database; what each process knows is at most ``SECONDS`` old.
"""

import logging
import threading
from datetime import datetime

from django.db import DatabaseError, connections

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.calendar import Day
from gongheng.registers.workdays import queries, statement
from gongheng.registers.workdays.models import CalendarNotice

_log = logging.getLogger("gongheng.calendar")

SECONDS = 5.0
_known: list[tuple[int, str]] = []
_lock = threading.Lock()


def refresh() -> None:
    """Count by what is loaded now; a notice that its signature does not bear out counts nothing."""
    rows = list(queries.confirmed())
    genuine = [row for row in rows if is_genuine(row)]
    with _lock:
        found = [(row.number, row.statement) for row in genuine]
        if found == _known:
            return
        for row in rows:
            if row not in genuine:
                _log.error("工作日历：第 %s 份节假日安排与签名不一致，未采用", row.number)
        calendar.adopt(_editions(genuine))
        _known[:] = found


def is_genuine(row: CalendarNotice) -> bool:
    """Tell whether a row says what the keeper signed."""
    try:
        stated = statement.read(row.statement)
    except Refusal:
        return False
    return (stated.number, stated.year, stated.text) == (row.number, row.year, row.text)


def follow() -> None:
    """Refresh now, and then again and again in a thread of its own that ends with the process."""
    _look()
    threading.Thread(target=_forever, name="calendar", daemon=True).start()


def _forever() -> None:
    pause = threading.Event()
    while not pause.wait(SECONDS):
        _look()


def _look() -> None:
    try:
        refresh()
    except DatabaseError as error:
        _log.warning("工作日历：暂时读不到节假日安排（%s）", type(error).__name__)
    finally:
        connections.close_all()


def _editions(rows: list[CalendarNotice]) -> list[tuple[datetime, list[Day]]]:
    loaded: list[tuple[datetime, list[Day]]] = []
    known = calendar.shipped()
    for row in rows:
        days = list(queries.days_of(row, known))
        if row.since is not None:
            loaded.append((row.since, days))
        known = known.overlaid(days)
    return loaded

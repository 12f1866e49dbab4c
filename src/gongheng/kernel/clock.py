"""The two clocks: legal time decides deadlines and receipts, machine time everything else.

In demonstration and rehearsal nodes legal time comes from one forward-only file, so that a case of
forty days is walked in a minute; a production node has no such file and both clocks agree.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
"""The one legal time zone (T-10)."""

DEMO_STARTS_AT = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
"""The instant at which every demonstration begins."""


def machine_now() -> datetime:
    """Return the machine's time, UTC: sessions, back-off, nonces, batches."""
    return datetime.now(UTC)


def midnight(day: date) -> datetime:
    """Return the first instant of a day in Beijing."""
    return datetime.combine(day, time(0), tzinfo=BEIJING)


def to_minute(instant: datetime | None) -> str:
    """Write an instant in Beijing time to the minute; none is an empty text."""
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M}" if instant else ""


def to_second(instant: datetime | None) -> str:
    """Write an instant in Beijing time to the second; none is an empty text."""
    return f"{instant.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" if instant else ""


def to_end(at: datetime) -> str:
    """Write until when something lasts, in Beijing time to the minute: the end of a day is its 24:00."""
    local = at.astimezone(BEIJING)
    if local.time() == time(0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return to_minute(local)


class Clock(Protocol):
    """What tells legal time."""

    def now(self) -> datetime:
        """Return the legal time, aware, in Beijing's zone."""


@dataclass(frozen=True, slots=True)
class RealClock:
    """Legal time of a production node: the disciplined system clock."""

    def now(self) -> datetime:
        """Return the system's time in Beijing's zone."""
        return machine_now().astimezone(BEIJING)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep every other process that asks for the same out of a folder meanwhile."""
    guard = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield
    finally:
        os.close(guard)


@dataclass(frozen=True, slots=True)
class FileClock:
    """Legal time of demonstration nodes: an anchor in a shared file, running at normal speed.

    The file holds ``{"legal": iso, "machine": iso}``: legal time at that machine time.
    """

    path: Path

    def now(self) -> datetime:
        """Return the anchor plus the machine time that has passed since."""
        legal, machine = self._anchor()
        return legal + max(machine_now() - machine, timedelta(0))

    def _anchor(self) -> tuple[datetime, datetime]:
        anchor = json.loads(self.path.read_text())
        legal = datetime.fromisoformat(anchor["legal"]).astimezone(BEIJING)
        return legal, datetime.fromisoformat(anchor["machine"])

    def advance_to(self, instant: datetime) -> None:
        """Move legal time forward to ``instant``. Raises ``ValueError`` when it lies in the past.

        Several nodes share the file: whoever moves it looks and writes while no other does.
        """
        with _alone_in(self.path.parent):
            if self.path.exists() and instant < self.now():
                msg = "legal time never goes back"
                raise ValueError(msg)
            anchor = {
                "legal": instant.astimezone(BEIJING).isoformat(),
                "machine": machine_now().isoformat(),
            }
            draft = self.path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(anchor))
            draft.replace(self.path)

    def begin(self) -> None:
        """Begin the demonstration if nobody has: its first instant is always the same."""
        if not self.path.exists():
            self.advance_to(DEMO_STARTS_AT)

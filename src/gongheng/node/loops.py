"""The worker: loops that each do one thing again and again; a failing one harms no other.

An idle node rests: a loop that twice found no work does not look again until somebody has written to
the database, or ``STALE_SECONDS`` are over: hours and other platforms' answers come without a write.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

READY = "worker.ready"
"""In the node's state folder: made once every loop has passed."""
STOP_SECONDS = 2.5
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STALE_SECONDS = 2.0
READING_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Loop:
    """One deed: ``step`` says whether it found work; without work it waits ``interval`` seconds."""

    name: str
    interval: float
    step: Callable[[], object]


class Pulse:
    """How far the database was written, asked for all loops together; ``None`` is never the same."""

    def __init__(self, ask: Callable[[], str | None]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._reading: str | None = None
        self._until = 0.0

    def reading(self) -> str | None:
        """Return a reading that is at most ``READING_SECONDS`` old."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._reading = self._ask()
                self._until = time.monotonic() + READING_SECONDS
            return self._reading


@dataclass(slots=True)
class _Rest:
    """What a loop knows of its last steps: it rests after two without work at the same reading.

    Two, for what is being committed may be written already and not yet be seen.
    """

    reading: str | None = None
    idle: int = 0
    until: float = 0.0

    def lasts(self, reading: str | None) -> bool:
        """Tell whether there is nothing to look for now; else a step begins at this reading."""
        is_same = reading is not None and reading == self.reading
        if is_same and self.idle > 1 and time.monotonic() < self.until:
            return True
        if not is_same:
            self.idle = 0
        self.reading = reading
        self.until = time.monotonic() + STALE_SECONDS
        return False

    def note(self, *, found_work: bool) -> None:
        """Remember what the step came to."""
        self.idle = 0 if found_work else self.idle + 1


class Runner:
    """Runs each loop in a thread of its own until ``stop`` is set.

    ``release`` gives a thread's database connection back after every step. A step that fails is
    logged once for each new cause and tried again after a pause that doubles. ``written`` tells how
    far the database was written, ``None`` if that cannot be known: then no loop rests.
    """

    def __init__(
        self,
        loops: Sequence[Loop],
        release: Callable[[], None],
        written: Callable[[], str | None],
    ) -> None:
        self.loops = loops
        self.stop = threading.Event()
        self._pulse = Pulse(written)
        self._release = release
        self._passed = {loop.name: threading.Event() for loop in loops}
        self._threads = [
            threading.Thread(target=self._run, args=(loop,), name=loop.name, daemon=True)
            for loop in loops
        ]

    def start(self) -> None:
        """Start every loop."""
        for thread in self._threads:
            thread.start()

    def await_first_pass(self, seconds: float) -> bool:
        """Wait until every loop has ended a step without failing; tell whether that happened."""
        deadline = time.monotonic() + seconds
        return all(
            event.wait(max(deadline - time.monotonic(), 0)) for event in self._passed.values()
        )

    def end(self) -> list[str]:
        """Stop the loops and return the names of those that did not end in time."""
        self.stop.set()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _run(self, loop: Loop) -> None:
        pause, cause, rest = FIRST_PAUSE, "", _Rest()
        while not self.stop.is_set():
            try:
                if rest.lasts(self._pulse.reading()):
                    self._let_go(loop)
                    self.stop.wait(loop.interval)
                    continue
                found_work = bool(loop.step())
            except Exception as error:
                found = f"{type(error).__name__}: {error}"
                if found != cause:
                    logger.exception("循环 %s 出错，%.1f 秒后重试", loop.name, pause)
                cause = found
                self._let_go(loop)
                self.stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            if cause:
                logger.info("循环 %s 已恢复", loop.name)
            pause, cause = FIRST_PAUSE, ""
            rest.note(found_work=found_work)
            self._let_go(loop)
            self._passed[loop.name].set()
            if not found_work:
                self.stop.wait(loop.interval)

    def _let_go(self, loop: Loop) -> None:
        try:
            self._release()
        except Exception:
            logger.exception("循环 %s 归还数据库连接时出错", loop.name)


def run_until_told(
    loops: Sequence[Loop],
    release: Callable[[], None],
    written: Callable[[], str | None],
    *,
    ready: Path,
) -> int:
    """Run the loops until SIGTERM or SIGINT; ``ready`` appears once all have passed."""
    runner = Runner(loops, release, written)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop.set())
    ready.unlink(missing_ok=True)
    runner.start()
    is_ready = False
    while not runner.stop.wait(0.1):
        if not is_ready and runner.await_first_pass(0):
            is_ready = True
            ready.write_text("")
    late = runner.end()
    if late:
        logger.warning("未能及时结束的循环：%s", "、".join(late))
    return 0

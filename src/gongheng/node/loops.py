"""The worker: loops that each do one thing again and again; a failing one harms no other."""

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


@dataclass(frozen=True, slots=True)
class Loop:
    """One deed: ``step`` says whether it found work; without work it waits ``interval`` seconds."""

    name: str
    interval: float
    step: Callable[[], object]


class Runner:
    """Runs each loop in a thread of its own until ``stop`` is set.

    ``release`` gives a thread's database connection back after every step. A step that fails is
    logged once for each new cause and tried again after a pause that doubles.
    """

    def __init__(self, loops: Sequence[Loop], release: Callable[[], None]) -> None:
        self.loops = loops
        self.stop = threading.Event()
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
        pause, cause = FIRST_PAUSE, ""
        while not self.stop.is_set():
            try:
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
            self._let_go(loop)
            self._passed[loop.name].set()
            if not found_work:
                self.stop.wait(loop.interval)

    def _let_go(self, loop: Loop) -> None:
        try:
            self._release()
        except Exception:
            logger.exception("循环 %s 归还数据库连接时出错", loop.name)


def run_until_told(loops: Sequence[Loop], release: Callable[[], None], ready: Path) -> int:
    """Run the loops until SIGTERM or SIGINT; ``ready`` appears once all have passed."""
    runner = Runner(loops, release)
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

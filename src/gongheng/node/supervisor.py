"""Keeps child processes running: restarts what crashes, says so, and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gongheng.kernel import faults
from gongheng.node import processes
from gongheng.node.postgres.server import Server
from gongheng.node.say import say

LOOK_SECONDS = 0.1
GRACE_SECONDS = 8.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
REHEARSED_PAUSE = 1.0
"""A rehearsal kills again and again on purpose: its programs come back without a long pause."""
STEADY_SECONDS = 30.0
"""A child that has run this long has earned a short pause again."""


def command(*words: str) -> list[str]:
    """Return the command line of one of our own programs, with this very interpreter."""
    return [sys.executable, "-m", "gongheng.node.cli", *words]


@dataclass
class Child:
    """One program of one node; ``log`` receives everything it says."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    restart_at: float | None = None

    def start(self) -> None:
        """Start the program in a group of its own; it dies when we do."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own program
                command(*self.words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                preexec_fn=processes.child_setup(),  # noqa: PLW1509  we have no threads
            )
        self.started = time.monotonic()
        self.restart_at = None

    @property
    def is_running(self) -> bool:
        """Tell whether the program runs now."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Signal the program and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def tail(self, lines: int = 12) -> str:
        """Return the last lines that the program wrote."""
        with suppress(OSError):
            text = self.log.read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""


@dataclass
class Supervisor:
    """The database server (if it is ours) and the programs of every node."""

    server: Server | None = None
    children: list[Child] = field(default_factory=list)
    errands: list[Child] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None
    longest_pause: float = field(
        default_factory=lambda: REHEARSED_PAUSE if faults.are_allowed() else LONGEST_PAUSE
    )
    _server_pause: float = FIRST_PAUSE
    _server_at: float | None = None

    def start(self, child: Child) -> None:
        """Start a program and look after it from now on."""
        self.children.append(child)
        child.start()

    def send(self, errand: Child) -> None:
        """Start a program that ends by itself; it is not started again, but stopped with the rest."""
        self.errands.append(errand)
        errand.start()

    def look(self) -> None:
        """Restart what has gone, each after its pause; say which errands are done."""
        self._look_at_server()
        for child in self.children:
            self._look_at(child)
        for errand in [each for each in self.errands if not each.is_running]:
            self.errands.remove(errand)
            status = errand.process.returncode if errand.process else None
            word = "未完成，重新启动平台时会继续" if status else "已完成"
            say(f"{errand.name}{word}。日志：{errand.log}")

    def _look_at(self, child: Child) -> None:
        now = time.monotonic()
        if child.is_running:
            return
        if child.restart_at is None:
            if now - child.started > STEADY_SECONDS:
                child.pause = FIRST_PAUSE
            status = child.process.returncode if child.process else None
            child.signal(signal.SIGKILL)  # what it had started must not hold its port
            say(
                f"{child.name} 意外退出（{status}），{child.pause:.1f} 秒后重新启动。日志：{child.log}"
            )
            child.restart_at = now + child.pause
            child.pause = min(child.pause * 2, self.longest_pause)
        elif now >= child.restart_at:
            child.start()
            say(f"{child.name} 已重新启动。")
            self.on_change()

    def _look_at_server(self) -> None:
        if self.server is None or self.server.pid is not None:
            return
        now = time.monotonic()
        if self._server_at is None:
            say(f"数据库意外退出，{self._server_pause:.1f} 秒后重新启动。日志：{self.server.log}")
            self._server_at = now + self._server_pause
        elif now >= self._server_at:
            self._restart_server(self.server)

    def _restart_server(self, server: Server) -> None:
        try:
            server.start()
        except Exception as error:  # noqa: BLE001  the next try may succeed
            self._server_pause = min(self._server_pause * 2, self.longest_pause)
            say(f"数据库没有启动起来，{self._server_pause:.1f} 秒后再试：{error}")
            self._server_at = time.monotonic() + self._server_pause
        else:
            say("数据库已重新启动。")
            self._server_at, self._server_pause = None, FIRST_PAUSE
            self.on_change()

    def stop(self) -> None:
        """Stop everything: the programs together, then the database they used."""
        programs = [*self.errands, *self.children]
        for child in programs:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(child.is_running for child in programs):
            time.sleep(0.05)
        for child in programs:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        if self.server is not None:
            self.server.stop()

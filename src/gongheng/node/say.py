"""What the command line tells people: on standard error, so that standard output is data only."""

import sys
import time

from gongheng.kernel.reasons import Refusal
from gongheng.node.config import ConfigFaults

_WIDTH = 24


def say(text: str = "") -> None:
    """Write one line; on a terminal it takes the place of an unfinished bar."""
    clear = "\r\x1b[2K" if sys.stderr.isatty() else ""
    print(clear + text, file=sys.stderr, flush=True)  # noqa: T201  this is the one place that prints


def give(text: str) -> None:
    """Write one line of data."""
    print(text, flush=True)  # noqa: T201  the answer of a command


def explain(refusal: Refusal) -> str:
    """Return a refusal with the values it rested on, for an operator."""
    facts = "".join(f"\n    {name}：{value}" for name, value in refusal.facts.items())
    return f"{refusal}{facts}"


def explain_all(faults: list[Exception]) -> list[str]:
    """Return every fault as a sentence of its own."""
    said: list[str] = []
    for fault in faults:
        if isinstance(fault, ConfigFaults):
            said += [str(each) for each in fault.faults]
        else:
            said.append(explain(fault) if isinstance(fault, Refusal) else str(fault))
    return said


class Progress:
    """A bar over a known number of steps: redrawn in place on a terminal, a line each elsewhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._started = time.monotonic()

    def go(self, done: int, text: str) -> None:
        """Say that ``done`` of the steps are behind us."""
        self.done = done
        self.step(text)
        self.done = done

    def step(self, text: str) -> None:
        """Say what is being done now."""
        filled = _WIDTH * self.done // max(self.total, 1)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        seconds = time.monotonic() - self._started
        line = f"[{bar}] {self.done}/{self.total} {text}（{seconds:.1f} 秒）"
        self.done = min(self.done + 1, self.total)
        if sys.stderr.isatty():
            print(f"\r\x1b[2K{line}", end="", file=sys.stderr, flush=True)  # noqa: T201  one line, redrawn
        else:
            say(line)

    def end(self, text: str) -> None:
        """Fill the bar and leave it standing."""
        self.done = self.total
        self.step(text)
        if sys.stderr.isatty():
            say()

"""What every benchmark shares: processor seconds of processes, quantiles, the last line."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Return user and system seconds of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def children_of(pid: int) -> list[int]:
    """Return the living children of a process, whichever of its threads began them."""
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found.extend(int(word) for word in thread.read_text().split())
    return found


def family_seconds(pid: int) -> float:
    """Return the processor seconds of a process, of all below it, and of those that have ended."""
    return seconds_of(pid) + sum(family_seconds(child) for child in children_of(pid))


@dataclass
class Spent:
    """Seconds by the wall's clock and on the processor, of this process and of the server's."""

    wall: float = 0.0
    python: float = 0.0
    postgres: float = 0.0

    @property
    def cpu(self) -> float:
        return self.python + self.postgres

    def per_second(self, count: int) -> float:
        """Return how many of ``count`` were done in a second of processor time."""
        return count / self.cpu if self.cpu else 0.0


@contextmanager
def spending(postmaster: int = 0) -> Iterator[Spent]:
    """Measure a block: this process, and the database server below ``postmaster``."""
    spent = Spent()
    wall, python = time.monotonic(), time.process_time()
    server = family_seconds(postmaster) if postmaster else 0.0
    yield spent
    spent.wall = time.monotonic() - wall
    spent.python = time.process_time() - python
    spent.postgres = family_seconds(postmaster) - server if postmaster else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(words: str) -> None:
    """Tell how far it has come."""
    print(words, file=sys.stderr, flush=True)


def give(benchmark: str, figures: dict[str, object]) -> None:
    """Print the last line: one JSON object."""
    machine = {"processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    whole = {"benchmark": benchmark, **figures, "machine": machine}
    print(json.dumps(whole, ensure_ascii=False), flush=True)

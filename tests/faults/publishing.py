"""The publisher as a test holds it: give it tenders, read what it has been told is published."""

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.agreement import Name
from tests.nodes import Node, clean_environment, wait_until

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.faults.publisher import main; main()"
RECORDS = 4
"""Records of a tender; every second one is corrected, every tenth is withdrawn as well."""

_serials = itertools.count(1000)


@dataclass
class Publisher:
    """One process that publishes on a node; ``acknowledged`` is what it was told is committed."""

    process: "subprocess.Popen[str]"
    log: Path
    acknowledged: list[Name] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    is_ready: bool = False

    def publish(self, tenders: int = 1) -> list[int]:
        """Ask for some new tenders and return their numbers; do not wait."""
        asked = self.new_serials(tenders)
        self.ask(asked)
        return asked

    @staticmethod
    def new_serials(tenders: int) -> list[int]:
        """Return numbers that no tender of this run has."""
        return list(itertools.islice(_serials, tenders))

    def ask(self, serials: list[int]) -> None:
        """Ask for tenders, which may be published already."""
        self.asked += serials
        assert self.process.stdin is not None
        self.process.stdin.writelines(f"{serial}\n" for serial in serials)
        self.process.stdin.flush()

    @property
    def is_busy(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return len(self.acknowledged) < sum(map(records_of, self.asked))

    def await_all(self, *, seconds: float = 120) -> None:
        """Wait until everything asked for is acknowledged."""
        wait_until(lambda: not self.is_busy, seconds=seconds)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.is_ready = self.process.stdout.readline() == "ready\n"
        for line in self.process.stdout:
            self.acknowledged.append(Name.read(line))


def records_of(serial: int) -> int:
    """How many versions a tender comes to."""
    return RECORDS + (serial % 2 == 0) + (serial % 10 == 0)


@contextmanager
def publishing_on(node: Node, log: Path, *, at_once: int = 1) -> Iterator[Publisher]:
    """A publisher on a node that works on so many tenders at once, ended afterwards."""
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(at_once)],
            cwd=ROOT,
            env=clean_environment()
            | {
                "GONGHENG_NODE": str(node.folder / "node.toml"),
                "DJANGO_SETTINGS_MODULE": "gongheng.node.settings",
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    publisher = Publisher(process, log)
    listener = threading.Thread(target=publisher._listen, name="publisher")
    listener.start()
    try:
        wait_until(lambda: publisher.is_ready or process.poll() is not None, seconds=60)
        assert publisher.is_ready, log.read_text()
        yield publisher
    finally:
        process.kill()
        process.wait()
        listener.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

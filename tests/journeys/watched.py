"""The walk of a whole case, with a price that is looked for everywhere on the way."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gongheng.node.rehearsal.answers import BIDS
from gongheng.node.rehearsal.walk import Walk
from tests.journeys.searching import Marker, Search, search
from tests.nodes import Nodes, clean_environment, stop

STANDING = "reserve"
"""The body whose service stands all the time; that of the others runs when there is something to do."""
MOMENTS = {"close", "decrypt", "evaluate"}
"""Before which steps the price is looked for: all bids are in, the halves are released, the record is out."""

MEMORIES = {
    *(
        f"memory of {node} {program}"
        for node in ("city", "province", "nation")
        for program in ("web", "worker")
    ),
    *("memory of holder", "memory of postgres", "memory of up"),
}
MUCH = 1 << 22
"""Bytes that each program has in its memory at least: less would show that it was not read."""


@dataclass
class Watched(Walk):
    """The whole case; its lowest price is looked for at three moments."""

    look: Callable[[], Search] = field(kw_only=True)
    found: dict[str, Search] = field(default_factory=dict)
    """By the step that comes next."""

    @property
    def bodies(self) -> Sequence[str]:
        """Return the bodies whose services do not stand."""
        return [body for body in super().bodies if body != STANDING]

    def let_holders_work(self) -> None:
        """Let the services do what there is; wait for the key of the one that stands."""
        super().let_holders_work()
        journal = self.own(STANDING) / "journal.jsonl"
        self.wait(lambda: '"announced"' in journal.read_text(), "保管服务没有交出公钥")

    @contextmanager
    def timed(self, words: str) -> Iterator[None]:
        """Look before the steps that matter."""
        if words in MOMENTS:
            self.found[words] = self.look()
        with super().timed(words):
            yield


@contextmanager
def watched(nodes: Nodes) -> Iterator[Watched]:
    """Return a walk whose first bidder offers a price that nobody has ever heard of."""
    chance = random.SystemRandom()
    price = f"{chance.randrange(12_010_000, 12_590_000)}.{chance.randrange(1, 10)}{chance.randrange(1, 10)}"
    city, apart = nodes.city, nodes.state / "people"
    with (
        _without_settings_of_tests(),
        _serving(apart / STANDING, city.url, nodes.state / "clock.json") as service,
    ):
        yield Watched(
            city.url,
            city.password,
            nodes.state,
            bids=BIDS | {"bidder1": price},
            look=lambda: search(nodes, Marker(price), holder=service.pid, apart=apart),
        )


@contextmanager
def _without_settings_of_tests() -> Iterator[None]:
    """Let people's commands find the environment that any shell would give them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - clean_environment().keys():
            patch.delenv(name)
        yield


@contextmanager
def _serving(folder: Path, url: str, clock: Path) -> Iterator["subprocess.Popen[bytes]"]:
    words = ("holder", "serve", "--folder", folder, "--url", url, "--clock", clock)
    with (folder / "serve.log").open("ab") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "gongheng.node.cli", *map(str, words)],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield service
    finally:
        stop(service)

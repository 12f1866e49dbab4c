"""Anything may die at any moment while notices are published; the moments come from a seed."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from gongheng.node import processes
from tests.faults.agreement import agreement, verify_logs
from tests.network import Network
from tests.nodes import Nodes

pytestmark = pytest.mark.journey

SEED = 20261012
PROGRAMS = ("web", "worker", "worker", "web inside")
DATABASE_SHARE = 0.08
LONGEST_PAUSE = 1.2


def _victim(nodes: Nodes, draw: random.Random) -> int:
    """Draw a process that runs now: a program of a node, or the database server of all three."""
    while True:
        with suppress(ValueError):
            pid = _drawn(nodes, draw)
            if pid in nodes.processes() and processes.is_alive(pid):
                return pid
        time.sleep(0.05)


def _drawn(nodes: Nodes, draw: random.Random) -> int:
    if draw.random() < DATABASE_SHARE:
        return nodes.postgres_pid
    program = draw.choice(PROGRAMS)
    pid = draw.choice(nodes.all).pid(program.split()[0])
    return draw.choice(_children(pid) or [pid]) if program == "web inside" else pid


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@pytest.mark.full
@pytest.mark.parametrize(("kills", "seed"), [(20, SEED), (200, SEED + 1)])
def test_random_kills_lose_and_double_nothing(
    network: Network, exports: Path, kills: int, seed: int
) -> None:
    draw = random.Random(seed)
    killed = 0

    while killed < kills:
        network.publisher.publish(draw.choice((0, 1, 2)))
        time.sleep(draw.uniform(0, LONGEST_PAUSE))
        os.kill(_victim(network.nodes, draw), signal.SIGKILL)
        killed += 1

    network.publisher.await_all(seconds=180)
    agreement(network.nodes, published=network.publisher.acknowledged, seconds=180).require()
    verify_logs(network.nodes, exports)

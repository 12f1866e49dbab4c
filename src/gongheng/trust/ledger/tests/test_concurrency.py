"""Many writers, several sequencers and consumers at once; and sequencers that die in between."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction

from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.kernel.identifiers import uuid7
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions, queries
from gongheng.trust.ledger.models import Checkpoint, Leaf
from gongheng.trust.tlog import checkpoint as checkpoints, tree

pytestmark = pytest.mark.slow

Enter = Callable[..., Leaf]
WRITERS, DEEDS, CURSORS, SEQUENCERS = 50, 20, ("portal", "province", "search"), 2


class Undone(Exception):
    """A deed that fails after its leaf was entered."""


class Bustle:
    """The threads of the test, each with a database connection of its own."""

    def __init__(self) -> None:
        self.committed: list[tuple[int, int, int]] = []
        self.read: dict[str, list[int]] = {name: [] for name in CURSORS}
        self.faults: list[BaseException] = []
        self.is_writing = True
        self._lock = threading.Lock()

    def start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        def run() -> None:
            try:
                work(*arguments)
            except BaseException as fault:  # noqa: BLE001  told by the test, in its own thread
                self.faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(self, writer: int) -> None:
        chance = random.Random(writer)
        for deed in range(DEEDS):
            leaves = []
            with suppress(Undone), transaction.atomic():
                for part in range(chance.randint(1, 3)):
                    data = f"{writer}/{deed}/{part}".encode()
                    leaf = actions.enter(
                        kind="record", subject_id=uuid7(), data=data, region_code="530100"
                    )
                    leaves.append((writer, deed, leaf.pk))
                    time.sleep(chance.random() / 200)
                if chance.random() < 0.3:
                    leaves.clear()
                    raise Undone
            with self._lock:
                self.committed += leaves

    def sequence(self) -> None:
        while self.is_writing or queries.waiting():
            if not actions.number(limit=17):
                time.sleep(0.002)

    def consume(self, name: str) -> None:
        chance = random.Random(name)
        while (
            self.is_writing or queries.waiting() or queries.cursor_position(name) < queries.size()
        ):
            read: list[int] = []
            with suppress(Undone), actions.cursor(name) as reader:
                read = [leaf.pk for leaf in reader.read(chance.randint(1, 40))]
                if chance.random() < 0.2:
                    read.clear()
                    raise Undone
            self.read[name] += read
            time.sleep(chance.random() / 200)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_writers_nothing_is_skipped_and_nothing_doubled() -> None:
    bustle = Bustle()
    writers = [bustle.start(bustle.write, writer) for writer in range(WRITERS)]
    others = [bustle.start(bustle.sequence) for _ in range(SEQUENCERS)]
    others += [bustle.start(bustle.consume, name) for name in CURSORS]
    for thread in writers:
        thread.join()
    bustle.is_writing = False
    for thread in others:
        thread.join()

    assert bustle.faults == []
    feed = queries.feed(0, 100_000)
    order = [leaf.pk for leaf in feed]
    assert [leaf.position for leaf in feed] == list(range(len(feed)))
    assert sorted(order) == sorted(pk for *_, pk in bustle.committed)
    assert all(read == order for read in bustle.read.values())
    require_order_of_each_writer(bustle, order)
    require_whole()


def require_order_of_each_writer(bustle: Bustle, order: list[int]) -> None:
    """What one writer did later stands later, also within one deed."""
    place = {pk: position for position, pk in enumerate(order)}
    for writer in range(WRITERS):
        own = [place[pk] for who, _, pk in bustle.committed if who == writer]
        assert own == sorted(own)


def require_whole() -> None:
    """Head, positions, tiles and checkpoints tell the same."""
    feed = queries.feed(0, 100_000)
    assert queries.size() == len(feed) == Leaf.objects.filter(position__isnull=False).count()
    signed = {row.size: checkpoints.read(row.note) for row in Checkpoint.objects.all()}
    for algorithm in tree.ALGORITHMS:
        frontier = tree.Frontier(algorithm)
        for leaf in feed:
            frontier.append(bytes(leaf.data))
            if frontier.size in signed:
                assert signed[frontier.size].root(algorithm) == frontier.root()
        assert queries.root(algorithm, len(feed)) == frontier.root()


SEQUENCER = """
import django
django.setup()
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions
while actions.number(limit=100):
    key = PrivateKey.generate()
    actions.sign_checkpoint(key=key, origin="gongheng/530100", now=DEMO_STARTS_AT)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("fault", "numbered"),
    [
        ("ledger.before_number", 0),
        ("ledger.after_positions", 0),
        ("ledger.after_tiles", 0),
        ("ledger.before_checkpoint", 100),
        ("ledger.after_positions:3", 200),
        ("ledger.after_tiles:3", 200),
        ("ledger.before_checkpoint:3", 300),
    ],
)
def test_a_sequencer_killed_anywhere_leaves_the_log_whole(
    enter: Enter,
    key: PrivateKey,
    child_environment: Callable[[str], dict[str, str]],
    fault: str,
    numbered: int,
) -> None:
    entered = [enter(b"%d" % number).pk for number in range(450)]

    killed = subprocess.run(
        [sys.executable, "-c", SEQUENCER], env=child_environment(fault), check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert queries.size() == numbered
    require_whole()
    while actions.number():
        pass
    actions.sign_checkpoint(key=key, origin="gongheng/530100", now=DEMO_STARTS_AT)
    assert [leaf.pk for leaf in queries.feed(0, 1000)] == entered
    require_whole()


@pytest.mark.django_db(transaction=True)
def test_a_sequencer_without_a_fault_runs_to_the_end(
    enter: Enter, child_environment: Callable[[str], dict[str, str]]
) -> None:
    for number in range(250):
        enter(b"%d" % number)
    environment = {**child_environment("ledger.after_tiles"), "GONGHENG_FAULTS_ALLOWED": ""}

    subprocess.run([sys.executable, "-c", SEQUENCER], env=environment, check=True)

    assert queries.size() == 250
    require_whole()

"""Every named point, on every node that reaches it: killed there by the kernel, nothing is lost.

Three nodes die in each round, at once where they can. A node without a parent never sends and one
without a child never receives: 28 of the 36 pairs exist, and in the rounds of the receiving points
the city's programs are killed at no particular point instead.
"""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from gongheng.kernel import faults
from gongheng.node import places
from tests.faults.agreement import agreement, verify_logs
from tests.faults.conftest import Network
from tests.nodes import Node, wait_until

pytestmark = pytest.mark.journey

LOG = (
    "ledger.before_number",
    "ledger.after_positions",
    "ledger.after_tiles",
    "ledger.before_checkpoint",
)
SENDING = (
    "exchange.collected",
    "exchange.before_send",
    "exchange.before_receipt_is_kept",
    "exchange.before_verdicts_are_kept",
)
RECEIVING = (
    "exchange.before_batch_is_kept",
    "exchange.after_batch_is_kept",
    "exchange.before_judged_is_kept",
    "exchange.after_judged_is_kept",
)
ROUNDS = [
    *((point, point, point) for point in LOG),
    *zip(SENDING, SENDING, RECEIVING, strict=True),
    *(
        (program, point, "")
        for program, point in zip(("web", "worker") * 2, RECEIVING, strict=True)
    ),
]
"""For city, province and nation: the point, or the program that is killed."""


def test_every_named_point_of_log_and_line_has_its_round() -> None:
    """The rooms of trading kill their own deeds at their own points, in their own tests."""
    found = {
        point
        for file in places.PACKAGE.rglob("*.py")
        for point in re.findall(
            r'reached\("((?:ledger|exchange)[.][a-z_]+)"\)', file.read_text(encoding="utf-8")
        )
    }

    assert found == {*LOG, *SENDING, *RECEIVING}


def _arm(node: Node, what: str) -> Callable[[], bool]:
    """Prepare a death and return what tells that it has come."""
    if what in {"web", "worker"}:
        before = node.pid(what)
        node.kill(what)
        return lambda: node.pid(what) != before
    file = node.folder / faults.FILE
    draft = file.with_suffix(".draft")
    draft.write_text(what)
    draft.replace(file)
    return lambda: not file.exists()


@pytest.mark.parametrize("points", ROUNDS, ids=lambda points: " ".join(filter(None, points)))
def test_a_node_killed_at_a_named_point_loses_and_doubles_nothing(
    network: Network, points: tuple[str, str, str]
) -> None:
    armed = [
        _arm(node, point) for node, point in zip(network.nodes.all, points, strict=True) if point
    ]

    network.publisher.publish(2)
    network.publisher.await_all()

    wait_until(lambda: all(has_died() for has_died in armed), seconds=60)
    agreement(network.nodes, published=network.publisher.acknowledged).require()


@pytest.mark.parametrize("node_number", [0, 1, 2], ids=["city", "province", "nation"])
def test_a_killed_database_process_of_a_node_loses_and_doubles_nothing(
    network: Network, node_number: int
) -> None:
    node = network.nodes.all[node_number]
    network.publisher.publish(3)
    wait_until(lambda: network.publisher.acknowledged)
    with psycopg.connect(node.database_url, connect_timeout=5) as connection:
        victims = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() ORDER BY state_change DESC LIMIT 1"
        ).fetchall()

    for (victim,) in victims:
        os.kill(victim, signal.SIGKILL)

    network.publisher.publish(2)
    network.publisher.await_all()
    assert victims
    agreement(network.nodes, published=network.publisher.acknowledged).require()


def test_a_killed_database_server_comes_back_and_nothing_is_lost_or_doubled(
    network: Network, exports: Path
) -> None:
    before = network.nodes.postgres_pid
    network.publisher.publish(10)

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: network.nodes.postgres_pid != before, seconds=60)
    network.publisher.await_all()
    agreement(network.nodes, published=network.publisher.acknowledged).require()
    verify_logs(network.nodes, exports)

"""Every named point, on every node that reaches it: killed there by the kernel, nothing is lost.

In each of two rounds every node dies at two points of its log, two of sending and two of receiving:
28 of the 36 pairs of point and node. The other eight do not exist: the nation has no parent to send
to, the city no child to receive from (a test says so).
"""

import os
import re
import signal
from pathlib import Path

import psycopg
import pytest

from gongheng.data.exchange.stations import CHILD, PARENT
from gongheng.kernel import faults
from gongheng.node import places
from tests.faults.agreement import agreement, verify_logs
from tests.network import Network
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
    tuple(
        tuple(point for points in reached for point in points[half])
        for reached in ((LOG, SENDING), (LOG, SENDING, RECEIVING), (LOG, RECEIVING))
    )
    for half in (slice(0, 2), slice(2, 4))
]
"""The points at which city, province and nation die."""


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


def test_the_eight_other_pairs_have_nobody_to_send_to_or_to_receive_from(network: Network) -> None:
    city, province, nation = (
        {peer.direction for peer in node.config.peers} for node in network.nodes.all
    )

    assert city == {PARENT}
    assert province == {PARENT, CHILD}
    assert nation == {CHILD}
    assert sum(len(points) for round_ in ROUNDS for points in round_) == 36 - 8


def _arm(node: Node, point: str) -> Path:
    """Prepare a death; the file is gone when it has come."""
    file = node.folder / f"{faults.FILE}{point}"
    draft = node.folder / "draft"
    draft.write_text(point)
    return draft.replace(file)


@pytest.mark.parametrize(
    "round_", [ROUNDS[0], pytest.param(ROUNDS[1], marks=pytest.mark.full)], ids=["first", "second"]
)
def test_nodes_killed_at_named_points_lose_and_double_nothing(
    network: Network, round_: tuple[tuple[str, ...], ...]
) -> None:
    armed = [
        _arm(node, point)
        for node, points in zip(network.nodes.all, round_, strict=True)
        for point in points
    ]

    network.publisher.publish(2)
    network.publisher.await_all()

    # A chain of nodes, each of which comes back twice or three times: slow on a busy machine.
    wait_until(lambda: not any(file.exists() for file in armed), seconds=180)
    agreement(network.nodes, published=network.publisher.acknowledged).require()


@pytest.mark.parametrize(
    "node_number",
    [pytest.param(0, marks=pytest.mark.full), 1, pytest.param(2, marks=pytest.mark.full)],
    ids=["city", "province", "nation"],
)
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


@pytest.mark.full
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

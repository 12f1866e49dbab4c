"""The line between city and province is cut, slow, forgetful, repeats itself and mixes things up.

The usual run cuts for ten seconds, the full run for ten minutes too.
"""

import time
from pathlib import Path

import pytest

from gongheng.data.exchange.sending import LONGEST_BACK_OFF
from tests.faults.agreement import Agreement, agreement, verify_logs
from tests.network import Network
from tests.nodes import wait_until

pytestmark = pytest.mark.journey


def _agreement(network: Network) -> Agreement:
    return agreement(
        network.nodes,
        published=network.publisher.acknowledged,
        seconds=LONGEST_BACK_OFF.total_seconds() + 90,
    )


@pytest.mark.parametrize(
    "seconds",
    [10, pytest.param(600, marks=pytest.mark.full)],
)
def test_a_cut_line_keeps_everything_in_the_queue(network: Network, seconds: int) -> None:
    cuts = network.line.counts.get("cut", 0)
    end = time.monotonic() + seconds
    network.line.is_cut = True
    while time.monotonic() < end:
        network.publisher.publish(1)
        time.sleep(min(2, seconds / 5))
    network.publisher.await_all()
    waiting = network.nodes.city.rows(
        "SELECT count(*) FROM exchange_delivery WHERE progress = 'queued'"
    )

    network.line.mend()

    assert waiting[0][0] > 0
    assert network.line.counts["cut"] > cuts
    _agreement(network).require()


def test_a_receipt_that_is_lost_on_the_way_costs_a_batch_and_no_record(network: Network) -> None:
    lost = network.line.counts.get("answers lost", 0)
    network.line.loses_answers = True
    network.publisher.publish(3)

    wait_until(lambda: network.line.counts.get("answers lost", 0) >= lost + 2)

    network.line.mend()
    network.publisher.await_all()
    _agreement(network).require()


def test_a_slow_line_is_only_slow(network: Network) -> None:
    network.line.delay = 2.0
    network.publisher.publish(4)

    network.publisher.await_all()

    _agreement(network).require()
    assert network.line.counts["delayed"] > 0


def test_every_batch_delivered_twice_counts_once(network: Network) -> None:
    doubled = network.line.counts.get("doubled", 0)
    network.line.doubles = True
    for _ in range(4):
        network.publisher.publish(1)
        network.publisher.await_all()

    _agreement(network).require()
    assert network.line.counts["doubled"] > doubled


def test_batches_that_overtake_each_other_are_put_in_order(network: Network) -> None:
    late = network.line.counts.get("late", 0)
    network.line.delivers_late = True
    network.publisher.publish(2)
    wait_until(lambda: len(network.line.held) >= 2)

    network.line.mend()
    network.publisher.publish(2)
    network.publisher.await_all()

    _agreement(network).require()
    assert network.line.counts["late"] >= late + 2


def test_old_batches_that_come_again_get_their_old_receipts(
    network: Network, exports: Path
) -> None:
    network.publisher.publish(2)
    network.publisher.await_all()
    _agreement(network).require()
    batches = "SELECT count(*) FROM exchange_batch WHERE direction = 'in'"
    before = network.nodes.province.rows(batches)

    answers = [network.line.deliver(request) for request in network.line.passed[-5:]]

    assert [answer.split(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 202 Accepted"] * 5
    assert network.nodes.province.rows(batches) == before
    _agreement(network).require()
    verify_logs(network.nodes, exports)

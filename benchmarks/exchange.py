"""From publication in the city to acceptance by the nation, on three real nodes.

``python -m benchmarks.exchange [--records N] [--seconds S]``. Starts the demonstration's three nodes
as ``gongheng up`` does, warms up, then

1. **steady**: N records (whole cases: project, tender, lot, notice) published in S seconds;
2. **saturation**: N more published while the city's worker stands still, which then drains them;
3. **floor**: the very bodies that the nation received, each batch POSTed again to a bare granian
   application that inserts its lines into one table of the nation's database.

One record's time runs from the millisecond in its version's identity at the city (UUIDv7, taken
inside the publishing transaction, before the commit) to ``Delivery.settled_at`` at the province: the
machine time at which the province has read the nation's verdict and writes it down. That is an upper
bound: the nation accepted up to one question (0.4 s) earlier. All processes share this machine's
clock. ``judged`` is the lower bound: the millisecond in the nation's own version identity, taken while
it judges. Goal: p99 of the steady part within 5 s.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
import psycopg

from benchmarks import floor_app
from benchmarks.measure import (
    children_of,
    family_seconds,
    give,
    quantile,
    say,
    seconds_of,
)
from benchmarks.publishing import Publisher
from gongheng.node import processes
from tests.nodes import Node, Nodes, running_nodes

GOAL_P99_S = 5.0
WARM_UP = 200
PATIENCE = 600.0
CALM_LOOKS = 4
_OPEN = """
SELECT count(*) FILTER (WHERE progress <> 'accepted'), count(*) FILTER (WHERE progress = 'accepted')
FROM exchange_delivery
"""

Cpu = dict[str, float]


def seconds_by_process(nodes: Nodes) -> Cpu:
    """Return processor seconds of each node's programs, and of the server for each database."""
    found: Cpu = {"publisher": time.process_time()}
    for node in nodes.all:
        for program in ("web", "worker"):
            found[f"{node.code} {program}"] = family_seconds(node.pid(program))
        found[f"{node.code} postgres"] = 0.0
    found["other postgres"] = seconds_of(nodes.postgres_pid)
    for backend in children_of(nodes.postgres_pid):
        title = re.search(r"postgres: gongheng_(\d{6}) ", processes.command_of(backend))
        owner = f"{title[1]} postgres" if title else "other postgres"
        found[owner] += seconds_of(backend)
    return found


def spent_since(before: Cpu, nodes: Nodes) -> Cpu:
    now = seconds_by_process(nodes)
    return {name: round(now[name] - before[name], 2) for name in now}


def settled(nodes: Nodes, expected: int) -> None:
    """Wait until the province knows that the nation has accepted so many versions."""
    deadline = time.monotonic() + PATIENCE
    while True:
        ((accepted, refused),) = nodes.province.rows(
            "SELECT count(*) FILTER (WHERE progress = 'accepted'),"
            " count(*) FILTER (WHERE progress IN ('refused', 'repaired'))"
            " FROM exchange_delivery"
        )
        assert not refused, f"{refused} records were refused"
        if accepted >= expected:
            return
        assert time.monotonic() < deadline, f"only {accepted} of {expected} accepted"
        time.sleep(0.5)


def accepted_before(nodes: Nodes) -> int:
    """Wait until the demonstration's own records have come through; return how many there are."""
    calm, last = 0, 0
    while calm < CALM_LOOKS:
        ((open_at_city, queued_at_city),) = nodes.city.rows(_OPEN)
        ((open_at_province, accepted),) = nodes.province.rows(_OPEN)
        is_calm = not open_at_city and not open_at_province and queued_at_city and accepted == last
        calm = calm + 1 if is_calm and accepted else 0
        last = accepted
        time.sleep(1)
    return int(last)


def _milliseconds(identity: UUID) -> int:
    return identity.int >> 80


@dataclass(frozen=True)
class Lags:
    """Seconds from publication in the city, for each record."""

    settled: list[float]
    judged: list[float]

    def figures(self) -> dict[str, float]:
        return {
            "accepted_p50_s": round(quantile(self.settled, 0.5), 3),
            "accepted_p99_s": round(quantile(self.settled, 0.99), 3),
            "accepted_max_s": round(max(self.settled), 3),
            "judged_p50_s": round(quantile(self.judged, 0.5), 3),
            "judged_p99_s": round(quantile(self.judged, 0.99), 3),
        }


def lags(nodes: Nodes, versions: list[UUID]) -> Lags:
    """Match the versions of the three nodes by dataset, key and digest."""
    name = "dataset || ':' || key || ':' || digest"
    published = {
        key: _milliseconds(identity)
        for key, identity in nodes.city.rows(
            f"SELECT {name}, id FROM records_version WHERE id = ANY(%s)",  # noqa: S608  our own words
            versions,
        )
    }
    at_nation = {
        key: _milliseconds(identity)
        for key, identity in nodes.nation.rows(f"SELECT {name}, id FROM records_version")  # noqa: S608
    }
    at_province = {
        key: moment.timestamp()
        for key, moment in nodes.province.rows(
            f"SELECT {name}, settled_at FROM exchange_delivery"  # noqa: S608
            " JOIN records_version ON records_version.id = version_id WHERE progress = 'accepted'"
        )
    }
    return Lags(
        settled=[at_province[key] - start / 1000 for key, start in published.items()],
        judged=[(at_nation[key] - start) / 1000 for key, start in published.items()],
    )


def steady(
    nodes: Nodes, publisher: Publisher, number: int, seconds: float, done: int
) -> dict[str, object]:
    before, started = seconds_by_process(nodes), time.monotonic()
    versions = publisher.publish(number, seconds=seconds)
    publishing = time.monotonic() - started
    settled(nodes, done + number)
    return {
        "records": number,
        "published_in_s": round(publishing, 1),
        **lags(nodes, versions).figures(),
        "cpu_s": spent_since(before, nodes),
    }


@contextmanager
def standing_still(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def saturated(nodes: Nodes, publisher: Publisher, number: int, done: int) -> dict[str, object]:
    with standing_still(nodes.city.pid("worker")):
        publisher.publish(number)
        before, started = seconds_by_process(nodes), time.monotonic()
    settled(nodes, done + number)
    wall = time.monotonic() - started
    cpu = spent_since(before, nodes)
    del cpu["publisher"]
    total = sum(cpu.values())
    return {
        "records": number,
        "wall_s": round(wall, 2),
        "records_per_s": round(number / wall, 1),
        "records_per_cpu_s": round(number / total, 1),
        "cpu_s": cpu,
    }


@contextmanager
def bare_application(nation: Node) -> Iterator[tuple[str, int]]:
    """Run the floor's application; give its address and process."""
    port = processes.any_free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"),
            *("--blocking-threads", "1", "--log-level", "warning"),
            *("--host", "127.0.0.1", "--port", str(port), "benchmarks.floor_app:application"),
        ],
        env=os.environ | {"DATABASE_URL": nation.database_url},
    )
    try:
        deadline = time.monotonic() + 30
        while processes.is_free(port) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait()


def floor(nodes: Nodes, number: int) -> dict[str, object]:
    """POST again the bodies that the nation got last, until ``number`` records have gone."""
    bodies: list[bytes] = []
    taken = 0
    for lines, count in nodes.nation.rows(
        "SELECT lines, count FROM exchange_batch WHERE direction = 'in' ORDER BY number DESC"
    ):
        if taken < number:
            bodies.append(bytes(lines))
            taken += count
    with psycopg.connect(nodes.nation.database_url, autocommit=True) as connection:
        connection.execute(floor_app.TABLE)
    with bare_application(nodes.nation) as (address, pid), httpx.Client(trust_env=False) as client:
        client.post(address, content=b"{}").raise_for_status()
        before, started = seconds_by_process(nodes), time.monotonic()
        application = family_seconds(pid)
        for body in bodies:
            client.post(address, content=body, timeout=60).raise_for_status()
        wall = time.monotonic() - started
        cpu = spent_since(before, nodes)
        figures = {
            "client": cpu["publisher"],
            "application": round(family_seconds(pid) - application, 2),
            "postgres": round(cpu[f"{nodes.nation.code} postgres"] + cpu["other postgres"], 2),
        }
    return {
        "records": taken,
        "batches": len(bodies),
        "bytes": sum(map(len, bodies)),
        "wall_s": round(wall, 3),
        "records_per_s": round(taken / wall, 1),
        "records_per_cpu_s": round(taken / max(sum(figures.values()), 0.01), 1),
        "cpu_s": figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    with running_nodes(GONGHENG_FAULTS_ALLOWED="0") as nodes:
        done = accepted_before(nodes)
        publisher = Publisher.on(nodes.city)
        publisher.publish(WARM_UP)
        done += WARM_UP
        settled(nodes, done)
        say("warm")
        first = steady(nodes, publisher, asked.records, asked.seconds, done)
        say(json.dumps(first))
        done += asked.records
        second = saturated(nodes, publisher, asked.records, done)
        say(json.dumps(second))
        publisher.close()
        third = floor(nodes, asked.records)
        say(json.dumps(third))
    give(
        "exchange",
        {
            "goal_p99_s": GOAL_P99_S,
            "reaches_goal": float(str(first["accepted_p99_s"])) <= GOAL_P99_S,
            "ratio_to_floor_per_s": _ratio(second, third, "records_per_s"),
            "ratio_to_floor_per_cpu_s": _ratio(second, third, "records_per_cpu_s"),
            "steady": first,
            "saturation": second,
            "floor": third,
        },
    )


def _ratio(ours: dict[str, object], floors: dict[str, object], figure: str) -> float:
    return round(float(str(ours[figure])) / float(str(floors[figure])), 4)


if __name__ == "__main__":
    main()

"""What three databases say of the same records, and whether they agree.

``lost`` and ``doubled`` are set differences on (dataset, key, number, digest): what a lower node has
accepted and may export against what the node above it has accepted from it. Read from the tables by
SQL, so that no reader of ours judges itself.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.nodes import Node, Nodes, wait_until

QUIET_SECONDS = 90.0
LOOK_SECONDS = 0.4


class Name(NamedTuple):
    """What one version of one record is known by on every tier."""

    dataset: str
    key: str
    number: int
    digest: str

    @classmethod
    def read(cls, text: str) -> "Name":
        return cls(*json.loads(text))


_ACCEPTED = """
SELECT v.dataset, v.key, v.number, v.digest FROM records_version v
WHERE v.audience <> 'parties' AND v.origin = %s AND (SELECT j.state FROM records_judgement j
  WHERE j.version_id = v.id ORDER BY j.id DESC LIMIT 1) = 'accepted'
"""

_TWICE = {
    "versions": """SELECT dataset, key, number, digest FROM records_version
        GROUP BY dataset, key, number, digest HAVING count(*) > 1""",
    "acceptances": """SELECT version_id FROM records_judgement WHERE state = 'accepted'
        GROUP BY version_id HAVING count(*) > 1""",
    "leaves": """SELECT subject_id FROM ledger_leaf WHERE kind = 'record'
        GROUP BY subject_id HAVING count(*) > 1""",
    "current rows": """SELECT dataset, key FROM records_current
        GROUP BY dataset, key HAVING count(*) > 1""",
    "deliveries": """SELECT peer, version_id FROM exchange_delivery
        GROUP BY peer, version_id HAVING count(*) > 1""",
    "batches": """SELECT peer, direction, batch_id FROM exchange_batch
        GROUP BY peer, direction, batch_id HAVING count(*) > 1""",
    "positions": """SELECT position FROM ledger_leaf WHERE position IS NOT NULL
        GROUP BY position HAVING count(*) > 1""",
}

_GAPS = """
SELECT h.size, count(l.position), coalesce(max(l.position) + 1, 0)
FROM ledger_head h LEFT JOIN ledger_leaf l ON l.position IS NOT NULL GROUP BY h.size
"""

_UNREST = """
SELECT (SELECT count(*) FROM ledger_leaf WHERE position IS NULL)
  + (SELECT count(*) FROM exchange_batch WHERE direction = 'in' AND judged_at IS NULL)
  + (SELECT count(*) FROM records_waiting)
  + (SELECT count(*) FROM exchange_delivery WHERE progress NOT IN ('accepted', 'repaired', 'refused'))
  + (SELECT size FROM ledger_head) - coalesce((SELECT max(size) FROM ledger_checkpoint), 0)
  + (SELECT coalesce(sum(greatest(
      h.size - coalesce((SELECT position FROM ledger_cursor WHERE name = 'exchange:' || p.peer), 0),
      h.size - coalesce((SELECT shown_size FROM exchange_channel c WHERE c.peer = p.peer), 0))), 0)
    FROM ledger_head h, unnest(%s::text[]) AS p(peer))
"""
"""How much is still to be numbered, judged, answered, signed, collected or shown."""


@dataclass
class Agreement:
    """What was found; nothing in it means that all is well."""

    lost: set[tuple[str, Name]] = field(default_factory=set)
    doubled: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    records: int = 0
    seconds: float = 0.0

    def require(self) -> None:
        assert (self.lost, self.doubled, self.faults) == (set(), set(), [])


def accepted(node: Node, *, origin: str) -> Counter[Name]:
    """Every exportable version of an origin that a node has accepted, and how often."""
    return Counter(Name(*row) for row in node.rows(_ACCEPTED, origin))


def await_quiet(nodes: Nodes, *, seconds: float = QUIET_SECONDS) -> None:
    """Wait until nothing is on its way any more: numbered, signed, sent, judged, answered, shown."""
    wait_until(
        lambda: all(_is_quiet(node) for node in nodes.all), seconds=seconds, every=LOOK_SECONDS
    )


def _is_quiet(node: Node) -> bool:
    parents = [peer.code for peer in node.config.peers if peer.direction == "parent"]
    return node.rows(_UNREST, parents) == [(0,)]


def agreement(
    nodes: Nodes, *, published: list[Name] | None = None, seconds: float = QUIET_SECONDS
) -> Agreement:
    """Wait for quiet, then compare the three databases, and what a publisher was told with them."""
    began = time.monotonic()
    await_quiet(nodes, seconds=seconds)
    found = Agreement(seconds=time.monotonic() - began)
    for lower, upper in ((nodes.city, nodes.province), (nodes.province, nodes.nation)):
        for origin in _origins_below(lower, nodes):
            below, above = accepted(lower, origin=origin), accepted(upper, origin=origin)
            found.lost |= {(upper.code, name) for name in below - above}
            found.doubled |= {(upper.code, str(name)) for name in above - below}
            found.records += len(above)
    kept = accepted(nodes.city, origin=nodes.city.code)
    found.lost |= {(nodes.city.code, name) for name in set(published or []) - set(kept)}
    for node in nodes.all:
        _inspect(node, found)
    return found


def _origins_below(node: Node, nodes: Nodes) -> list[str]:
    return [node.code] if node is nodes.city else [nodes.city.code, nodes.vendor_code, node.code]


def _inspect(node: Node, found: Agreement) -> None:
    for what, query in _TWICE.items():
        found.doubled |= {(node.code, f"{what} {row}") for row in node.rows(query)}
    for size, count, last in node.rows(_GAPS):
        if not size == count == last:
            found.faults.append(f"{node.code}: head {size}, {count} numbered, last {last}")
    refused = node.rows("SELECT count(*) FROM exchange_delivery WHERE progress = 'refused'")
    if refused != [(0,)]:
        found.faults.append(f"{node.code}: {refused[0][0]} deliveries were refused")
    alarms = node.rows("SELECT peer, alarm FROM exchange_channel WHERE alarm <> ''")
    found.faults += [f"{node.code}: alarm {alarm}" for alarm in alarms]


def verify_logs(nodes: Nodes, folder: Path) -> None:
    """Export the log of every node and have each verified by its published key."""
    for node in nodes.all:
        export = folder / f"{node.code}-{time.monotonic_ns()}"
        exported = node.manage("export", "ledger", str(export))
        assert exported.returncode == 0, exported.stderr
        verified = node.manage("verify", str(export), "--key", node.public_key)
        assert verified.returncode == 0, verified.stdout + verified.stderr

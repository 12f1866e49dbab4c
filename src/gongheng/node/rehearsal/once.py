"""``./start --once``: a case walked over HTTP, its figures compared in three databases.

Prints one JSON object and exits 1 on any difference.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from gongheng.kernel.canonical import canonical
from gongheng.node.rehearsal.answers import FIRMS
from gongheng.node.rehearsal.cast import Failed
from gongheng.node.rehearsal.comparing import Comparison, Store
from gongheng.node.rehearsal.visitor import Stopped
from gongheng.node.rehearsal.walk import Walk
from gongheng.node.say import give, say
from gongheng.trust.crypto.digests import sm3

SETTLE_SECONDS = 90
RECOMPUTE = Path(__file__).resolve().parents[4] / "tools" / "recompute.py"
CANDIDATE = "TENDER_CANDIDATE"
TIERS = ("city", "province", "nation")


@dataclass
class Told:
    """What the walk came to; ``records``, ``leaves`` and ``proofs`` by tier."""

    case: str = ""
    steps: list[dict[str, object]] = field(default_factory=list)
    seconds: float = 0
    refused: list[str] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    deliveries: dict[str, int] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)
    scores: list[str] = field(default_factory=list)
    rooms: list[Mapping[str, str]] = field(default_factory=list)
    witnessed: list[Mapping[str, str]] = field(default_factory=list)
    compared: int = 0
    differences: list[str] = field(default_factory=list)


def main(walk: Walk) -> int:
    """Walk the case, compare, print; return 1 when something is not as it should be."""
    told = rehearse(walk)
    give(json.dumps(asdict(told), ensure_ascii=False))
    for difference in told.differences:
        say(f"- {difference}")
    return 1 if told.differences else 0


def rehearse(walk: Walk) -> Told:
    """Walk the case, compare, and tell what it came to."""
    told, started = Told(), time.monotonic()
    try:
        walk.run()
        _compare(walk, told)
    except (Stopped, Failed, LookupError) as stop:
        told.differences.append(str(stop))
    finally:
        for visitor in walk.cast.values():
            visitor.close()
    told.case, told.steps, told.refused = walk.case, walk.told, walk.refusals
    told.rooms, told.witnessed = walk.rooms, walk.seen
    told.seconds = round(time.monotonic() - started, 1)
    return told


def _compare(walk: Walk, told: Told) -> None:
    stores = [Store(tier, walk.state / tier) for tier in TIERS]
    comparison = Comparison(stores)
    _settle(comparison)
    tender = walk.lot_code[:20]
    told.records = comparison.records(tender)
    told.deliveries = comparison.deliveries()
    told.leaves = comparison.leaves()
    for dataset, count in walk.counts.items():
        comparison.count(tender, dataset, count)
    if walk.figures:
        told.scores = _scores(walk, comparison)
        told.proofs = {store.tier: _proof(store, comparison) for store in stores}
    _contents(walk, comparison, tender, told.scores)
    _attended(walk, comparison)
    for progress in told.deliveries.keys() - {"accepted", "repaired"}:
        comparison.differences.append(f"上报未被接收：{progress} {told.deliveries[progress]} 条")
    told.compared, told.differences = comparison.checked, comparison.differences


def _settle(comparison: Comparison) -> None:
    """Wait until everything that was reported has its verdict."""
    deadline = time.monotonic() + SETTLE_SECONDS
    quiet = 0
    while time.monotonic() < deadline and quiet < 2:  # noqa: PLR2004  twice, with a pause between
        open_ones = comparison.deliveries().keys() & {"queued", "delivered", "waiting"}
        quiet = 0 if open_ones else quiet + 1
        time.sleep(1.5)


def _contents(walk: Walk, comparison: Comparison, tender: str, ranking: Sequence[str]) -> None:
    """Compare what the records say, on every node, with what was sealed, ranked and agreed."""
    for dataset, rows in walk.figures.items():
        comparison.bodies(tender, dataset, rows)
    if ranking:
        prices = {FIRMS[name]: price for name, price in walk.bids.items()}
        candidates = [
            {
                "WIN_CANDIDATE_ORDER": rank,
                "WIN_CANDIDATE_CODE": firm,
                "EVALUATION_RESULT": total,
                "BID_PRICE": prices[firm],
            }
            for rank, firm, total, _ in (line.split() for line in ranking)
        ]
        comparison.bodies(tender, CANDIDATE, candidates)


def _attended(walk: Walk, comparison: Comparison) -> None:
    """Compare rooms and witness: what was typed with the centre's rows, papers with the acts.

    Acts hold digests alone; who has a signed paper computes them from what stands in it.
    """
    lot, written, closed = walk.lot_code, list[dict[str, str]](), list[dict[str, str]]()
    for paper in walk.papers:
        statement, digest = paper["statement"], ""
        of = {"round": str(statement["round"]), "sitting": statement["sitting"]}
        for entry in statement["entries"]:
            digest = sm3(canonical([digest, entry])).hex()
            written.append({**of, "number": str(entry["number"]), "digest": digest})
        closed.append({**of, "digest": sm3(canonical(statement)).hex()})
    comparison.rooms(lot, walk.rooms)
    comparison.acts(lot, "venue.booked", walk.rooms)
    comparison.seen(lot, walk.seen)
    comparison.acts(lot, "witness.written", written)
    comparison.acts(lot, "witness.closed", closed)


def _scores(walk: Walk, comparison: Comparison) -> list[str]:
    """Let the second program recompute the ranking from the exported evaluation."""
    with TemporaryDirectory() as folder:
        exported = Path(folder) / "export.json"
        exported.write_bytes(walk.clerk.bytes_of(f"{walk.room}export.json"))
        done = subprocess.run(  # noqa: S603  our own second program
            [sys.executable, str(RECOMPUTE), str(exported)],
            capture_output=True,
            text=True,
            check=False,
        )
    comparison.equal("评标排序重算", expected=0, found={"recompute": done.returncode})
    return done.stdout.splitlines()


def _proof(store: Store, comparison: Comparison) -> str:
    """Export the node's log and verify it without a database; return what the verifier said."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "log"
        commands = (
            ["--node", str(store.folder), "export", "ledger", str(target)],
            ["verify", str(target)],
        )
        said = ""
        for words in commands:
            done = subprocess.run(  # noqa: S603  our own commands
                [sys.executable, "-m", "gongheng.node.cli", *words],
                capture_output=True,
                text=True,
                check=False,
            )
            comparison.equal(
                f"gongheng {words[-2]}", expected=0, found={store.tier: done.returncode}
            )
            said = (done.stdout or done.stderr).strip()
    return said.partition("\n")[0]

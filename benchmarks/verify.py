"""Verifying an exported log against a floor: the same files read, parsed and hashed, nothing judged.

``python -m benchmarks.verify [--leaves N]``. Ours is ``gongheng verify``: both trees from the leaves
up, every checkpoint's signature and roots, every body against its leaf. The floor reads the same
lines, parses them as JSON, decodes the leaves and gives each leaf and each inner node one bare call
of SHA-256 and of SM3 over as many bytes, and each body one SM3. Both in one process, alternating
rounds, the best of each counts; processor seconds. No database. Goal: half of the floor's leaves.
"""

import argparse
import base64
import hashlib
import json
import tempfile
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import Spent, give, say, spending
from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.tlog import bundle, checkpoint as checkpoints, rows
from gongheng.trust.tlog.leaves import public_digest
from gongheng.trust.tlog.tree import ALGORITHMS, Frontier

GOAL = 0.5
ROUNDS = 3
ORIGIN = "gongheng/530100"
SALT = bytes(16)
EVERY = 20
"""Leaves between two checkpoints, as on a node with two leaves a second that signs every ten."""
CONTENT = "一、招标条件：本招标项目已由昆明市发展和改革委员会批准建设，资金来自财政，已落实。" * 40


def write(folder: Path, count: int) -> None:
    """Write an export of ``count`` public records."""
    key = PrivateKey.generate()
    frontiers = {algorithm: Frontier(algorithm) for algorithm in ALGORITHMS}
    (folder / rows.PUBLIC_KEY).write_bytes(key.public.to_pem())
    (folder / rows.DIFFERENCES).write_bytes(b"")
    with (
        (folder / rows.LEAVES).open("wb") as leaves,
        (folder / rows.RECORDS).open("wb") as records,
        (folder / rows.CHECKPOINTS).open("wb") as signed,
    ):
        for position in range(count):
            name = f"0192d9a0-0000-7000-8000-{position:012d}"
            body = {"NOTICE_NAME": f"第{position}号公告", "NOTICE_CONTENT": CONTENT}
            columns: dict[str, str | int] = {"type": "record", "dataset": "NOTICE", "version": 1}
            public = public_digest(SALT, body)
            data = canonical({"v": 1, "id": name, "public": public, "full": public, **columns})
            leaves.write(rows.LeafRow(position, data).encoded())
            opened = rows.Disclosure(SALT, body, columns)
            records.write(rows.RecordRow(position, name, opened).encoded())
            for frontier in frontiers.values():
                frontier.append(data)
            if (position + 1) % EVERY == 0 or position + 1 == count:
                at = DEMO_STARTS_AT + timedelta(seconds=position)
                roots = (frontiers["sha256"].root(), frontiers["sm3"].root())
                said = checkpoints.Checkpoint(ORIGIN, position + 1, *roots, at)
                row = rows.CheckpointRow(said.size, checkpoints.sign(said, key))
                signed.write(row.encoded())
    manifest = rows.Manifest(ORIGIN, count, -(-count // EVERY), count)
    (folder / rows.MANIFEST).write_bytes(manifest.encoded())


def floor(folder: Path) -> int:
    """Read, parse and hash the files; return how many leaves there were."""
    node = bytes(65)
    count = 0
    with (folder / rows.LEAVES).open("rb") as file:
        for line in file:
            count += 1
            data = base64.b64decode(json.loads(line)["data"])
            for algorithm in ("sha256", "sm3"):
                hashlib.new(algorithm, data).digest()
                hashlib.new(algorithm, node).digest()
    with (folder / rows.RECORDS).open("rb") as file:
        for line in file:
            json.loads(line)
            hashlib.new("sm3", line).digest()
    return count


def ours(folder: Path) -> int:
    """Verify the folder; return how many leaves there were."""
    report = bundle.verify_directory(folder)
    if not report.ok:
        raise SystemExit("\n".join(report.lines()))
    return report.leaves


def main() -> None:
    """Measure both and print the last line."""
    parser = argparse.ArgumentParser(prog="benchmarks.verify")
    parser.add_argument("--leaves", type=int, default=20_000)
    count: int = parser.parse_args().leaves
    best: dict[str, Spent] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say(f"writing {count} records ...")
        write(folder, count)
        for number in range(ROUNDS):
            for who, deed in (("floor", floor), ("verify", ours)):
                with spending() as spent:
                    assert deed(folder) == count
                say(f"round {number + 1}: {who} {spent.cpu:.2f} s")
                best[who] = min(best.get(who, spent), spent, key=lambda each: each.cpu)
        size = sum(path.stat().st_size for path in folder.iterdir())
    rates = {who: round(spent.per_second(count)) for who, spent in best.items()}
    give(
        "verify",
        {
            "leaves": count,
            "checkpoints": -(-count // EVERY),
            "bytes": size,
            "per_cpu_second": rates,
            "ratio": round(rates["verify"] / rates["floor"], 3),
            "goal": GOAL,
        },
    )


if __name__ == "__main__":
    main()

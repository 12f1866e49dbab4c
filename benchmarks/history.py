"""A batch beside a large history: ``python -m benchmarks.history [--old N] [--new N]``.

The history holds three million versions; the batch a hundred thousand records of one dataset as
Parquet: seven tenths new, two tenths the same, one tenth corrections. Two floors in the same run:
what judging the batch costs without any history, and what asking costs which of its keys stand in
the history's files at all (DuckDB reads one column and nothing is judged). Processor seconds in one
process, in turns, median of rounds. ``over the floors`` is what versions, digests and waiting cost.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import give, say, spending
from gongheng.data.bulk.incoming import History
from gongheng.data.bulk.keeping import Kept
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.bulk.versions import State, Version
from gongheng.data.standard import samples
from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROUNDS = 3
AT_ONCE = 250_000
DATASET = "PROJECT"


def body(number: int, *, corrected: bool = False) -> dict[str, str]:
    """Return a right record of that number."""
    made = samples.valid(DATASET) | {"PROJECT_CODE": f"E5301{number:012}"}
    return made | ({"PROJECT_NAME": "更正后的名称"} if corrected else {})


def kept_before(old: int, known: int) -> Iterator[Version]:
    """Yield the history; only the first ``known`` digests are those of real records."""
    for number in range(old):
        said = sm3(canonical(body(number))) if number < known else sm3(number.to_bytes(8, "big"))
        yield Version(
            name=f"{DATASET}:E5301{number:012}",
            number=1,
            operation="insert",
            digest=said,
            parents=(),
            arrived=number + 1,
            state=State.ACCEPTED,
        )


def build(folder: Path, aside: Path, old: int, known: int) -> None:
    """Write the history as runs would have left it."""
    folder.mkdir()
    kept, some, count = Kept(folder, aside), [], 0
    for version in kept_before(old, known):
        some.append(version)
        if len(some) == AT_ONCE or version.arrived == old:
            count += len(some)
            kept.add(some, following=count + 1)
            some = []
    kept.keep()


def batch(path: Path, new: int, old: int) -> dict[str, int]:
    """Write the batch; return what its records are."""
    same, corrected = new // 5, new // 10
    rows = [body(number) for number in range(same)]
    rows += [body(number, corrected=True) for number in range(same, same + corrected)]
    rows += [body(old + number) for number in range(new - same - corrected)]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return {"same": same, "correction": corrected, "new": new - same - corrected}


def asked(folder: Path, path: Path) -> int:
    """Ask which keys of the batch stand in the history, and nothing else."""
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2")
        found = engine.execute(
            "SELECT count(DISTINCT name) FROM read_parquet($kept) SEMI JOIN "
            "(SELECT $dataset || ':' || PROJECT_CODE AS name FROM read_parquet($batch)) USING (name)",
            {
                "kept": [str(each) for each in sorted(folder.glob("*/part-*.parquet"))],
                "batch": str(path),
                "dataset": DATASET,
            },
        ).fetchone()
    return int(found[0]) if found else 0


def rounds(folder: Path, path: Path, key: dict[str, int]) -> dict[str, list[float]]:
    """Return the processor seconds of each way, in turns; end where an answer is wrong."""
    seconds: dict[str, list[float]] = {"plain": [], "asked": [], "history": []}
    wish = Wish(paths=(path,), with_audit=False)
    for number in range(ROUNDS):
        with spending() as spent:
            validate(wish)
        seconds["plain"].append(spent.cpu)
        with spending() as spent:
            found = asked(folder, path)
        seconds["asked"].append(spent.cpu)
        with spending() as spent:
            outcome = validate(replace(wish, history=History(folder=folder, now=NOW)))
        seconds["history"].append(spent.cpu)
        if outcome.kinds != {DATASET: key} or found != key["same"] + key["correction"]:
            raise SystemExit(f"wrong: {outcome.kinds}, {found}, not {key}")
        say(f"round {number}: " + ", ".join(f"{n} {s[-1]:.2f}" for n, s in seconds.items()))
    return seconds


def main() -> None:
    """Run and say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=int, default=3_000_000)
    parser.add_argument("--new", type=int, default=100_000)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder, path = place / "kept", place / f"{DATASET}.parquet"
        aside = place / "aside"
        aside.mkdir()
        key = batch(path, told.new, told.old)
        with spending() as building:
            build(folder, aside, told.old, key["same"] + key["correction"])
        size = sum(each.stat().st_size for each in folder.glob("*/*.parquet"))
        say(f"history: {size / 1e6:.0f} MB, {building.cpu:.1f} s")
        seconds = rounds(folder, path, key)
        median = {name: statistics.median(each) for name, each in seconds.items()}
        floor = median["plain"] + median["asked"]
        give(
            "history",
            {
                "old": told.old,
                "new": told.new,
                "history_mb": round(size / 1e6),
                "cpu_s": {name: round(value, 2) for name, value in median.items()},
                "over_the_floors": round(median["history"] / floor, 2),
                "us_per_record": round((median["history"] - floor) / told.new * 1e6, 1),
                "exact": True,
            },
        )


if __name__ == "__main__":
    main()

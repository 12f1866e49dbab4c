"""Files judged whole, beside merely decoding them: ``python -m benchmarks.bulk [--records N] [--scaling]``.

Five datasets with planted errors (3 %, 50 %), as Parquet whose values repeat, in which names differ, and in
which every text, identifier and stamp differs. The floor is pyarrow decoding every column of the same files
to text, one thread. Ours reads, judges every field and rule of the record, and writes the list of all errors
with values; its count must be that of the key. Processor seconds, both in one process, in turns, median of
rounds. ``--scaling``: 0.1, 1 and 10 million records, each in a process of its own, for its memory.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.measure import give, quantile, say, spending
from gongheng.data.bulk.tests.planted import PLANTS, planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry, samples, validator

BLOCK = 10_000
GROUP = 250_000
ROUNDS = 3
REPEAT, NAMES, ALL, LONG = (
    "values repeat",
    "names differ",
    "all differ",
    "texts of 4,000 letters differ",
)
FREE = {"PROJECT_NAME", "ADDRESS", "TENDER_PROJECT_NAME", "NOTICE_NAME", "BID_SECTION_NAME"}
SIZES = (20_000, 200_000, 2_000_000)
ONES = 20_000
_LONG = ("招标人依据《招标投标法》公告如下。" * 300)[: 4_000 - 8]
LONG_RECORDS = 20_000


def write(folder: Path, dataset: str, records: int, *, kind: str, share: float = 0.03) -> int:
    """Write a file of planted records and return how many findings its key has."""
    made = planted(dataset, count=BLOCK, share=share, seed=1)
    fields = [field.code for field in registry.dataset(dataset).fields]
    columns = {c: pa.array([r.get(c) for r in made.records], pa.string()) for c in fields}
    wrong = {(row, field) for row, field, _ in made.key}
    kept = {c: pa.array([(row, c) in wrong for row in range(1, BLOCK + 1)]) for c in fields}
    with pq.ParquetWriter(
        folder / f"{dataset}.parquet", pa.schema([(code, pa.string()) for code in fields])
    ) as writer:
        written: list[pa.Table] = []
        for block in range(records // BLOCK):
            written.append(pa.table(varied(dataset, columns, kept, block, kind)))
            if (
                len(written) * BLOCK >= (BLOCK if kind == LONG else GROUP)
                or block == records // BLOCK - 1
            ):
                writer.write_table(pa.concat_tables(written), row_group_size=GROUP)
                written = []
    return len(made.key) * (records // BLOCK)


def varied(
    dataset: str, columns: dict[str, pa.Array], kept: dict[str, pa.Array], block: int, kind: str
) -> dict[str, pa.Array]:
    """Return a block of columns; what the key says is wrong stays as it is."""
    if kind == REPEAT:
        return columns
    numbers = range(block * BLOCK, block * BLOCK + BLOCK)
    suffix = pa.array([f"{number:08d}" for number in numbers])
    if kind == LONG:
        long = pc.binary_join_element_wise(_LONG, suffix, "")
        changed = dict.fromkeys(unlimited_of(dataset), long)
    else:
        changed = {
            code: pc.binary_join_element_wise(columns[code], suffix, "")
            for code in (free_of(dataset) if kind == ALL else FREE & set(columns))
        }
    if kind == ALL:
        own = pa.array([f"E{53 * 10**14 + number}" for number in numbers])
        for code, column in columns.items():
            if pc.any(pc.starts_with(column, samples.PROJECT_CODE)).as_py():
                rest = pc.utf8_slice_codeunits(column, len(samples.PROJECT_CODE))
                changed[code] = pc.binary_join_element_wise(own, rest, "")
        seconds_of_day = (33_300 + number % 50_000 for number in numbers)
        changed["DATA_TIMESTAMP"] = pa.array(
            [f"20261012{s // 3600:02}{s // 60 % 60:02}{s % 60:02}" for s in seconds_of_day]
        )
    return columns | {
        code: pc.if_else(kept[code], columns[code], column) for code, column in changed.items()
    }


def unlimited_of(dataset: str) -> set[str]:
    """Return the fields that may hold a text of any length."""
    fields = registry.dataset(dataset).fields
    unlimited = [
        f.code for f in fields if f.type == "text" and not (f.code_list or f.check or f.is_multiple)
    ]
    return {code for code in unlimited if not code.endswith(("_CODES", "_NUMBER"))}


def free_of(dataset: str) -> set[str]:
    """Return the fields that may hold any text."""
    return {
        field.code
        for field in registry.dataset(dataset).fields
        if field.type in {"string", "text"}
        and not (field.code_list or field.check or field.is_multiple)
        and ".." in field.length.text
        and not field.code.endswith(("_CODES", "_NUMBER"))
    }


def share_of_distinct(paths: list[Path]) -> float:
    """Return how many of the values that are given occur nowhere else in their column."""
    given = distinct = 0
    for path in paths:
        with pq.ParquetFile(path) as source:
            table = source.read_row_group(0).slice(0, 4 * BLOCK)
        for column in table.columns:
            given += len(column) - column.null_count
            distinct += pc.count_distinct(column).as_py()
    return round(distinct / given, 2)


def decode(paths: list[Path]) -> None:
    """Decode every column of every row group to text, and nothing else."""
    for path in paths:
        with pq.ParquetFile(path, memory_map=True) as source:
            for group in range(source.metadata.num_row_groups):
                source.read_row_group(group, use_threads=False)


def seconds(deed: Callable[[], object]) -> float:
    with spending() as spent:
        deed()
    return spent.python


def warm(folder: Path) -> None:
    """Judge a little once: compiled loops and automata are read only the first time."""
    small = folder / "small"
    small.mkdir()
    for dataset in PLANTS:
        write(small, dataset, BLOCK, kind=REPEAT)
    paths = tuple(small.glob("*.parquet"))
    validate(Wish(paths=paths, errors=small / "errors.parquet", with_sets=False, with_audit=False))


def compare(
    records: int, *, kind: str, share: float = 0.03, rounds: int = ROUNDS
) -> dict[str, Any]:
    """Measure the floor and ours on the same files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = sum(write(folder, d, records, kind=kind, share=share) for d in PLANTS)
        paths = [folder / f"{dataset}.parquet" for dataset in PLANTS]
        distinct = share_of_distinct(paths)
        wish = Wish(
            paths=tuple(paths), errors=folder / "errors.parquet", with_sets=False, with_audit=False
        )
        warm(folder)
        floors, ours, memory = [], [], 0
        for _ in range(rounds):
            forget_peak()
            ours.append(seconds(lambda: validate(wish)))
            memory = peak()
            floors.append(seconds(lambda: decode(paths)))
        found = pq.read_metadata(folder / "errors.parquet").num_rows
        if found != key:
            msg = f"{found} findings, the key has {key}"
            raise AssertionError(msg)
    floor, own = statistics.median(floors), statistics.median(ours)
    return {
        "values": kind,
        "distinct": distinct,
        "wrong": share,
        "records": records * len(PLANTS),
        "findings": found,
        "floor_cpu_s": round(floor, 2),
        "cpu_s": round(own, 2),
        "ratio": round(own / floor, 2),
        "records_per_cpu_s": round(records * len(PLANTS) / own),
        "peak_memory_mb": memory,
    }


def one_by_one() -> dict[str, Any]:
    """Decode and check notices one by one, as they come in: processor microseconds of each.

    A record's time is the median of several rounds: what others do to the machine is no record's.
    """
    made = planted("TENDER_ANN_QUA_INQUERY_ANN", count=ONES, share=0.03, seed=2)
    bodies = [{k: v for k, v in record.items() if v is not None} for record in made.records]
    lines = [json.dumps(body, ensure_ascii=False).encode() for body in bodies]
    rounds = [[decoded(made.dataset, line) for line in lines] for _ in range(5)]
    spent = [statistics.median(times) for times in zip(*rounds, strict=True)]
    return {"median_us": round(quantile(spent, 0.5)), "p99_us": round(quantile(spent, 0.99))}


def decoded(dataset: str, line: bytes) -> float:
    began = time.thread_time_ns()
    validator.check(dataset, json.loads(line))
    return (time.thread_time_ns() - began) / 1000


def scaled() -> list[dict[str, Any]]:
    """Measure each size in a process of its own."""
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.bulk", "--records", str(size), "--once"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        say(f"{rows[-1]}")
    return rows


def forget_peak() -> None:
    """Let the most memory of this process be what it has now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Return the most memory this process has had since, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000, help="of each of five datasets")
    parser.add_argument("--scaling", action="store_true", help="0.1, 1 and 10 million in all")
    parser.add_argument("--once", action="store_true", help="one round, of values that repeat")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(compare(asked.records, kind=REPEAT, rounds=1)))
        return
    if asked.scaling:
        give("bulk_scaling", {"rows": scaled()})
        return
    kinds = ((REPEAT, 0.03), (REPEAT, 0.0), (REPEAT, 0.5), (NAMES, 0.03), (ALL, 0.03), (LONG, 0.03))
    rows = []
    for kind, share in kinds:
        records = min(asked.records, LONG_RECORDS) if kind == LONG else asked.records
        rows.append(compare(records, kind=kind, share=share))
        say(f"{rows[-1]}")
    alone = one_by_one()
    say(f"one by one: {alone}")
    give("bulk", {"rows": rows, "one_by_one": alone})


if __name__ == "__main__":
    main()

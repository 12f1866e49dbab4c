"""Files judged whole, beside merely decoding them: ``python -m benchmarks.bulk [--records N]``.

Five datasets with planted errors (3 %), as Parquet whose values repeat and as Parquet in which names and
texts all differ. The floor is pyarrow decoding every column of the same files to text, one thread.
Ours reads, judges every field and rule of the record, and writes the list of all errors with values;
its count must be that of the key. Processor seconds, both in one process, in turns, median of rounds.
"""

import argparse
import resource
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import give, say, spending
from gongheng.data.bulk.tests.planted import PLANTS, planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry

BLOCK = 10_000
GROUP = 250_000
ROUNDS = 3
FREE = {"PROJECT_NAME", "ADDRESS", "TENDER_PROJECT_NAME", "NOTICE_NAME", "BID_SECTION_NAME"}


def write(folder: Path, dataset: str, records: int, *, distinct: bool) -> int:
    """Write a file of planted records and return how many findings its key has."""
    made = planted(dataset, count=BLOCK, share=0.03, seed=1)
    fields = [field.code for field in registry.dataset(dataset).fields]
    columns = {code: [record.get(code) for record in made.records] for code in fields}
    wrong = {(row, field) for row, field, _ in made.key}
    with pq.ParquetWriter(
        folder / f"{dataset}.parquet", pa.schema([(code, pa.string()) for code in fields])
    ) as writer:
        written: list[pa.Table] = []
        for block in range(records // BLOCK):
            varied: dict[str, Any] = dict(columns)
            for code in FREE & set(fields) if distinct else ():
                varied[code] = [
                    value if (row, code) in wrong else f"{value}{block}-{row}"
                    for row, value in enumerate(columns[code], 1)
                ]
            written.append(pa.table({c: pa.array(v, pa.string()) for c, v in varied.items()}))
            if len(written) * BLOCK >= GROUP or block == records // BLOCK - 1:
                writer.write_table(pa.concat_tables(written), row_group_size=GROUP)
                written = []
    return len(made.key) * (records // BLOCK)


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


def compare(records: int, *, distinct: bool) -> dict[str, Any]:
    """Measure the floor and ours on the same files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = sum(write(folder, dataset, records, distinct=distinct) for dataset in PLANTS)
        paths = [folder / f"{dataset}.parquet" for dataset in PLANTS]
        wish = Wish(
            paths=tuple(paths), errors=folder / "errors.parquet", with_sets=False, with_audit=False
        )
        validate(wish)  # the compiled loops and automata are read once
        floors, ours = [], []
        for _ in range(ROUNDS):
            floors.append(seconds(lambda: decode(paths)))
            ours.append(seconds(lambda: validate(wish)))
        found = pq.read_metadata(folder / "errors.parquet").num_rows
        if found != key:
            msg = f"{found} findings, the key has {key}"
            raise AssertionError(msg)
    floor, own = statistics.median(floors), statistics.median(ours)
    return {
        "values": "all names differ" if distinct else "values repeat",
        "records": records * len(PLANTS),
        "findings": found,
        "floor_cpu_s": round(floor, 2),
        "cpu_s": round(own, 2),
        "ratio": round(own / floor, 2),
        "records_per_cpu_s": round(records * len(PLANTS) / own),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000, help="of each of five datasets")
    asked = parser.parse_args()
    rows = [compare(asked.records, distinct=distinct) for distinct in (False, True)]
    for row in rows:
        say(f"{row}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    give("bulk", {"rows": rows, "peak_memory_mb": memory})


if __name__ == "__main__":
    main()

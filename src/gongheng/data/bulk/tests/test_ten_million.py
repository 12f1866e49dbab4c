"""Ten million records with planted errors: every one is found, no others, and little memory is taken."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk.tests.planted import PLANTS, planted
from gongheng.data.standard import registry

BLOCK, BLOCKS = 10_000, 200
GROUP = 25
"""Blocks of a row group."""
MEMORY = 1_000_000_000

JUDGING = """
import sys
from pathlib import Path
from gongheng.data.bulk.validating import Wish, validate

errors, *files = map(Path, sys.argv[1:])
outcome = validate(Wish(paths=tuple(files), errors=errors, with_sets=False))
print(sum(outcome.records.values()), outcome.disagreements)
# Its own peak: what a process counts as its most it takes over from who started it.
print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024)
"""


def written(folder: Path, dataset: str) -> tuple[Path, set[tuple[int, str, str]]]:
    """Write the same block again and again; return the file and the key of a block."""
    made = planted(dataset, count=BLOCK, share=0.03, seed=6)
    fields = [field.code for field in registry.dataset(dataset).fields]
    columns = {c: pa.array([r.get(c) for r in made.records], pa.string()) for c in fields}
    group = pa.concat_tables([pa.table(columns)] * GROUP)
    path = folder / f"{dataset}.parquet"
    with pq.ParquetWriter(path, group.schema) as writer:
        for _ in range(BLOCKS // GROUP):
            writer.write_table(group)
    return path, made.key


@pytest.mark.full
def test_every_planted_error_is_found_and_no_other(tmp_path: Path) -> None:
    files = {dataset: written(tmp_path, dataset) for dataset in PLANTS}
    errors = tmp_path / "errors.parquet"
    paths = [path for path, _ in files.values()]

    run = subprocess.run(
        [sys.executable, "-c", JUDGING, errors, *paths], capture_output=True, text=True, check=True
    )

    records, disagreements, memory = map(int, run.stdout.split())
    assert (records, disagreements) == (BLOCKS * BLOCK * len(PLANTS), 0)
    assert memory < MEMORY
    table = pq.read_table(errors).select(["dataset", "row", "field", "rule"]).to_pydict()
    found = Counter(zip(*table.values(), strict=True))
    assert max(found.values()) == 1
    by_place = Counter((d, (row - 1) % BLOCK + 1, field, rule) for d, row, field, rule in found)
    key = {(dataset, *each) for dataset, (_, own) in files.items() for each in own}
    assert by_place == dict.fromkeys(key, BLOCKS)

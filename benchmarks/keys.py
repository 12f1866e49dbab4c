"""Keys and references at national scale: ``python -m benchmarks.keys [--keys N]``.

Half of the keys are projects, half tender projects that each refer to one; every millionth key stands twice
and every millionth reference leads nowhere. Ours is the whole judgement with the rules across records. The
floor is DuckDB, with the memory that ours gives it, asked the two bare questions about the same Parquet:
which keys stand twice, which references lead nowhere. Processor seconds and most memory of this process.
``--folder``: where the files are written, and taken from when they are there.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.bulk import forget_peak, peak, warm
from benchmarks.measure import give, say, spending
from gongheng.data.bulk import duck
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry, samples

GROUP = 250_000
TWICE, LOST = 1_000_003, 999_983
_FIRST, _ELSEWHERE = 53 * 10**14, 54 * 10**14
_BARE = """
SELECT (SELECT count(*) FROM (SELECT TENDER_PROJECT_CODE FROM '{child}'
                              GROUP BY 1 HAVING count(*) > 1))
     + (SELECT count(*) FROM (SELECT PROJECT_CODE FROM '{parent}' GROUP BY 1 HAVING count(*) > 1)),
       (SELECT count(*) FROM '{child}' AS c
        WHERE NOT EXISTS (SELECT 1 FROM '{parent}' AS p WHERE p.PROJECT_CODE = c.PROJECT_CODE))
"""


def write(path: Path, dataset: str, records: int) -> None:
    """Write records of which only the keys and references differ."""
    right = samples.valid(dataset)
    fields = [field.code for field in registry.dataset(dataset).fields]
    with pq.ParquetWriter(path, pa.schema([(code, pa.string()) for code in fields])) as writer:
        for numbers in groups(records):
            columns = {
                code: pa.repeat(pa.scalar(right.get(code), pa.string()), len(numbers))
                for code in fields
            }
            writer.write_table(pa.table(columns | keys(dataset, numbers)))


def groups(records: int) -> Iterator[np.ndarray[Any, np.dtype[np.int64]]]:
    for first in range(0, records, GROUP):
        yield np.arange(first, min(first + GROUP, records), dtype=np.int64)


def keys(dataset: str, numbers: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, pa.Array]:
    """Return the columns of keys: some as the record before has it, some references to nowhere."""
    is_child = dataset == "TENDER_PROJECT"
    is_lost = (numbers % LOST == LOST - 1) & is_child
    numbers = numbers - (numbers % TWICE == TWICE - 1)
    codes = np.where(is_lost, _ELSEWHERE, _FIRST) + numbers
    project = pc.binary_join_element_wise("E", pa.array(codes).cast(pa.string()), "")
    if not is_child:
        return {"PROJECT_CODE": project}
    return {
        "PROJECT_CODE": project,
        "TENDER_PROJECT_CODE": pc.binary_join_element_wise(project, "001", ""),
    }


def planted(records: int) -> int:
    """Return how many findings there must be: keys again in both files, references in one."""
    return 2 * (records // TWICE) + records // LOST


def there(folder: Path, each: int) -> tuple[Path, Path]:
    """Return the files of parents and children, written if they are not there."""
    parent, child = folder / "PROJECT.parquet", folder / "TENDER_PROJECT.parquet"
    for path in (parent, child):
        if not path.exists():
            say(f"writing {each:,} records of {path.stem}")
            write(path, path.stem, each)
    return parent, child


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=4_000_000)
    parser.add_argument("--folder", type=Path)
    told = parser.parse_args()
    each = told.keys // 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parent, child = there(told.folder or folder, each)
        warm(folder)
        wish = Wish(paths=(parent, child), errors=folder / "errors.parquet", with_audit=False)
        forget_peak()
        with spending() as ours:
            validate(wish)
        most = peak()
        found = pq.read_metadata(wish.errors).num_rows
        if found != planted(each):
            msg = f"{found} findings, the key has {planted(each)}"
            raise AssertionError(msg)
        say(f"ours {ours.python:.1f} s of processor, {most} MB")
        forget_peak()
        with spending() as floor:
            database = duck.database(folder)
            twice, lost = database.sql(_BARE.format(parent=parent, child=child)).fetchall()[0]
            database.close()
        if twice + lost != found:
            msg = f"the floor found {twice} and {lost}, ours {found}"
            raise AssertionError(msg)
        give(
            "keys",
            {
                "keys": 2 * each,
                "findings": found,
                "cpu_s": round(ours.python, 1),
                "wall_s": round(ours.wall),
                "peak_memory_mb": most,
                "floor_cpu_s": round(floor.python, 1),
                "floor_memory_mb": peak(),
                "ratio": round(ours.python / floor.python, 2),
            },
        )


if __name__ == "__main__":
    main()

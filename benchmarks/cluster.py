"""Ours on a Spark cluster beside the same rules in Spark's SQL: ``python -m benchmarks.cluster [--records N]``.

A standalone cluster of separate processes on this machine, one master and two workers of one core; needs
Java and ``gongheng[spark]``. The rows and rules are those of ``benchmarks.peers``: Spark's SQL is told presence,
length, list and pattern of every field, and the rules of the record that compare fields or ask that one is there.
Both start at the Parquet file (row groups of 25,000) and end with the list of (row, field) as Parquet; the first
run warms up, of the following the least counts. Processor seconds of all processes: driver, master, workers, executors.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import family_seconds, give, say
from benchmarks.peers import DATASET, Finding, told, untold_to, write
from gongheng.data.bulk.spark import Spark
from gongheng.data.bulk.tests import cluster
from gongheng.data.bulk.validating import Wish, validate

GROUP = 25_000
ROUNDS = 2
_WRONG = {
    "enum": "{} NOT IN {}",
    "pattern": "NOT {} RLIKE {}",
    "minLength": "char_length({}) < {}",
    "maxLength": "char_length({}) > {}",
}
_BLANKS = "' \t\r\n\u3000'"


def broken(rules: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the conditions that something is wrong, each with the field where it is shown."""
    for code, said in rules["fields"].items():
        if code in rules["required"]:
            yield code, f"{code} IS NULL"
        for name, value in said.items():
            if name in _WRONG:
                yield code, _WRONG[name].format(code, _sql(value))
    for rule in rules["records"]:
        sign, *fields = rule["then"]
        wrong = f"{fields[0]} IS NULL"
        if sign != "present":
            wrong = f"NOT {fields[0]} {sign} {fields[1]}"
        if rule["when"] is not None:
            field, codes = rule["when"]
            wrong = f"{field} {f'IN {_sql(codes)}' if codes else 'IS NOT NULL'} AND {wrong}"
        yield rule["field"], wrong


def _sql(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(_sql, value))})"
    return str(value) if isinstance(value, int) else _text(value)


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def question(rules: dict[str, Any]) -> str:
    """Return the question for the list of rows and fields; what is blank is absent."""
    given = ", ".join(
        f"CASE WHEN trim(BOTH {_BLANKS} FROM {code}) <> '' THEN {code} END AS {code}"
        for code in rules["fields"]
    )
    wrong = ", ".join(f"CASE WHEN {sql} THEN '{field}' END" for field, sql in broken(rules))
    return f"""
        SELECT row, explode(array_distinct(filter(array({wrong}), x -> x IS NOT NULL))) AS field
        FROM (SELECT row, {given} FROM rows)"""  # noqa: S608  names and codes are ours


def spent(deed: Callable[[], object]) -> tuple[float, float]:
    """Return processor seconds of all processes, and seconds by the wall's clock, of the best round."""
    deed()
    found = []
    for _ in range(ROUNDS):
        cpu, wall = family_seconds(os.getpid()), time.monotonic()
        deed()
        found.append((family_seconds(os.getpid()) - cpu, time.monotonic() - wall))
    return min(found)


def findings(path: Path) -> set[Finding]:
    rows = pq.read_table(path, columns=["row", "field"]).to_pylist()
    return {(row["row"], row["field"]) for row in rows}


def regrouped(path: Path) -> None:
    """Write a file again in groups of rows that tasks can share."""
    table = pa.Table.from_batches(pq.ParquetFile(path).iter_batches())
    pq.write_table(table, path, row_group_size=GROUP)


def compare(folder: Path, key: dict[Finding, str], remote: Spark) -> dict[str, Any]:
    """Measure both on the same cluster, one after the other."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  an extra of its own

    rules, untold = told()
    wish = Wish(
        paths=(folder / f"{DATASET}.parquet",),
        errors=folder / "errors.parquet",
        with_sets=False,
        with_audit=False,
    )
    own = spent(lambda: validate(wish, scheduler=remote))
    if findings(folder / "errors.parquet") != set(key):
        msg = "ours are not the findings of the key"
        raise AssertionError(msg)
    say(f"ours: {own[0]:.2f} cpu s, {own[1]:.2f} s")
    session = SparkSession.getActiveSession()
    session.read.parquet(f"file://{folder}/rows.parquet").createOrReplaceTempView("rows")
    place = folder / "listed"
    asked = question(rules)
    theirs = spent(lambda: session.sql(asked).write.mode("overwrite").parquet(f"file://{place}"))
    seen = findings(place)
    return {
        "findings": len(key),
        "ours": {"cpu_s": round(own[0], 2), "wall_s": round(own[1], 2)},
        "spark_sql": {"cpu_s": round(theirs[0], 2), "wall_s": round(theirs[1], 2)},
        "ratio": round(theirs[0] / own[0], 1),
        "ratio_by_wall": round(theirs[1] / own[1], 1),
        "missed": dict(Counter(rule for place, rule in key.items() if place not in seen)),
        "extra": len(seen - set(key)),
        "not_told": list(untold_to("spark-sql", rules, untold)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    records = parser.parse_args().records
    if cluster.missing():
        raise SystemExit(cluster.missing())
    os.environ["SPARK_LOCAL_IP"] = cluster.HERE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = write(folder, records)
        for path in folder.glob("*.parquet"):
            regrouped(path)
        with cluster.running(folder / "cluster", workers=2) as running:
            remote = Spark(running.url)
            try:
                figures = compare(folder, key, remote)
            finally:
                remote.close()
    give("cluster", {"records": records, **figures})


if __name__ == "__main__":
    main()

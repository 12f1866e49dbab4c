"""Ours beside other validators on the same rows and rules: ``python -m benchmarks.peers --python ENV/bin/python``.

ENV is a throw-away environment that holds the peers:
``pip install dataframely 'pandera[polars,pandas]' great_expectations jsonschema-rs msgspec pyarrow``. Rows are of one
dataset, 3 % wrong, as Parquet. Each peer is told what it can be told of the same declaration: required, length,
list, pattern, and of the rules of the record those that compare fields or ask that one is there. Everybody
starts at the file and ends with the list of (row, field); the first run warms up, the second counts.
Processor seconds of all threads. What a peer misses of the key is printed, with the rules it was not told.
The same rows as JSON lines: ours judges them, msgspec merely parses each line.
"""

import argparse
import ast
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.bulk import BLOCK, FREE, seconds
from benchmarks.measure import give, say
from benchmarks.peer_runs import FLOOR, LOOKS_AHEAD, PEERS
from gongheng.data.bulk.files import opened
from gongheng.data.bulk.tests.planted import planted
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard import registry
from gongheng.data.standard.rules import row_rules_of
from gongheng.data.standard.schema import json_schema

DATASET = "TENDER_ANN_QUA_INQUERY_ANN"
SIGNS = {ast.LtE: "<=", ast.Lt: "<", ast.Eq: "=="}
GOALS = {"dataframely": 5, "pandera-polars": 5, "pandera-pandas": 20, "great-expectations": 50}
WITHOUT_LOOKING_AHEAD = {"dataframely", "pandera-polars"}
Finding = tuple[int, str]


def write(folder: Path, records: int) -> dict[Finding, str]:
    """Write the rows and return the rule that each finding breaks."""
    made = planted(DATASET, count=BLOCK, share=0.03, seed=1)
    fields = [field.code for field in registry.dataset(DATASET).fields]
    wrong = {(row, field) for row, field, _ in made.key}
    columns: dict[str, list[Any]] = {code: [] for code in fields}
    for block in range(records // BLOCK):
        for row, record in enumerate(made.records, 1):
            for code in fields:
                value = record.get(code)
                if value and code in FREE and (row, code) not in wrong:
                    value = f"{value}{block}-{row}"
                columns[code].append(value)
    numbers = pa.array(range(1, records + 1), pa.int64())
    table = pa.table({c: pa.array(v, pa.string()) for c, v in columns.items()})
    pq.write_table(table, folder / f"{DATASET}.parquet", row_group_size=250_000)
    pq.write_table(table.append_column("row", numbers), folder / "rows.parquet")
    return {
        (row + block * BLOCK, field): rule
        for row, field, rule in made.key
        for block in range(records // BLOCK)
    }


def told() -> tuple[dict[str, Any], list[str]]:
    """Return what can be told to others, and the rules of the record that cannot."""
    schema = json_schema(DATASET)
    fields = {name: said["anyOf"][0] for name, said in schema["properties"].items()}
    records, untold = [], []
    for each in row_rules_of(DATASET):
        when, then = _when(each.rule.when), _then(each.rule.assertion)
        if then is None or when is False:
            untold.append(each.rule.id)
        else:
            records.append({"field": each.rule.field, "when": when, "then": then})
    rules = {"required": schema["required"], "fields": fields, "records": records, "schema": schema}
    return rules, untold


def _then(said: str) -> list[str] | None:
    match ast.parse(said, mode="eval").body:
        case ast.Call(func=ast.Name(id="present"), args=[ast.Name(id=field)]):
            return ["present", field]
        case ast.Compare(left=ast.Name(id=left), ops=[sign], comparators=[ast.Name(id=right)]):
            return [SIGNS[type(sign)], left, right]
    return None


def _when(said: str) -> list[Any] | bool | None:
    """Return field and codes of a condition, None for none, False when it cannot be told."""
    if not said:
        return None
    match ast.parse(said, mode="eval").body:
        case ast.Call(func=ast.Name(id="present"), args=[ast.Name(id=field)]):
            return [field, None]
        case ast.Compare(
            left=ast.Name(id=field), ops=[ast.Eq() | ast.In()], comparators=[ast.expr() as codes]
        ):
            value = ast.literal_eval(codes)
            return [field, [value] if isinstance(value, str) else list(value)]
    return False


def untold_to(peer: str, rules: dict[str, Any], untold: list[str]) -> Iterator[str]:
    """Say what a peer was not told, because it has no words for it."""
    checks = Counter(
        said["$comment"].removeprefix("check: ")
        for said in rules["schema"]["properties"].values()
        if "$comment" in said
    )
    yield f"check characters of {sum(checks.values())} fields ({', '.join(sorted(checks))})"
    yield f"{len(untold)} rules of the record ({', '.join(untold)})"
    if peer in WITHOUT_LOOKING_AHEAD:
        yield "patterns that look ahead"
    if peer == "jsonschema-rs":
        yield f"the other {len(rules['records'])} rules of the record"
    if peer == "great-expectations":
        yield "rules of the record that depend on another field's code or presence"


def write_lines(folder: Path) -> Path:
    """Write the same rows as JSON lines, under both names."""
    path = folder / f"{DATASET}.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for batch in pq.ParquetFile(folder / f"{DATASET}.parquet").iter_batches():
            for record in batch.to_pylist():
                body = {name: value for name, value in record.items() if value is not None}
                lines.write(json.dumps(body, ensure_ascii=False) + "\n")
    (folder / "rows.jsonl").symlink_to(path)
    return path


def ours(folder: Path, ending: str) -> tuple[float, set[Finding]]:
    """Return our processor seconds and findings."""
    listed = folder / "errors.parquet"
    path = folder / f"{DATASET}{ending}"
    wish = Wish(paths=(path,), errors=listed, with_sets=False, with_audit=False)
    validate(wish)
    spent = min(seconds(lambda: validate(wish)) for _ in range(3))
    rows = pq.read_table(listed, columns=["row", "field"]).to_pylist()
    return spent, {(row["row"], row["field"]) for row in rows}


def theirs(peer: str, python: str, folder: Path, rules: dict[str, Any]) -> dict[str, Any]:
    """Run a peer; say so when it is not there or fails."""
    kept = dict(rules)
    if peer in WITHOUT_LOOKING_AHEAD:
        kept["fields"] = {
            name: said if LOOKS_AHEAD not in said.get("pattern", "") else {}
            for name, said in rules["fields"].items()
        }
    (folder / "rules.json").write_text(json.dumps(kept), encoding="utf-8")
    program = Path(__file__).with_name("peer_runs.py")
    done = subprocess.run(
        [python, str(program), peer, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["?"]
        return {"absent": lines[-1][:200]}
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found = json.loads((folder / f"{peer}.json").read_text(encoding="utf-8"))
    return figures | {"found": {(row, field) for row, field in found}}


def reading(folder: Path) -> float:
    """Return the processor seconds of reading the rows alone, as we read them."""
    path = folder / f"{DATASET}.parquet"
    return min(seconds(lambda: list(opened(path).chunks())) for _ in range(3))


def exact(folder: Path, ending: str, key: dict[Finding, str]) -> float:
    """Return our processor seconds; what is found must be what the key says."""
    own, found = ours(folder, ending)
    if found != set(key):
        msg = f"{len(found)} findings, the key has {len(key)}"
        raise AssertionError(msg)
    return own


def of_lines(folder: Path, key: dict[Finding, str], python: str) -> dict[str, Any]:
    """Compare ours on JSON lines with merely parsing them."""
    size = write_lines(folder).stat().st_size
    own = exact(folder, ".jsonl", key)
    floor = theirs(FLOOR, python, folder, {"fields": {}})
    figures = {"mb": round(size / 1e6), "cpu_s": round(own, 2), FLOOR: floor}
    if "cpu_s" in floor:
        floor.pop("found")
        figures["ratio"] = round(own / floor["cpu_s"], 2)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--python", required=True, help="of the environment that holds the peers")
    parser.add_argument("--lines", action="store_true", help="JSON lines alone")
    asked = parser.parse_args()
    if asked.lines:
        with tempfile.TemporaryDirectory() as name:
            key = write(Path(name), asked.records)
            give("json_lines", of_lines(Path(name), key, asked.python))
        return
    rules, untold = told()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = write(folder, asked.records)
        own, read = exact(folder, ".parquet", key), reading(folder)
        say(
            f"ours: {own:.2f} cpu s, {asked.records / own:,.0f} records per cpu s, {len(key)} findings"
        )
        for peer in PEERS:
            row = theirs(peer, asked.python, folder, rules)
            if "absent" not in row:
                seen = row.pop("found")
                missed = Counter(rule for place, rule in key.items() if place not in seen)
                row |= {
                    "ratio": round(row["cpu_s"] / own, 1),
                    "ratio_without_reading": round(
                        (row["cpu_s"] - row["reading_cpu_s"]) / (own - read), 1
                    ),
                    "goal": GOALS.get(peer),
                    "records_per_cpu_s": round(asked.records / row["cpu_s"]),
                    "missed": dict(missed),
                    "extra": len(seen - set(key)),
                    "not_told": list(untold_to(peer, rules, untold)),
                }
            rows.append({"peer": peer, **row})
            say(f"{rows[-1]}")
        lines = of_lines(folder, key, asked.python)
        say(f"JSON lines: {lines}")
    figures: dict[str, Any] = {
        "records": asked.records,
        "findings": len(key),
        "ours": {
            "cpu_s": round(own, 3),
            "reading_cpu_s": round(read, 3),
            "records_per_cpu_s": round(asked.records / own),
        },
        "rows": rows,
        "json_lines": lines,
    }
    give("peers", figures)


if __name__ == "__main__":
    main()

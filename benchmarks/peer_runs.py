"""One peer over the rows and rules of ``benchmarks.peers``, in an environment that has it.

``python peer_runs.py PEER FOLDER`` reads ``rows.parquet`` and ``rules.json`` there, judges twice, and prints
the processor seconds of the second time, all threads: from the file to the list of (row, field), which
it writes to ``PEER.json``. It imports nothing of ours: what a peer is told stands in ``rules.json``.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

BLANK = " \t\r\n\u3000"
LOOKS_AHEAD = "(?="
Finding = tuple[int, str]
Rules = dict[str, Any]


def cleaned(folder: Path) -> Any:
    """Read with polars; what is blank is absent, as the standard has it."""
    import polars as pl

    frame = pl.read_parquet(folder / "rows.parquet")
    texts = [name for name in frame.columns if name != "row"]
    is_given = {name: pl.col(name).str.strip_chars(BLANK) != "" for name in texts}
    return frame.with_columns(
        pl.when(is_given[name]).then(pl.col(name)).alias(name) for name in texts
    )


def expression(rule: Rules) -> Any:
    """Return a rule of the record in polars: true where it is kept or is not asked."""
    import polars as pl

    sign, *names = rule["then"]
    columns = [pl.col(name) for name in names]
    if sign == "present":
        kept = columns[0].is_not_null()
    else:
        left, right = columns
        compared = {"<=": left <= right, "<": left < right, "==": left == right}[sign]
        kept = compared.fill_null(value=True)
    if rule["when"] is None:
        return kept
    field, codes = rule["when"]
    asked = pl.col(field).is_not_null() if codes is None else pl.col(field).is_in(codes)
    return kept | ~asked.fill_null(value=False)


def dataframely(folder: Path, rules: Rules) -> Callable[[], Iterable[Finding]]:
    import dataframely as dy
    import polars as pl

    def told(name: str, said: Rules) -> Any:
        codes = said.get("enum")
        return dy.String(
            nullable=name not in rules["required"],
            min_length=said.get("minLength"),
            max_length=said.get("maxLength"),
            regex=said.get("pattern"),
            check={"codes": lambda column: column.is_in(codes)} if codes else None,
        )

    parts: dict[str, Any] = {"row": dy.Int64(nullable=False)}
    parts |= {name: told(name, said) for name, said in rules["fields"].items()}
    for number, rule in enumerate(rules["records"]):

        def kept(_schema: Any, told: Rules = rule) -> Any:
            return expression(told)

        parts[f"{rule['field']}|{number}"] = dy.rule()(kept)
    schema: Any = type("Rows", (dy.Schema,), parts)

    def judge() -> Iterable[Finding]:
        _, failure = schema.filter(cleaned(folder))
        bad = failure.details()
        for name in bad.columns:
            if "|" in name:
                for row in bad.filter(pl.col(name) == "invalid")["row"].to_list():
                    yield row, name.split("|")[0]

    return judge


def pandera_polars(folder: Path, rules: Rules) -> Callable[[], Iterable[Finding]]:
    import pandera.polars as pa
    import polars as pl

    columns = {name: _column(pa, pl.String, name, rules) for name in rules["fields"]}
    checks = [
        pa.Check(
            lambda data, told=rule: data.lazyframe.select(expression(told)), name=rule["field"]
        )
        for rule in rules["records"]
    ]
    schema = pa.DataFrameSchema(columns, checks=checks)

    def judge() -> Iterable[Finding]:
        frame = cleaned(folder)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as wrong:
            cases = wrong.failure_cases
            numbers = frame["row"]
            for context, column, check, index in cases.select(
                "schema_context", "column", "check", "index"
            ).iter_rows():
                if index is not None:
                    yield numbers[index], column if context == "Column" else check

    return judge


def pandera_pandas(folder: Path, rules: Rules) -> Callable[[], Iterable[Finding]]:
    import pandas as pd
    import pandera.pandas as pa

    def kept(frame: Any, rule: Rules) -> Any:
        sign, *names = rule["then"]
        if sign == "present":
            is_kept = frame[names[0]].notna()
        else:
            left, right = (frame[name] for name in names)
            compared = {"<=": left <= right, "<": left < right, "==": left == right}[sign]
            is_kept = compared | left.isna() | right.isna()
        if rule["when"] is None:
            return is_kept
        field, codes = rule["when"]
        asked = frame[field].notna() if codes is None else frame[field].isin(codes)
        return is_kept | ~asked

    columns = {name: _column(pa, None, name, rules) for name in rules["fields"]}
    checks = [
        pa.Check(lambda frame, told=rule: kept(frame, told), name=rule["field"], ignore_na=False)
        for rule in rules["records"]
    ]
    schema = pa.DataFrameSchema(columns, checks=checks)

    def judge() -> Iterable[Finding]:
        frame = _pandas(pd, folder, rules)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as wrong:
            cases = wrong.failure_cases
            kinds = zip(
                cases["schema_context"],
                cases["column"],
                cases["check"],
                cases["index"],
                strict=True,
            )
            for context, column, check, index in kinds:
                if index is not None and index == index:  # noqa: PLR0124  not a number is not itself
                    yield int(index) + 1, column if context == "Column" else check

    return judge


def _pandas(pd: Any, folder: Path, rules: Rules) -> Any:
    frame = pd.read_parquet(folder / "rows.parquet")
    for name in rules["fields"]:
        frame[name] = frame[name].mask(frame[name].str.strip(BLANK) == "", None)
    return frame


def _column(pa: Any, kind: Any, name: str, rules: Rules) -> Any:
    said = rules["fields"][name]
    checks = []
    if "enum" in said:
        checks.append(pa.Check.isin(said["enum"]))
    if "pattern" in said:
        checks.append(pa.Check.str_matches(said["pattern"]))
    if "minLength" in said or "maxLength" in said:
        checks.append(pa.Check.str_length(said.get("minLength"), said.get("maxLength")))
    return pa.Column(kind, checks=checks, nullable=name not in rules["required"])


def great_expectations(folder: Path, rules: Rules) -> Callable[[], Iterable[Finding]]:
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd

    expected = list(_expected(gxe, rules))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    definition = asset.add_batch_definition_whole_dataframe("rows")
    suite = gx.ExpectationSuite(name="rows", expectations=expected)
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]}

    def judge() -> Iterable[Finding]:
        frame = _pandas(pd, folder, rules)
        batch = definition.get_batch(batch_parameters={"dataframe": frame})
        for result in batch.validate(suite, result_format=wanted).results:
            told = result.expectation_config
            field = (told.meta or {}).get("field") or told.kwargs.get("column")
            for place in result.result.get("unexpected_index_list") or ():
                yield place["row"], field

    return judge


def _expected(gxe: Any, rules: Rules) -> Iterable[Any]:
    for name, said in rules["fields"].items():
        if name in rules["required"]:
            yield gxe.ExpectColumnValuesToNotBeNull(column=name)
        if "enum" in said:
            yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=said["enum"])
        if "pattern" in said:
            yield gxe.ExpectColumnValuesToMatchRegex(column=name, regex=said["pattern"])
        if "minLength" in said or "maxLength" in said:
            bounds = {"min_value": said.get("minLength"), "max_value": said.get("maxLength")}
            yield gxe.ExpectColumnValueLengthsToBeBetween(column=name, **bounds)
    for rule in rules["records"]:
        if rule["then"][0] in {"<", "<="} and rule["when"] is None:
            yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=rule["then"][2],
                column_B=rule["then"][1],
                or_equal=rule["then"][0] == "<=",
                ignore_row_if="either_value_is_missing",
                meta={"field": rule["field"]},
            )


def jsonschema_rs(folder: Path, rules: Rules) -> Callable[[], Iterable[Finding]]:
    import jsonschema_rs as peer
    import pyarrow.parquet as pq

    validator = peer.validator_for(rules["schema"])
    quoted = re.compile('"([A-Z0-9_]+)" is a required property')

    def judge() -> Iterable[Finding]:
        for batch in pq.ParquetFile(folder / "rows.parquet").iter_batches():
            for record in batch.to_pylist():
                row = record.pop("row")
                body = {name: value for name, value in record.items() if value is not None}
                for error in validator.iter_errors(body):
                    missing = quoted.match(error.message)
                    yield row, missing[1] if missing else str(error.instance_path[0])

    return judge


def msgspec(folder: Path, _rules: Rules) -> Callable[[], Iterable[Finding]]:
    """Parse every line and judge nothing: the floor of JSON lines."""
    import msgspec as peer

    decoder = peer.json.Decoder()

    def parse() -> Iterable[Finding]:
        with (folder / "rows.jsonl").open("rb") as lines:
            for line in lines:
                decoder.decode(line)
        return []

    return parse


PEERS: Mapping[str, tuple[str, Callable[[Path, Rules], Callable[[], Iterable[Finding]]]]] = {
    "dataframely": ("dataframely", dataframely),
    "pandera-polars": ("pandera", pandera_polars),
    "pandera-pandas": ("pandera", pandera_pandas),
    "great-expectations": ("great_expectations", great_expectations),
    "jsonschema-rs": ("jsonschema-rs", jsonschema_rs),
}
FLOOR = "msgspec"


def reading(name: str, folder: Path) -> float:
    """Return the processor seconds of reading the rows alone, as this peer reads them."""
    path = folder / "rows.parquet"
    if name in {"dataframely", "pandera-polars"}:
        import polars as pl

        read: Callable[[Path], Any] = pl.read_parquet
    elif name in {"pandera-pandas", "great-expectations"}:
        import pandas as pd

        read = pd.read_parquet
    else:
        return 0.0
    read(path)
    began = time.process_time()
    read(path)
    return time.process_time() - began


def main() -> None:
    """Run one peer."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    package, prepare = PEERS.get(name) or (FLOOR, msgspec)
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    judge = prepare(folder, rules)
    list(judge())
    spent = float("inf")
    for _ in range(3 if name == FLOOR else 1):  # ours is the least of three as well
        began = time.process_time()
        found = sorted({(int(row), field) for row, field in judge()})
        spent = min(spent, time.process_time() - began)
    (folder / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")
    told = {"version": version(package), "cpu_s": round(spent, 3)}
    print(json.dumps(told | {"reading_cpu_s": round(reading(name, folder), 3)}))


if __name__ == "__main__":
    main()

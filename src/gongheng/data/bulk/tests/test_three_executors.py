"""The rules of the record say the same in Python, over columns in both loops, and in SQL."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from gongheng.data.bulk.tests.planted import Record
from gongheng.data.bulk.tests.sql_rules import NotInSql, broken
from gongheng.data.bulk.tests.test_agreement import TEXTS, found, one_by_one
from gongheng.data.standard import registry, samples
from gongheng.data.standard.expressions import fields_of
from gongheng.data.standard.generated import DAYS
from gongheng.data.standard.reading import plan_of, read
from gongheng.data.standard.registry import Field
from gongheng.data.standard.rules import CompiledRule, row_rules_of

Finding = tuple[int, str, str]
MOMENTS = (
    "20261012090000", "20261012085959", "20261012090001", "20261019170000", "20261105090000",
    "20261105085959", "20261105090001", "20240229235959", "20240301000000", "99991231235959",
    "00010101000000", "20261231235959", "20270101000000",
)  # fmt: skip
NUMBERS = ("0", "0.000000", "0.000001", "1", "2", "3", "4", "46800000.00", "3000000000", "99999999")
LAWFUL = ("lasts(", "share(", "allowed(", "listed(", "exists(")


def said_in_sql(dataset: str) -> dict[str, tuple[CompiledRule, str]]:
    """Return the rules of a dataset that can be said in SQL, by their public codes."""
    rules = {}
    for rule in row_rules_of(dataset):
        try:
            rules[f"std.{rule.rule.kind}.{rule.rule.id}"] = rule, broken(rule)
        except NotInSql:
            continue
    return rules


RULED = sorted(d.code for d in registry.datasets() if said_in_sql(d.code))


def by_sql(dataset: str, records: Sequence[Mapping[str, object]]) -> set[Finding]:
    rules = said_in_sql(dataset)
    readings = [read(plan_of(dataset), record, "") for record in records]
    columns = {"row": pa.array(range(1, len(records) + 1))}
    names = {
        n for r, _ in rules.values() for n in fields_of(r.rule.when) | fields_of(r.rule.assertion)
    }
    for name in sorted(names):
        columns[name] = pa.array([r.right.get(name) for r in readings], pa.string())
        columns[f"given {name}"] = pa.array([name in r.given for r in readings])
    days = [next((r.right[d][:8] for d in DAYS if d in r.right), "") for r in readings]
    columns["day"] = pa.array(days)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("records", pa.table(columns))
        asked = ", ".join(f"{sql} AS r{number}" for number, (_, sql) in enumerate(rules.values()))
        rows = connection.execute(f"SELECT row, {asked} FROM records").fetchall()  # noqa: S608  names are ours
    codes = [(rule.field, code) for code, (rule, _) in rules.items()]
    return {
        (row, field, code)
        for row, *answers in rows
        for (field, code), is_broken in zip(codes, answers, strict=True)
        if is_broken
    }


def near(field: Field) -> st.SearchStrategy[str | None]:
    """Return values at the edges of what rules ask of such a field."""
    right = samples.value_of
    choices: list[str | None] = [None, "", " ", *TEXTS[:12]]
    if field.type in {"date", "datetime"}:
        choices.extend(moment[: field.length.size] for moment in MOMENTS)
    elif field.code_list:
        choices.extend(registry.code_list(field.code_list).codes[:8])
    elif field.type in {"integer", "decimal"}:
        choices.extend(NUMBERS)
    else:
        one = right(next(d.code for d in registry.datasets() if field in d.fields), field.code)
        choices.extend([one, f"{one};{one}", one[:-1], samples.deal_code("B01")])
    return st.sampled_from(choices)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[Record]]:
    """Draw records of a dataset, changed in what one of its rules asks for."""
    dataset = draw(st.sampled_from(RULED))
    rules = row_rules_of(dataset)
    records: list[Record] = []
    for _ in range(draw(st.integers(4, 10))):
        rule = draw(st.sampled_from(rules)).rule
        asked = sorted(fields_of(rule.when) | fields_of(rule.assertion))
        by_code = registry.dataset(dataset).by_code
        changes = {code: draw(near(by_code[code])) for code in asked}
        base = draw(st.sampled_from([samples.valid, samples.full]))
        records.append({**base(dataset), **changes})
    return dataset, records


def assert_three_agree(dataset: str, records: list[Record]) -> None:
    rules = set(said_in_sql(dataset))
    single = one_by_one(dataset, records)

    assert found(dataset, records) == single
    assert found(dataset, records, kernel="numpy", as_dictionary=True) == single
    assert by_sql(dataset, records) == {each for each in single if each[2] in rules}


SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(SLOW, max_examples=20)
@given(files())
def test_three_executors_agree_on_the_edges_of_rules(drawn: tuple[str, list[Record]]) -> None:
    assert_three_agree(*drawn)


@pytest.mark.full
@settings(SLOW, max_examples=1500)
@given(files())
def test_three_executors_agree_on_many_more(drawn: tuple[str, list[Record]]) -> None:
    assert_three_agree(*drawn)


def test_only_what_asks_the_law_or_a_dated_list_is_not_said_in_sql() -> None:
    for dataset in registry.datasets():
        codes = said_in_sql(dataset.code)
        for rule in row_rules_of(dataset.code):
            is_lawful = any(word in f"{rule.rule.when} {rule.rule.assertion}" for word in LAWFUL)
            assert (f"std.{rule.rule.kind}.{rule.rule.id}" in codes) is not is_lawful, rule.rule.id

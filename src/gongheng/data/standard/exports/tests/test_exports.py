"""What is exported says what the standard says, to programs that are not ours."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree

from gongheng.data.standard import registry, validator
from gongheng.data.standard.exports import ddl, rows, writing, xsd
from gongheng.data.standard.registry import Dataset, Field
from gongheng.node import cli

pytestmark = pytest.mark.slow

SEVERAL = ("PROJECT", "SECTION", "TENDER_ANN_QUA_INQUERY_ANN", "TENDER_FILE_CLARI_MODI")
STRUCTURAL = ("required", "key", "length", "number", "time", "code_list", "region", "empty_part")
VALUES = (
    "", " ", "\u3000\t", "1", "0", "99", "A", "01", "１", "-1", ";", "1;1", "1;", "1; ;1",
    "20261012090000", "20260230", "20261012240000", "1.5", "1.", "999999999999999.99", "110000",
    "539999", "156", "中", "x" * 700, "\x85",
)  # fmt: skip


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standard") / "export"
    writing.write(folder)
    return folder


@cache
def judge(folder: Path, dataset: str) -> Any:
    return etree.XMLSchema(file=str(folder / "xsd" / f"{dataset}.xsd"))


def are_right_samples(exported: Path, datasets: tuple[Dataset, ...]) -> None:
    for dataset in datasets:
        name = f"samples/{dataset.code}"
        body = json.loads((exported / f"{name}.json").read_bytes())
        described = json.loads((exported / f"json-schema/{dataset.code}.json").read_bytes())
        tree = etree.parse(exported / f"{name}.xml")

        assert validator.check(dataset.code, body) == []
        assert jsonschema_rs.validator_for(described).is_valid(body)
        assert {x.tag: x.text for x in tree.find(".//CONTEXT")} == body
        judge(exported, dataset.code).assertValid(tree)


def test_samples_are_right_to_us_and_to_foreign_judges(exported: Path) -> None:
    are_right_samples(exported, registry.datasets()[::8])


@pytest.mark.full
def test_every_sample_is_right_to_us_and_to_foreign_judges(exported: Path) -> None:
    are_right_samples(exported, registry.datasets())


def test_the_same_tables_give_the_same_bytes(exported: Path) -> None:
    made = {name: hashlib.sha256(content).digest() for name, content in writing.files()}
    kept = {
        str(path.relative_to(exported)): hashlib.sha256(path.read_bytes()).digest()
        for path in exported.rglob("*")
        if path.is_file()
    }

    assert made == kept


def is_right_xml(folder: Path, dataset: str, body: dict[str, str]) -> bool:
    tree = etree.fromstring(rows.as_xml(dataset, [body]))
    found: bool = judge(folder, dataset).validate(tree)
    return found


def structural(dataset: str, body: dict[str, str]) -> set[str]:
    rules = {f"std.{name}" for name in (*STRUCTURAL, "control_character")}
    return {x.field for x in validator.check(dataset, body) if x.rule in rules}


@pytest.mark.parametrize("dataset", SEVERAL)
def test_the_xml_schema_judges_each_field_as_we_do(exported: Path, dataset: str) -> None:
    body = rows.sample(dataset)

    for field in registry.dataset(dataset).fields:
        without = {code: value for code, value in body.items() if code != field.code}
        assert is_right_xml(exported, dataset, without) is not bool(structural(dataset, without))
        for value in VALUES:
            changed = {**body, field.code: value}
            wrong = structural(dataset, changed)
            assert is_right_xml(exported, dataset, changed) is not bool(wrong), (field.code, value)


def insert(dataset: str, body: dict[str, str]) -> None:
    given = {code: value for code, value in body.items() if value.strip(" \t\r\n\u3000")}
    names = ", ".join(f'"{code}"' for code in given)
    marks = ", ".join(["%s"] * len(given))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{dataset}" ({names}) VALUES ({marks})', [*given.values()])  # noqa: S608  names are ours


def is_right_row(dataset: str, body: dict[str, str]) -> bool:
    try:
        with transaction.atomic():
            insert(dataset, body)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.django_db
def test_the_tables_judge_each_field_as_we_do_and_know_keys_and_parents() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA standard; SET LOCAL search_path = standard")
        cursor.execute(ddl.script())
    project, below = rows.sample("PROJECT"), rows.sample("TENDER_PROJECT")

    for field in registry.dataset("PROJECT").fields:
        for value in (*VALUES[:-1], ""):
            changed = {**project, field.code: value}
            is_right = not structural("PROJECT", changed)
            assert is_right_row("PROJECT", changed) is is_right, (field.code, value)
    assert not is_right_row("TENDER_PROJECT", below)
    insert("PROJECT", project)
    assert is_right_row("TENDER_PROJECT", below)
    assert not is_right_row("PROJECT", project)


@pytest.mark.full
@pytest.mark.django_db
def test_the_tables_take_every_sample() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA standard; SET LOCAL search_path = standard")
        cursor.execute(ddl.script())
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # the samples are no single case
        for dataset in registry.datasets():
            insert(dataset.code, rows.sample(dataset.code))
        transaction.set_rollback(True)


def test_the_dictionary_names_every_field_rule_and_code(exported: Path) -> None:
    page = etree.HTML((exported / "dictionary.html").read_bytes())
    said = {"".join(code.itertext()) for code in page.iter("code")}
    fields = {field.code for dataset in registry.datasets() for field in dataset.fields}
    rules = {f"std.{r.kind}.{r.id}" for dataset in registry.datasets() for r in dataset.rules}
    codes = {code for codes in registry.code_lists() for code in codes.labels}

    assert fields | rules | codes <= said
    assert not [*page.iter("script", "link", "img")]
    targets = {x.get("id") for x in page.iter() if x.get("id")}
    assert {a.get("href")[1:] for a in page.iter("a")} <= targets


def test_the_command_writes_into_an_empty_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").touch()

    assert cli.main(["standard", "export", str(tmp_path)]) == 1
    assert writing.NOT_EMPTY.message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_codes_of_exact_length_keep_it_in_open_lists() -> None:
    fields: list[Field] = [
        field
        for dataset in registry.datasets()
        for field in dataset.fields
        if field.code_list and registry.code_list(field.code_list).is_open
    ]
    for field in fields:
        shape = xsd.shape_of(field)
        assert not field.length.is_exact or "+" not in shape

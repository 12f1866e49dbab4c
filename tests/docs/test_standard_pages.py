"""The how-to pages on the data standard are followed: their rows alone change what the house does."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.standard import registry, samples, schema, table_files, validator
from gongheng.data.standard.forms import CodeListField, StandardForm
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.public.search.tests.seeding import index
from tests.docs.pages import rows

Follow = Callable[[str], None]


def _forget() -> None:
    """Let everything that was read from the tables be read again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gongheng."):
            for found in list(vars(module).values()):
                if callable(getattr(found, "cache_clear", None)):
                    found.cache_clear()


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Follow]:
    """Add the rows of a page to a copy of the tables, and read the standard from there."""
    tables = Path(shutil.copytree(table_files._TABLES, tmp_path / "tables"))

    def add(name: str) -> None:
        found = rows(name)
        assert found, "the page has rows"
        for table, text in found:
            with (tables / table).open("a", encoding="utf-8") as file:
                file.write(text)
        monkeypatch.setattr(table_files, "_TABLES", tables)
        _forget()

    yield add
    monkeypatch.undo()
    _forget()


def test_a_field_is_one_row_and_everything_follows(follow: Follow) -> None:
    before = samples.valid("PROJECT")
    follow("add-a-field")

    class Form(StandardForm):
        green = CodeListField("PROJECT", "IS_GREEN", radio=True)

    field = Form().fields["green"]
    sample = samples.valid("PROJECT")
    described = schema.json_schema("PROJECT")
    told = Client().get("/api/v1/standard/datasets/PROJECT").json()
    assert registry.dataset("PROJECT").field("IS_GREEN").label == "是否绿色建筑"
    assert [finding.field for finding in validator.check("PROJECT", before)] == ["IS_GREEN"]
    assert validator.check("PROJECT", sample) == []
    assert [one.field for one in validator.check("PROJECT", sample | {"IS_GREEN": "7"})]
    assert (field.label, field.required) == ("是否绿色建筑", True)
    assert list(field.widget.choices) == [("0", "否"), ("1", "是")]
    assert not Form({"green": "7"}).is_valid()
    assert "IS_GREEN" in described["required"]
    assert described["properties"]["IS_GREEN"]["title"] == "是否绿色建筑"
    assert (told["fields"][-1]["code"], told["fields"][-1]["need"]) == ("IS_GREEN", "M")
    assert sample.keys() - before.keys() == {"IS_GREEN"}


@pytest.mark.django_db
def test_a_notice_kind_is_rows_and_the_portal_lists_it(follow: Follow, settings: Any) -> None:
    class Standing:
        def now(self) -> Any:
            return DEMO_STARTS_AT + timedelta(days=1)

    settings.GONGHENG_CLOCK = Standing()
    follow("add-a-notice-kind")
    for dataset in ("PROJECT", "TENDER_PROJECT"):
        records.publish(
            dataset=dataset,
            body=samples.valid(dataset),
            audience=Audience.PUBLIC,
            now=DEMO_STARTS_AT,
        )
    body = samples.valid("SITE_VISIT_NOTICE") | {"NOTICE_NAME": "图书馆工程现场踏勘公告"}
    published = records.publish(
        dataset="SITE_VISIT_NOTICE", body=body, audience=Audience.PUBLIC, now=DEMO_STARTS_AT
    )

    index()

    listed = Client().get("/notices/", {"kind": "现场踏勘公告"})
    shown = Client().get(f"/notices/{published.pk}/")

    assert '<option value="现场踏勘公告"' in listed.text
    assert "图书馆工程现场踏勘公告" in listed.text
    assert "共 1 条公告" in listed.text
    assert shown.status_code == 200
    assert "公告内容" in shown.text

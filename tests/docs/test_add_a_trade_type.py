"""The how-to page is followed to the letter: its file alone makes a new trade type."""

import re
import sys
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest
from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.procedures.tests.support import advance_usually, agreeing, begun, open_accounts
from gongheng.trading.cases import drawing, guards, reasons, standing, table
from gongheng.trading.cases.checking import check
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.discovery import discover

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-trade-type.md"
ON = date(2026, 10, 12)
FILE = re.compile(r"Write `src/gongheng/procedures/(\w+\.py)`")
BLOCK = re.compile(r"^   ```python\n(.*?)^   ```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def procedure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Procedure]:
    """Write the page's file into an empty package, and find it there."""
    page = PAGE.read_text(encoding="utf-8")
    name, block = FILE.search(page), BLOCK.search(page)
    assert name, "the page names its file"
    assert block, "the page has its code"
    folder = tmp_path / "written_by_the_page"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / name[1]).write_text(textwrap.dedent(block[1]), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    invalidate_caches()

    (found,) = discover(import_module(folder.name))
    yield found

    standing.declaration.cache_clear()
    for module in [module for module in sys.modules if module.startswith(folder.name)]:
        del sys.modules[module]


def test_the_new_file_is_found_checked_and_drawn(procedure: Procedure) -> None:
    faults = check(procedure, on=ON)
    picture = ET.fromstring(drawing.draw(procedure))  # noqa: S314  our own text
    words = table.as_table(procedure, on=ON)

    assert (procedure.code, procedure.title) == ("works_invited", "工程建设项目邀请招标")
    assert faults == []
    ids = {element.get("id") for element in picture.iter()}
    assert {f"works_invited-step-{step.code}" for step in procedure.steps} <= ids
    assert "发出投标邀请书" in words
    assert "W-02 邀请招标的被邀请人不少于3个（《招标投标法》第十七条）" in words


@pytest.mark.django_db
def test_a_case_of_the_new_type_runs_to_its_end(
    procedure: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_accounts()
    monkeypatch.setattr(guards, "_provided", agreeing(procedure))
    walk = begun(procedure)
    walk.stated = {"invited": 2}
    while walk.case.awaits != "publish_notice":
        advance_usually(walk)

    with pytest.raises(Refusal) as refusal, transaction.atomic():
        advance_usually(walk)
    walk.stated = {"invited": 3}
    while not walk.case.is_over:
        advance_usually(walk)

    assert refusal.value.reason is reasons.COUNT_UNLAWFUL
    assert refusal.value.facts["rule"] == "W-02"
    assert walk.case.awaits == "concluded"
    assert walk.case.version.code == "works_invited"


def test_the_page_names_what_there_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    root = PAGE.parents[2] / "src" / "gongheng"

    for named in re.findall(r"`((?:trading|kernel|registers)/[\w/]+(?:\.py|/)?)`", page):
        assert (root / named).exists(), named
    for link in re.findall(r"\]\(([^)]+)\)", page):
        assert (PAGE.parent / link).exists(), link

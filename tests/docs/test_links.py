"""Every page of the documentation leads to what there is."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import HOW_TO

DOCS = HOW_TO.parent
PACKAGE = DOCS.parent / "src" / "gongheng"
PAGES = sorted(DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_page_names_what_there_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    named = re.findall(r"`((?:trading|kernel|registers|data|public|node)/[\w/]+(?:\.py|/))`", text)

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [name for name in named if not (PACKAGE / name).exists()] == []


def test_every_how_to_page_is_in_the_table_of_the_first_page() -> None:
    start = (DOCS / "start.md").read_text(encoding="utf-8")

    assert [
        page.name for page in HOW_TO.glob("[ac]*.md") if f"how-to/{page.name}" not in start
    ] == []

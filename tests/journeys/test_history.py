"""History comes into a running province, and a visitor finds it by a piece of a firm's name."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests import browser
from tests.nodes import Node, Nodes

pytestmark = [pytest.mark.journey, pytest.mark.full]

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = "notices_yichang_engineering.jsonl"
LINES = 400
FRAGMENT = slice(2, 8)
"""The middle of a firm's name: neither its town nor its sort."""


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    if not DATA.is_dir():
        pytest.skip("the collected notices are not beside this clone (../shared/data)")
    return (DATA / FILE).read_bytes().splitlines()[:LINES]


def _award(lines: list[bytes]) -> tuple[str, str]:
    """Return the title of an award and the name of who won it, one firm with a name of its own."""
    awards = [notice for line in lines if (notice := json.loads(line))["kind"] == "award"]
    winners = [str(notice["parties"].get("winner", "")) for notice in awards]
    return next(
        (str(notice["title"]), winner)
        for notice, winner in zip(awards, winners, strict=True)
        if winner.endswith("有限公司")
        and not re.search("联合体|、", winner)
        and sum(winner[FRAGMENT] in other for other in winners) == 1
    )


def test_a_visitor_finds_an_imported_notice_by_a_piece_of_a_firms_name(
    three_nodes: Nodes, lines: list[bytes], tmp_path: Path
) -> None:
    province = three_nodes.province
    title, winner = _award(lines)
    file = tmp_path / FILE
    file.write_bytes(b"\n".join(lines) + b"\n")

    _import(province, file)

    address = f"/notices/?q={quote(winner[FRAGMENT])}"
    province.wait_until(lambda: title in _words(province.get(address).text), seconds=60)
    with browser.visitor() as look:
        for width in browser.WIDTHS:
            with look.opened(province.url + address, width=width) as (page, told):
                _follow(page, title, winner)
                assert told == []
                notice = page.url
                page.get_by_role("link", name="项目全过程").first.click()
                assert title in page.locator("main").inner_text()
                dossier = page.url
        look.at(province.url + address, name="history-found")
        look.at(notice, name="history-notice")
        look.at(dossier, name="history-dossier")


def _import(node: Node, file: Path) -> None:
    """Import as an operator does, twice; the bar goes to its end, the second run changes nothing."""
    first = node.manage("import", "notices", str(file))
    again = node.manage("import", "notices", str(file))

    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert f"{LINES}/{LINES}" in first.stderr.replace(" ", ""), first.stderr
    assert json.loads(first.stdout)["taken"] >= LINES * 0.9
    assert json.loads(again.stdout) == json.loads(first.stdout)
    kept = node.rows("SELECT count(*) FROM records_current WHERE source <> ''")
    assert kept == [(json.loads(first.stdout)["taken"],)]


def _words(text: str) -> str:
    return re.sub("</?mark>", "", text)


def _follow(page: Page, title: str, winner: str) -> None:
    """Open the notice from the list of what was found, and read who won."""
    page.locator(".notice-list").get_by_role("link", name=title).first.click()
    shown = page.locator("main").inner_text()
    assert "历史导入" in shown
    assert winner in shown

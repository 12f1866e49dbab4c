"""Hostile titles, names and values on the pages of the portal, in a real browser."""

from itertools import starmap
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from gongheng.data.imports import actions
from gongheng.data.imports.tests import hostile
from gongheng.data.imports.tests.support import line, write
from gongheng.data.records.models import Current
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import sign_log
from tests.browser import CHROMIUM, visitor as browser_visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

VECTORS = hostile.texts()[::3]
OPENED = 10
_CANARY = "window.fired = 0; window.fire = window.alert = () => { window.fired++; };"
_OF_OTHERS = """() => document.querySelectorAll(
  'main :is(script, style, iframe, object, embed, math, video, audio, meta, base, marquee),'
  + '[onerror], [onload], [onclick], [onfocus], [ontoggle], [src*=canary], [href^="javascript:"]'
).length"""


def _line(number: int, vector: str) -> dict[str, object]:
    """Return a notice that carries one attack wherever a source may write."""
    candidates = [{"order": 1, "name": f"甲{vector}公司", "price_raw": f"下浮{vector}"}]
    return line(
        number,
        source=f"某市交易平台{vector[:60]}" if number == 1 else "某市交易平台（示例）",
        kind="candidate_publicity" if number % 2 else "award",
        kind_raw=vector,
        title=f"{vector}中标公告",
        html=f"<p>{vector}</p>",
        project_code=f"DEMO-{number}{vector}"[:190],
        region_name=vector,
        published_at="2026-10-12T08:00",
        amount_raw=vector,
        parties={"buyer": vector, "agency": vector, "winner": vector, "candidates": candidates},
        fields={vector: "值", "采购方式": vector, "closing_at": vector},
        url=f"https://example.cn/{vector}",
    )


@pytest.fixture
def addresses(tmp_path: Path) -> list[str]:
    """Import a notice for each attack; return the pages that show them."""
    path = write(tmp_path / "a.jsonl", list(starmap(_line, enumerate(VECTORS, start=1))))
    list(actions.import_notices(path, stays_here=True, now=NOW))
    sign_log(now=NOW)
    rows = Current.objects.order_by("id").select_related("version")
    taken = [row.version_id for row in rows]
    assert len(taken) == len(VECTORS)
    pages = ["/", "/statistics/", "/notices/?q=<img src=x onerror=fire()>&region=fire()&to='><svg>"]
    pages += [f"/notices/?q={word}" for word in ("script", "onerror", "svg", "中标公告")]
    pages += [f"/notices/{identity}/" for identity in taken[:: len(taken) // OPENED]]
    return pages


def test_no_attack_in_a_title_or_a_name_fires(live_server: Any, addresses: list[str]) -> None:
    with browser_visitor() as look, look.context(1366) as context:
        context.add_init_script(_CANARY)
        page = context.new_page()
        told, fetched = _watched(page)
        for address in addresses:
            page.goto(live_server.url + address, wait_until="load")

            assert "公告" in page.inner_text("main"), address
            assert page.evaluate("window.fired") == 0, address
            assert page.evaluate(_OF_OTHERS) == 0, address
    assert told == []
    assert [url for url in fetched if not url.startswith(live_server.url)] == []


def _watched(page: Page) -> tuple[list[str], list[str]]:
    """Gather what a page says, broken policies among it, and what it fetches."""
    told: list[str] = []
    fetched: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("request", lambda request: fetched.append(request.url))
    return told, fetched

"""The portal in a real browser, at both widths: no fault, no scroll, nothing for axe to find."""

from pathlib import Path
from typing import Any

import pytest

from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case, sign_log
from tests.browser import CHROMIUM, visitor as browser_visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

LONG = "寻甸回族彝族自治县功山镇、六哨乡、羊街镇、河口镇、先锋镇、塘子街道、仁德街道、金所街道" * 3


def test_every_page_of_the_portal_is_without_fault(live_server: Any) -> None:
    case = Case(1, at=NOW, name="官渡区第三中学教学综合楼")
    notice = case.announce(LONG)
    case.took_part(1)
    Case(2, at=NOW, name="<script>alert(1)</script>").announce()
    sign_log(now=NOW)
    pages = {
        "home": ("/", 200),
        "list": ("/notices/?q=镇 招标&trade=works&region=530000&to=x", 200),
        "everything": ("/notices/", 200),
        "empty": ("/notices/?q=镇&trade=land", 200),
        "notice": (f"/notices/{notice.pk}/", 200),
        "verified": (f"/verify/?notice={notice.pk}", 200),
        "explained": ("/verify/explained/", 200),
        "unverified": ("/verify/?notice=x", 422),
        "openings": ("/openings/", 200),
        "lots": ("/lots/", 200),
        "statistics": ("/statistics/", 200),
        "bidders": ("/statistics/bidders/?region=530111", 200),
        "accessibility": ("/accessibility/", 200),
        "site-map": ("/site-map/", 200),
        "missing": ("/nowhere/", 404),
    }

    with browser_visitor() as look:
        for name, (address, status) in pages.items():
            look.at(live_server.url + address, name=name, status=status)


def test_the_phone_menu_and_large_letters_need_no_scripts(live_server: Any) -> None:
    with (
        browser_visitor() as look,
        look.opened(f"{live_server.url}/accessibility/", width=390, scripts=False) as (page, _),
    ):
        page.locator(".site-menu > summary").click()
        assert page.get_by_role("link", name="交易信息").is_visible()
        page.locator(".site-menu > summary").click()

        page.get_by_role("button", name="大字版").click()

        assert page.locator("html.large-text").count() == 1
        assert page.url.endswith("/accessibility/")

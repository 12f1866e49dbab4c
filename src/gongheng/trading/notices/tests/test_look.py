"""The clerk's pages in a real browser: no fault at both widths, and the whole way without scripts."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from gongheng.trading.notices.tests.support import draft_of, publish, typed
from gongheng.trading.projects.tests.support import actor, browser, lot_of, person, tender_of
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.browser import CHROMIUM, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

PICTURES = Path(os.environ["GONGHENG_PAGES"]) if "GONGHENG_PAGES" in os.environ else None
LONG = "寻甸回族彝族自治县功山镇、六哨乡、羊街镇、河口镇、先锋镇、塘子街道、仁德街道、金所街道" * 3


def _session(client: Client, address: str) -> dict[str, Any]:
    host = urlsplit(address).hostname
    return {
        "cookies": [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": host,
                "path": "/",
                "expires": -1,
                "httpOnly": True,
                "secure": False,
                "sameSite": "Lax",
            }
        ],
        "origins": [],
    }


def _clerk() -> Account:
    return person("王芳")


def test_every_page_of_the_desk_is_without_fault(live_server: Any) -> None:
    account = _clerk()
    who = actor(account)
    fresh = tender_of(who, name="还没有标段的招标项目")
    tender = tender_of(who, name=f"{LONG}施工")
    lot_of(tender, who, name=LONG)
    notice = publish(draft_of(tender, who), who).notice
    lot_of(tender, who, name="施工二标段")
    draft = draft_of(tender, who, title="第二份公告")
    broken = tender_of(who, name="草稿有误的招标项目")
    lot_of(broken, who)
    wrong = draft_of(broken, who, bids_due_at="2026-10-20 24:00", title="")
    client = browser(account)
    pages = {
        "desk": ("/desk/", 200),
        "new-project": ("/desk/projects/new/", 200),
        "case-fresh": (f"/desk/projects/{fresh.pk}/", 200),
        "case": (f"/desk/projects/{tender.pk}/", 200),
        "new-lot": (f"/desk/projects/{fresh.pk}/lots/new/", 200),
        "notice-form": (f"/desk/projects/{tender.pk}/notice/", 200),
        "notice-form-wrong": (f"/desk/notices/{wrong.pk}/check/", 422),
        "notice-check": (f"/desk/notices/{draft.pk}/check/", 200),
        "notice-published": (f"/desk/notices/{notice.pk}/", 200),
        "notice-change": (f"/desk/notices/{notice.pk}/change/", 200),
        "notice-withdraw": (f"/desk/notices/{notice.pk}/withdraw/", 200),
    }

    with visitor(_session(client, live_server.url)) as look:
        for name, (address, status) in pages.items():
            look.at(live_server.url + address, name=name, status=status, folder=PICTURES)


def test_the_sign_in_page_and_a_refusal_are_without_fault(live_server: Any) -> None:
    client = browser(person("周军", role=Role.OPERATOR))

    with visitor() as look:
        look.at(f"{live_server.url}/login/?next=/desk/", name="sign-in", folder=PICTURES)
    with visitor(_session(client, live_server.url)) as look:
        look.at(f"{live_server.url}/desk/", name="desk-operator", folder=PICTURES)
        address = f"{live_server.url}/desk/projects/new/"
        look.at(address, name="refused", status=403, folder=PICTURES)


def test_a_clerk_signs_in_writes_checks_and_publishes_without_scripts(live_server: Any) -> None:
    who = actor(_clerk())
    tender = tender_of(who)
    lot_of(tender, who)
    values = typed(tender, who)

    with (
        visitor() as look,
        look.opened(f"{live_server.url}/desk/", width=390, scripts=False) as (page, told),
    ):
        page.get_by_label("账号").fill("王芳")
        page.get_by_label("密码").fill("demo")
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.get_by_role("link", name="起草招标公告").click()
        for name in ("address", "person", "phone", "email"):
            page.locator(f"#id_tenderer_{name}").fill(values[f"tenderer_{name}"])
        page.locator("#id_opening_at").fill("2026-11-02 10:00")
        page.get_by_role("button", name="保存并核对").click()

        page.get_by_role("link", name="开标时间：").click()
        page.locator("#id_opening_at").fill("2026-11-02 09:00")
        page.get_by_role("button", name="保存并核对").click()
        assert "没有发现问题" in page.content()
        page.get_by_role("button", name="发布公告").click()

        assert page.get_by_role("heading", name="公告已发布").is_visible()
        assert "ZB-530100-20261012-000001" in page.content()
        page.get_by_role("link", name="在公共服务平台查看").click()
        assert page.get_by_role("heading", name=values["title"]).first.is_visible()
        assert not [line for line in told if "422" not in line]

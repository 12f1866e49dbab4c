"""The clerk's pages in a real browser: no fault at both widths, and the whole way without scripts."""

from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.cases.models import Proposal
from gongheng.trading.documents.tests.support import drafted
from gongheng.trading.notices import announcing, questioning
from gongheng.trading.notices.kinds import AnnouncementFacts
from gongheng.trading.notices.models import Notice
from gongheng.trading.notices.tests.support import (
    case_of,
    colleague_of,
    draft_of,
    officer_of,
    propose,
    publish,
    to_notice,
    typed,
)
from gongheng.trading.projects.tests.support import NOW, actor, browser, lot_of, person, tender_of
from gongheng.trust.identity.actors import NOBODY
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.tests import pdfs
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import confirmed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

LONG = "寻甸回族彝族自治县功山镇、六哨乡、羊街镇、河口镇、先锋镇、塘子街道、仁德街道、金所街道" * 3


def _clerk() -> Account:
    return person("王芳")


def test_every_page_of_the_desk_is_without_fault(live_server: Any) -> None:
    account = _clerk()
    who = actor(account)
    fresh = tender_of(who, name="还没有标段的招标项目")
    tender = tender_of(who, name=f"{LONG}施工")
    lot = lot_of(tender, who, name=LONG)
    notice = publish(draft_of(tender, who), who)
    own = f"/cases/{case_of(lot).pk}"
    ask(notice)
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
        "notice-clarify": (f"{own}/clarify/", 200),
        "notice-terminate": (f"{own}/terminate/", 200),
        "notice-unlawful": (f"{own}/find_unlawful/", 200),
        "notice-tab": (f"{own}/?tab=notice", 200),
        "notice-questions": (f"/questions/{tender.code}/", 200),
    }

    with visitor(session_of(client, live_server.url)) as look:
        for name, (address, status) in pages.items():
            look.at(live_server.url + address, name=name, status=status)


def ask(notice: Notice) -> None:
    """Ask a question about a notice."""
    questioning.ask(
        notice_id=notice.pk,
        text="图纸 S-03 的雨水管径与清单不一致，以哪一个为准？",
        contact="",
        actor=NOBODY,
        now=NOW,
    )


def test_the_second_look_at_files_is_without_fault(live_server: Any) -> None:
    who = actor(_clerk())
    tender = tender_of(who)
    lot_of(tender, who)
    [proposal] = propose(draft_of(tender, who), who)
    files = {
        "工程量清单.pdf": pdfs.written("工程量清单", "编制人：王芳，手机 13800138000"),
        "旧图纸扫描件（道路平面图、纵断面图和标准横断面图）.pdf": pdfs.written(
            "图", is_mapped=False
        ),
        "地形图.dwg": b"AC1032 drawing",
    }
    drafted(proposal.case, now=NOW, by=who, files=files)
    client = browser(person("李娜"))

    with visitor(session_of(client, live_server.url)) as look:
        look.at(f"{live_server.url}/cases/proposals/{proposal.pk}/", name="notice-second-look")


def test_the_pages_of_a_stop_are_without_fault(live_server: Any) -> None:
    who = actor(_clerk())
    tender = tender_of(who)
    lot = lot_of(tender, who)
    publish(draft_of(tender, who), who)
    own = f"{live_server.url}/cases/{case_of(lot).pk}"
    first, second = officer_of(who), officer_of(who, "值班")
    client = browser(Account.objects.get(pk=first.account_id))

    session = session_of(client, live_server.url)
    case = case_of(lot)
    with visitor(session) as look:
        look.at(f"{own}/suspend/", name="notice-suspend")
    stop = AnnouncementFacts(statement="系统故障。", since=NOW)
    [proposal] = announcing.propose(
        case_id=case.pk, step="suspend", facts=stop, actor=first, now=NOW
    )
    confirmed(proposal, second, NOW)
    with visitor(session) as look:
        look.at(f"{own}/resume/", name="notice-resume")


def test_the_sign_in_page_and_a_refusal_are_without_fault(live_server: Any) -> None:
    client = browser(person("周军", role=Role.OPERATOR))

    with visitor() as look:
        look.at(f"{live_server.url}/login/?next=/desk/", name="sign-in")
    with visitor(session_of(client, live_server.url)) as look:
        look.at(f"{live_server.url}/desk/", name="desk-operator")
        address = f"{live_server.url}/desk/projects/new/"
        look.at(address, name="refused", status=403)


def test_a_clerk_signs_in_writes_checks_and_publishes_without_scripts(live_server: Any) -> None:
    account = _clerk()
    who = actor(account)
    tender = tender_of(who)
    lot = lot_of(tender, who)
    to_notice(tender, who)
    values = typed(tender, who)

    with (
        visitor() as look,
        look.opened(f"{live_server.url}/desk/", width=390, scripts=False) as (page, told),
    ):
        page.get_by_label("账号").fill("王芳")
        page.get_by_label("密码").fill("demo")
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.goto(f"{live_server.url}/desk/projects/{tender.pk}/")
        page.get_by_role("link", name="起草招标公告").click()
        for name in ("address", "person", "phone", "email"):
            page.locator(f"#id_tenderer_{name}").fill(values[f"tenderer_{name}"])
        page.locator("#id_opening_at").fill("2026-11-02 10:00")
        page.get_by_role("button", name="保存并核对").click()

        page.get_by_role("link", name="开标时间：").click()
        page.locator("#id_opening_at").fill("2026-11-02 09:00")
        page.get_by_role("button", name="保存并核对").click()
        assert "没有发现问题" in page.content()
        page.get_by_role("button", name="提交复核").click()

        assert "公告已提交复核" in page.content()
        assert not [line for line in told if "422" not in line]
    proposal = Proposal.objects.get(step="publish_notice", case=case_of(lot))
    confirmed(proposal, colleague_of(who), NOW)
    _see_it_published(proposal, account, live_server.url, values["title"])


def _see_it_published(proposal: Proposal, account: Account, url: str, title: str) -> None:
    """Follow the step's page to the confirmation, and from there to the portal."""
    address = f"{url}/cases/{proposal.case_id}/publish_notice/"
    with (
        visitor(session_of(browser(account), url)) as look,
        look.opened(address, width=390, scripts=False) as (page, told),
    ):
        assert page.get_by_role("heading", name="公告已发布").is_visible()
        assert "ZB-530100-20261012-000001" in page.content()
        page.get_by_role("link", name="在公共服务平台查看").click()
        assert page.get_by_role("heading", name=title).first.is_visible()
        assert not told

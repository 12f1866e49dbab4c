"""A notice goes the whole way: written on the city, read, proved, changed and ended everywhere."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, expect

from gongheng.data.standard import samples
from tests import browser as browsers
from tests.journeys.desk import CONTACTS, WRITTEN, Desk, at_desk
from tests.nodes import Node, Nodes, wait_until

pytestmark = pytest.mark.journey

SECONDS = 10
"""From the confirmation on the city to the portals of the province and the nation."""
SCRIPT = "<script>alert('x')</script>"
NEW_CLERK = """
from django.conf import settings
from gongheng.trust.identity import actions
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now
actions.create_account(
    username="{name}", password="{word}", display_name="同事（演示）", organisation_code="{firm}",
    organisation_name="昆明市示例第一中学", region_code=settings.NODE.region_code,
    roles=(Role.CLERK,), now=legal_now(), is_demo=True,
)
"""


@pytest.fixture(scope="module")
def browser() -> Browser:
    return browsers.browser()


def _address(node: Node, title: str) -> str:
    """Return the address of the notice in the node's list, empty while it is not there."""
    text = node.get(f"/notices/?q={quote(title)}").text
    found = re.search(r"/notices/[0-9a-f-]{36}/", text)
    return found[0] if found else ""


def _arrived(node: Node, title: str) -> str:
    wait_until(lambda: _address(node, title), seconds=SECONDS)
    return _address(node, title)


def test_a_notice_is_written_published_read_proved_changed_and_ended(
    browser: Browser, three_nodes: Nodes, tmp_path: Path
) -> None:
    title = f"昆明市示例第一中学实验楼建设工程施工招标公告{SCRIPT}"
    plain = "实验楼建设工程施工招标公告"
    with at_desk(browser, three_nodes.city, "clerk") as clerk:
        clerk.register("昆明市示例第一中学实验楼建设工程", lots=2)
        _write_with_mistakes(clerk, title)
        assert SCRIPT in clerk.page.locator("main").inner_text()
        reference = clerk.publish()
        assert clerk.says("公告已发布")
        confirmation = clerk.page.url

        for node in (three_nodes.province, three_nodes.nation):
            _arrived(node, plain)
        first = _arrived(three_nodes.nation, plain)
        _read_and_prove(browser, three_nodes.nation, first, tmp_path)
        _see_it_accepted(browser, three_nodes, plain)
        _change(clerk, confirmation)
        second = _changed(three_nodes.nation, first, plain)
        _see_both_versions(browser, three_nodes.nation, first, second)
        clerk.page.goto(confirmation)
        assert clerk.says(reference)
        _end(clerk, confirmation)
        assert [words for words in clerk.told if "422" not in words] == []

    wait_until(lambda: not _address(three_nodes.nation, plain), seconds=SECONDS)
    withdrawn = three_nodes.nation.get(second).text
    assert "该记录已撤销" in withdrawn
    assert SCRIPT not in withdrawn


def _write_with_mistakes(clerk: Desk, title: str) -> None:
    clerk.follow("起草招标公告")
    begins, due = clerk.moment("documents_from"), clerk.moment("bids_due_at")
    wide = f"{begins:{WRITTEN}}".translate({ord("0") + n: ord("０") + n for n in range(10)})
    typed = CONTACTS | {
        "title": title,
        "documents_from": wide,
        "documents_until": f"{begins + timedelta(days=6):%Y-%m-%d} 24:00",
        "bids_due_at": f"{begins + timedelta(days=8):{WRITTEN}}",
        "opening_at": f"{begins + timedelta(days=8):{WRITTEN}}",
        "tenderer_phone": "",
    }
    clerk.fill(typed)
    clerk.press("保存并核对")

    summary = clerk.page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert "24:00 不作为时刻填写" in summary.inner_text()
    assert "次日零点" in summary.inner_text()
    for link in summary.get_by_role("link").all():
        link.click()
        target = (link.get_attribute("href") or "")[1:]
        assert clerk.page.evaluate("document.activeElement.id") == target
    assert {name: clerk.answer(name) for name in typed} == typed

    clerk.fill(
        {
            "documents_until": f"{begins + timedelta(days=6):{WRITTEN}}",
            "tenderer_phone": CONTACTS["tenderer_phone"],
        }
    )
    clerk.press("保存并核对")
    assert "少于二十日" in summary.inner_text()
    assert "《招标投标法》第二十四条" in summary.inner_text()
    assert "请把投标截止时间改到" in summary.inner_text()

    clerk.fill({"bids_due_at": f"{due:{WRITTEN}}", "opening_at": f"{due:{WRITTEN}}"})
    clerk.press("保存并核对")
    assert clerk.says("核对后提交复核")
    assert clerk.says(f"{begins:{WRITTEN}}")
    assert clerk.says(title)


def _read_and_prove(browser: Browser, node: Node, address: str, folder: Path) -> None:
    proof = folder / "proof.json"
    wait_until(lambda: node.get(f"{address}proof.json").status_code == 200, seconds=SECONDS)
    with at_desk(browser, node) as visitor:
        visitor.go(address)
        assert visitor.says(SCRIPT)
        with visitor.page.expect_download() as download:
            visitor.follow("下载证明")
        download.value.save_as(proof)
        assert visitor.told == []

        altered = folder / "altered.json"
        altered.write_text(proof.read_text().replace("实验楼", "实训楼", 1))
        assert json.loads(altered.read_text()) != json.loads(proof.read_text())
        for file, verdict, code in ((proof, "核验通过", 0), (altered, "核验未通过", 1)):
            visitor.go("/verify/")
            visitor.page.locator("[name=file]").set_input_files(file)
            visitor.press("开始核验")
            assert visitor.says(verdict)
            told = node.manage("verify", str(file), "--key", node.public_key)
            assert told.returncode == code, told.stdout + told.stderr


def _see_it_accepted(browser: Browser, nodes: Nodes, title: str) -> None:
    with at_desk(browser, nodes.city, "operator") as operator:
        line = operator.page.locator("main li", has_text=title).filter(has_text="招标公告")

        def is_accepted() -> bool:
            operator.go("/exchange/")
            return "已接收" in line.first.inner_text()

        wait_until(is_accepted, seconds=SECONDS)


def _change(clerk: Desk, confirmation: str) -> None:
    clerk.page.goto(confirmation)
    clerk.follow("澄清或修改")
    later = clerk.moment("bids_due_at") + timedelta(days=3)
    clerk.fill(
        {
            "new_text": "工程量清单第 12 项改为 860 平方米，投标截止和开标时间顺延三日。",
            "reason": "工程量清单有调整。",
            "bids_due_at": f"{later:{WRITTEN}}",
            "opening_at": f"{later:{WRITTEN}}",
        }
    )
    clerk.press("提交复核")
    clerk.let_out(clerk.page.url, "clarify")
    clerk.page.goto(confirmation)
    assert clerk.says("澄清或修改 1 次")


def _changed(node: Node, first: str, title: str) -> str:
    wait_until(lambda: _address(node, title) not in {"", first}, seconds=SECONDS)
    return _address(node, title)


def _see_both_versions(browser: Browser, node: Node, first: str, second: str) -> None:
    with at_desk(browser, node) as visitor:
        visitor.go(second)
        assert visitor.says("变更公告")
        assert visitor.says("顺延三日")
        assert re.search(r"第 2 版.{0,20}现行", visitor.page.locator("main").inner_text())
        visitor.go(first)
        assert visitor.says("这是历史版本")
        visitor.follow("查看现行版本")
        assert visitor.page.url.endswith(second)


def _end(clerk: Desk, confirmation: str) -> None:
    clerk.follow("终止招标")
    clerk.press("提交复核")
    assert clerk.page.locator(".error-summary").is_visible()
    clerk.fill({"statement": "项目建设计划调整，终止本次招标。"})
    clerk.press("提交复核")
    clerk.let_out(clerk.page.url, "terminate")
    clerk.page.goto(confirmation)
    assert clerk.says("公告已终止")


def test_a_notice_is_published_without_scripts(browser: Browser, three_nodes: Nodes) -> None:
    title = "昆明市示例第一中学食堂改造工程施工招标公告"
    with at_desk(browser, three_nodes.city, "clerk", scripts=False) as clerk:
        clerk.register("昆明市示例第一中学食堂改造工程", lots=1)
        clerk.draft(title)
        reference = clerk.publish()
        assert clerk.says("公告已发布")
        assert reference

    address = _arrived(three_nodes.nation, title)
    with at_desk(browser, three_nodes.nation, scripts=False) as visitor:
        visitor.go("/")
        visitor.fill({"q": title})
        visitor.press("搜索公告")
        visitor.page.locator(".notice-list").get_by_role("link", name=title, exact=True).click()
        assert visitor.page.url.endswith(address)
        assert visitor.says(title)


def _hire(node: Node, name: str) -> None:
    code = NEW_CLERK.format(name=name, word=node.password, firm=samples.firm(1))
    done = node.manage("manage", "shell", "-c", code)
    assert done.returncode == 0, done.stderr


def _submission(clerk: Desk) -> dict[str, Any]:
    """Return what the clerk's browser would send to propose, for many to send at once."""
    form = clerk.page.locator("form[action$='/propose/']")
    fields = form.locator("input[type=hidden]").all()
    return {
        "url": f"{clerk.node.url}{form.get_attribute('action')}",
        "data": {field.get_attribute("name"): field.input_value() for field in fields},
        "cookies": {cookie["name"]: cookie["value"] for cookie in clerk.page.context.cookies()},
    }


def _submitted(submission: dict[str, Any]) -> httpx.Response:
    with httpx.Client(
        cookies=submission["cookies"], trust_env=False, timeout=30, follow_redirects=True
    ) as client:
        return client.post(submission["url"], data=submission["data"])


def test_a_double_click_and_two_colleagues_publish_a_notice_once(
    browser: Browser, three_nodes: Nodes
) -> None:
    city, name = three_nodes.city, "昆明市示例第一中学围墙修缮工程"
    title = f"{name}施工招标公告"
    _hire(city, "colleague")
    with (
        at_desk(browser, city, "clerk") as clerk,
        at_desk(browser, city, "colleague") as colleague,
    ):
        clerk.register(name, lots=1)
        clerk.draft(title)
        colleague.page.goto(clerk.page.url)

        submissions = [_submission(clerk), _submission(colleague)] * 2
        with ThreadPoolExecutor(len(submissions)) as pool:
            answers = list(pool.map(_submitted, submissions))
        clerk.page.get_by_role("button", name="提交复核").dblclick()
        # The second click ends the navigation of the first: only where it leads to is awaited.
        expect(clerk.page).to_have_url(re.compile(r"/cases/[^/]+/$"), timeout=30_000)

        assert [answer.status_code for answer in answers] == [200] * len(submissions)
        assert {str(answer.url) for answer in answers} == {clerk.page.url}
        clerk.let_out(clerk.page.url, "publish_notice")
    assert city.rows("SELECT count(*) FROM notices_notice WHERE title = %s", title) == [(1,)]
    assert city.rows("SELECT count(*) FROM records_current WHERE title = %s", title) == [(1,)]
    _arrived(three_nodes.nation, title)
    assert three_nodes.nation.rows(
        "SELECT count(*) FROM records_version v JOIN records_current c"
        " ON (c.dataset, c.key) = (v.dataset, v.key) WHERE c.title = %s",
        title,
    ) == [(1,)]

"""What people do at their desk, in a real browser, by the words they see."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import Browser, Page

from tests.browser import HEIGHT
from tests.nodes import Node

WRITTEN = "%Y-%m-%d %H:%M"
REFERENCE = r"ZB-\d{6}-\d{8}-\d{6}"

PROJECT = {
    "project_name": "昆明市示例第一中学实验楼建设工程",
    "region_code": "530102",
    "relate_code": "1",
    "invest_project_code": "2610-530102-04-01-123456",
    "address": "昆明市五华区示例路12号",
    "industry": "E47",
    "fund_source": "市级财政资金",
    "scale": "建筑面积 0.8 万平方米，地上四层",
    "approval_name": "关于实验楼建设工程可行性研究报告的批复",
    "approval_number": "示例发改〔2026〕88号",
    "contact_name": "李明（演示）",
    "contact_phone": "0871-60000001",
    "tender_name": "昆明市示例第一中学实验楼建设工程施工",
    "category": "A01",
    "content": "实验楼土建、安装和室外工程施工",
    "organise_form": "1",
    "supervisor_name": "昆明市示例住房和城乡建设局",
    "approver_name": "昆明市示例发展和改革委员会",
}
LOT = {
    "content": "施工图范围内的全部工程",
    "classification": "A080200",
    "estimate": "13,500,000.00",
    "qualification": "具有建筑工程施工总承包二级及以上资质",
    "begin_on": "2027-01-15",
    "duration_days": "180",
}
CONTACTS = {
    "tenderer_address": "昆明市五华区示例路1号",
    "tenderer_person": "李明（演示）",
    "tenderer_phone": "0871-60000001",
    "tenderer_email": "zhaobiao@example.cn",
}

REVIEWED = "已逐项核对，联系方式为对外公布的办公信息，可以公开。"
TO_NOTICE = """
from datetime import timedelta
from gongheng.node.demo import works
from gongheng.trading.projects.models import TenderProject
from gongheng.web.clock import legal_now
made = TenderProject.objects.select_related("project").get(name="{name}")
tender = works.Tender(0, "clerk", "530102", made.name, "", made.content, ())
works.take_in(made, tender, legal_now() - timedelta(hours=2))
works.write_documents(made, tender, legal_now() - timedelta(minutes=20))
works.agree_on_opening(made, tender, legal_now() - timedelta(minutes=5))
"""


@dataclass
class Desk:
    """A person at a node's desk; ``told`` gathers what the browser's console complained about."""

    page: Page
    node: Node
    told: list[str]

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.node.url}/login/")
        self.fill({"username": username, "password": self.node.password})
        self.press("登录")

    def go(self, path: str) -> None:
        self.page.goto(self.node.url + path)

    def follow(self, words: str) -> None:
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=words, exact=True).click()

    def fill(self, answers: Mapping[str, str]) -> None:
        """Answer the fields of the form by their names, whatever sort they are."""
        for name, answer in answers.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.get_attribute("type") == "radio":
                self.page.locator(f'main [name={name}][value="{answer}"]').check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(answer)
            else:
                field.fill(answer)

    def answer(self, name: str) -> str:
        return self.page.locator(f"main [name={name}]").first.input_value()

    def moment(self, name: str) -> datetime:
        return datetime.strptime(self.answer(name), WRITTEN)  # noqa: DTZ007  goes back as it came

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()

    def register(self, name: str, *, lots: int) -> None:
        """Register a project and its tender, and add lots; ends on the tender's page.

        Its intake, plan and documents are walked by the rooms' actions: other journeys look at them.
        """
        self.go("/desk/")
        self.follow("登记项目")
        self.fill(PROJECT | {"project_name": name, "tender_name": f"{name}施工"})
        self.press("登记")
        for number in range(1, lots + 1):
            self.follow("添加标段")
            self.fill(LOT | {"name": f"施工{number}标段"})
            self.press("添加标段")
        address = self.page.url
        done = self.node.manage("manage", "shell", "-c", TO_NOTICE.format(name=f"{name}施工"))
        assert done.returncode == 0, done.stderr
        self.page.goto(address)

    def draft(self, title: str) -> None:
        """Write a lawful notice from the case's page; ends where the answers are checked."""
        self.follow("起草招标公告")
        self.fill(CONTACTS | {"title": title})
        self.press("保存并核对")

    def publish(self) -> str:
        """Let what was checked be published by a colleague; return the notice's reference."""
        self.press("提交复核")
        assert self.says("已提交复核"), self.page.locator("main").inner_text()
        address = self.page.url
        self.let_out(address, "publish_notice")
        self.page.goto(f"{address}publish_notice/")
        return self.reference

    def let_out(self, address: str, step: str) -> None:
        """Let a colleague look at what waits in a step of a case, and publish it."""
        browser = self.page.context.browser
        assert browser is not None
        with at_desk(browser, self.node, "reviewer") as second:
            second.page.goto(f"{address}{step}/")
            second.fill({"verdict": "publish", "reason": REVIEWED})
            second.page.locator("main form:has([name=verdict]) [type=submit]").first.click()
            assert second.page.url == address, second.page.locator("main").inner_text()

    @property
    def reference(self) -> str:
        found = re.search(REFERENCE, self.page.locator("main").inner_text())
        assert found, self.page.locator("main").inner_text()
        return found[0]


@contextmanager
def at_desk(
    browser: Browser, node: Node, username: str = "", *, scripts: bool = True
) -> Iterator[Desk]:
    """Sit down at a node, signed in when a name is given."""
    context = browser.new_context(
        viewport={"width": 1366, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    told: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"script error: {error}"))
    page.on("dialog", lambda dialog: (told.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    try:
        desk = Desk(page, node, told)
        if username:
            desk.sign_in(username)
        yield desk
    finally:
        context.close()

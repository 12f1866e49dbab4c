"""Every page of every role on the three nodes, judged and pictured at both widths.

The rooms look at their own pages in every run, each with a server of its own; here, on running nodes,
they are looked at in ``--full`` and for ``--pages``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import PICTURES, Look, browser, contact_sheet, judged_at
from tests.journeys.desk import Desk, at_desk
from tests.nodes import Node, Nodes, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.full]

LONGEST = (
    "云南省红河哈尼族彝族自治州元阳县示例水库至示例乡镇集中式饮用水水源地饮水安全巩固提升及配套输配水管网"
    "延伸改造工程（含净水厂扩建、智能化水量水质监测系统、附属道路及边坡治理）设计施工总承包（EPC）"
    "第二标段第三次重新公开招标公告"
)
"""As long as the longest real title, 113 characters."""
PUBLIC = {
    "home": "/",
    "list": "/notices/?trade=works&from=2026-01-01&to=2026-12-31",
    "nothing-found": "/notices/?q=没有这样的公告",
    "lots": "/lots/",
    "openings": "/openings/",
    "statistics": "/statistics/?days=90",
    "verify": "/verify/",
    "accessibility": "/accessibility/",
    "site-map": "/site-map/",
    "sign-in": "/login/",
}
NODES = ("city", "province", "nation")
STAFF = ("officer", "operator", "supervisor")


@pytest.fixture(scope="module")
def look() -> Look:
    return Look(browser())


@pytest.fixture(scope="module")
def folder() -> Iterator[Path | None]:
    """Where pictures and their contact sheet go when ``./test --pages DIR`` asks for them."""
    yield PICTURES
    if PICTURES is not None:
        contact_sheet(PICTURES, PICTURES / "sheet.png")


@pytest.fixture(scope="module")
def long_notice(look: Look, three_nodes: Nodes) -> str:
    """The address, on the city's desk, of a notice with the longest title, read by the nation."""
    with at_desk(look.browser, three_nodes.city, "clerk") as clerk:
        clerk.register("元阳县示例水库饮水安全巩固提升工程", lots=2)
        clerk.draft(LONGEST)
        clerk.publish()
        address = clerk.page.url.removeprefix(three_nodes.city.url)
    for node in three_nodes.all:
        wait_until(lambda node=node: _first(node, f"/notices/?q={LONGEST[:40]}"), seconds=20)
    return address


def _first(node: Node, list_address: str) -> str:
    found = re.search(r"/notices/[0-9a-f-]{36}/", node.get(list_address).text)
    return found[0] if found else ""


def _judge(look: Look, node: Node, tier: str, pages: dict[str, str], folder: Path) -> None:
    """Look at all of the pages, then tell every fault at once."""
    faults: list[str] = []
    for name, address in pages.items():
        try:
            look.at(node.url + address, name=f"{tier}-{name}", folder=folder)
        except AssertionError as found:
            faults += str(found).splitlines()
    assert not faults, "\n".join(faults)


def _signed_in(look: Look, node: Node, username: str) -> Look:
    with at_desk(look.browser, node, username) as person:
        assert person.page.url.endswith("/desk/"), person.page.url
        return Look(look.browser, state=dict(person.page.context.storage_state()))


def test_the_longest_title_is_as_long_as_a_real_one() -> None:
    assert len(LONGEST) == 113


@pytest.mark.parametrize("tier", NODES)
@pytest.mark.usefixtures("long_notice")
def test_a_visitor_sees_every_page_without_fault(
    look: Look, three_nodes: Nodes, folder: Path | None, tier: str
) -> None:
    node: Node = getattr(three_nodes, tier)
    notice = _first(node, f"/notices/?q={LONGEST[:40]}")
    wait_until(lambda: node.get(f"{notice}proof.json").status_code == 200, seconds=20)
    version = notice.split("/")[2]
    found = {
        "notice": notice,
        "lot": _first(node, "/lots/"),
        "verified": f"/verify/?notice={version}",
    }

    _judge(look, node, tier, PUBLIC | found, folder)

    for name, address, status in (
        ("not-found", "/nowhere/", 404),
        ("unverified", "/verify/?notice=x", 422),
    ):
        look.at(node.url + address, name=f"{tier}-{name}", folder=folder, status=status)


@pytest.mark.parametrize("tier", NODES)
def test_the_staff_sees_every_page_without_fault(
    look: Look, three_nodes: Nodes, folder: Path | None, tier: str
) -> None:
    node: Node = getattr(three_nodes, tier)
    for role in STAFF:
        person = _signed_in(look, node, role)
        pages = {f"{role}-desk": "/desk/", f"{role}-exchange": "/exchange/"}
        _judge(person, node, tier, pages, folder)
    refused = f"{node.url}/desk/projects/new/"
    person.at(refused, name=f"{tier}-refused", folder=folder, status=403)


def test_a_clerk_sees_every_page_without_fault(
    look: Look, three_nodes: Nodes, folder: Path | None, long_notice: str
) -> None:
    city = three_nodes.city
    clerk = _signed_in(look, city, "clerk")
    with at_desk(look.browser, city, "clerk") as desk:
        drafted = _drafted(desk)
        desk.go(long_notice)
        case = desk.page.locator(".trail a").last.get_attribute("href") or ""
        later = {
            name: desk.page.get_by_role("link", name=words).get_attribute("href") or ""
            for name, words in {"clerk-clarify": "澄清或修改", "clerk-end": "终止招标"}.items()
        }
    pages = {
        "clerk-desk": "/desk/",
        "clerk-case": case,
        "clerk-project": "/desk/projects/new/",
        "clerk-lot": f"{case}lots/new/",
        "clerk-draft": f"{drafted['case']}notice/",
        "clerk-check": drafted["check"],
        "clerk-notice": long_notice,
        **later,
    }

    _judge(clerk, city, "city", pages, folder)


def _drafted(desk: Desk) -> dict[str, str]:
    """Leave a draft ready to be checked; return the addresses of its case and its check page."""
    desk.register("元阳县示例乡村道路硬化工程", lots=1)
    case = desk.page.url.removeprefix(desk.node.url)
    desk.draft(f"{LONGEST[:-4]}二次公告")
    return {"case": case, "check": desk.page.url.removeprefix(desk.node.url)}


def test_wrong_answers_are_shown_without_fault(
    look: Look, three_nodes: Nodes, folder: Path | None
) -> None:
    forms = {"project": ("/desk/projects/new/", "登记"), "sign-in": ("/login/", "登录")}
    for name, (address, button) in forms.items():
        with at_desk(look.browser, three_nodes.city, "clerk" * (name != "sign-in")) as desk:
            desk.go(address)
            desk.press(button)
            assert desk.page.locator(".error-summary").is_visible()
            assert judged_at(desk.page, name=f"city-wrong-{name}", folder=folder) == []


def test_a_notice_is_printed_without_the_furniture(
    look: Look, three_nodes: Nodes, folder: Path | None, long_notice: str
) -> None:
    del long_notice  # it has to be there
    city = three_nodes.city
    address = city.url + _first(city, f"/notices/?q={LONGEST[:40]}")
    with look.opened(address, width=794) as (page, told):
        page.emulate_media(media="print")
        assert page.get_by_text(LONGEST[-20:]).first.is_visible()
        assert (
            not page.locator(".site-nav, .site-menu, .page-actions").locator("visible=true").all()
        )
        assert page.pdf(format="A4")
        if folder is not None:
            page.screenshot(path=folder / "city-notice-print-794.png", full_page=True)
        assert told == []

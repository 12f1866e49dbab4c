"""The registers of the province as a city uses them, on running nodes."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gongheng.data.standard import samples
from gongheng.node.rehearsal.answers import SCHOOL
from gongheng.node.rehearsal.walk import Walk
from gongheng.registers.workdays.tests.test_workdays import ASKED as NOTICE
from tests.nodes import Node, Nodes, children_of, wait_until

pytestmark = pytest.mark.journey

BIDDER = samples.firm(31)
SERIES = "E5301000001"
RESERVED = "SELECT first, last, statement FROM codes_range WHERE series = %s ORDER BY first"
PASSWORD = "一句足够长的口令2026"
FACTS = {
    "legal_type": "1",
    "roles": "03",
    "without_end": "on",
    "region_code": "530100",
    "address": "云南省昆明市示例路35号",
    "capital": "9800",
    "contact_name": "李工",
    "contact_phone": "0871-60000035",
    "applicant_name": "李工",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


class Person:
    """Somebody at a node's pages, without a browser."""

    def __init__(self, node: Node, client: httpx.Client) -> None:
        self.node = node
        self.client = client

    def post(self, path: str, facts: dict[str, Any], *, where: str = "") -> httpx.Response:
        page = self.client.get(where or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None, page.text[:500]
        return self.client.post(path, data=facts | {"csrfmiddlewaretoken": token[1]})

    def sign_in(self, username: str, password: str) -> None:
        answer = self.post("/login/", {"username": username, "password": password})
        assert answer.status_code == 200, answer.text[:500]


@contextmanager
def at(node: Node, username: str = "", password: str = "") -> Iterator[Person]:
    """Sit down at a node, signed in or not."""
    with node.client() as client:
        person = Person(node, client)
        if username:
            person.sign_in(username, password or node.password)
        yield person


def register(node: Node, number: int, name: str, representative: str, username: str) -> str:
    """Sign a firm up at a node; return what the page answers."""
    code = samples.firm(number)
    address = f"/register/?kind=legal_person&code={code}"
    facts = {
        "code": code,
        "name": name,
        "representative": representative,
        "username": username,
        **FACTS,
    }
    with at(node) as person:
        return person.post(address, facts).text


def applications_at(node: Node, number: int) -> list[tuple[Any, ...]]:
    return node.rows(
        "SELECT id, state, purpose, origin FROM subjects_application WHERE code = %s"
        " ORDER BY submitted_at",
        samples.firm(number),
    )


def subject_at(node: Node, number: int) -> list[tuple[Any, ...]]:
    return node.rows(
        "SELECT name, state, version FROM subjects_subject WHERE code = %s", samples.firm(number)
    )


def waiting_at(province: Node, number: int) -> str:
    """Return the address of the firm's application that waits for the province's officer."""
    wait_until(lambda: [row for row in applications_at(province, number) if row[1] == "submitted"])
    [open_one] = [row for row in applications_at(province, number) if row[1] == "submitted"]
    return f"/subjects/applications/{open_one[0]}/"


def approve(province: Node, number: int) -> None:
    """Let the province's officer approve what is open."""
    path = waiting_at(province, number)
    with at(province, "officer") as officer:
        assert officer.post(path, {"approve": "1"}).status_code == 200


@contextmanager
def away(nodes: Nodes) -> Iterator[None]:
    """Stop the province's web process for a while: it takes no question and gives no answer."""
    pid = nodes.province.pid("web")
    family = [pid, *children_of(pid)]
    for each in family:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in family:
            os.kill(each, signal.SIGCONT)


def test_the_citys_copy_holds_the_parties_of_its_cases(three_nodes: Nodes) -> None:
    city = three_nodes.city

    city.wait_until(
        lambda: subject_at(city, 31) == [("云南示例建工集团有限公司", "verified", 1)], seconds=60
    )


def test_the_city_holds_ranges_of_the_province(three_nodes: Nodes) -> None:
    city, province = three_nodes.city, three_nodes.province

    city.wait_until(lambda: city.rows("SELECT 1 FROM codes_range WHERE series = 'E5301000001'"))

    everything = "SELECT series, holder, first, last, statement FROM codes_range ORDER BY series"
    assert city.rows(everything) == province.rows(everything)


def test_a_firm_registers_in_the_city_and_is_verified_in_the_province(three_nodes: Nodes) -> None:
    city, province = three_nodes.city, three_nodes.province

    page = register(city, 35, "曲靖珠源示例路桥有限公司", "赵文斌", "zhuyuan")
    assert "登记申请已提交" in page
    approve(province, 35)

    city.wait_until(lambda: subject_at(city, 35) == [("曲靖珠源示例路桥有限公司", "verified", 1)])
    city.wait_until(
        lambda: (
            city.rows(
                "SELECT role FROM identity_grant g JOIN identity_account a ON a.id = g.account_id"
                " WHERE a.username = 'zhuyuan'"
            )
            == [("bidder",)]
        )
    )
    with at(city, "zhuyuan", PASSWORD) as firm:
        page = firm.client.get("/subject/").text
    assert "已核验" in page
    assert "签名已核对" in page


def test_the_same_firm_in_two_cities_is_one_subject(three_nodes: Nodes) -> None:
    city, province = three_nodes.city, three_nodes.province
    name = "玉溪抚仙示例市政工程有限公司"

    first = register(province, 36, name, "普世荣", "fuxian-province")
    register(city, 36, name, "普世荣", "fuxian-city")

    assert "登记申请已提交" in first
    city.wait_until(lambda: applications_at(city, 36)[0][1] == "rejected")
    with at(city, "fuxian-city", PASSWORD) as firm:
        assert "已有一份正在核验的申请" in firm.client.get("/subject/").text
    approve(province, 36)
    register(city, 36, name, "普世荣", "fuxian-again")
    approve(province, 36)
    city.wait_until(lambda: applications_at(city, 36)[-1][1:3] == ("approved", "join"))
    assert subject_at(city, 36) == subject_at(province, 36) == [(name, "verified", 1)]


def registered_tender(nodes: Nodes) -> str:
    """Register a project, its tender and a lot on the city's node; return the lot's code."""
    project = SCHOOL.project | {
        "project_name": "昆明市示例第一中学水泵房建设工程",
        "invest_project_code": "2610-530102-04-01-623456",
        "approval_number": "示例发改〔2026〕96号",
        "tender_name": "昆明市示例第一中学水泵房建设工程施工",
    }
    city = nodes.city
    walk = Walk(city.url, city.password, nodes.state, party=replace(SCHOOL, project=project))
    walk.register()
    for person in walk.cast.values():
        person.close()
    assert walk.lot_code.startswith(SERIES)
    return walk.lot_code


def test_a_city_goes_on_while_the_province_is_away(three_nodes: Nodes) -> None:
    city, province = three_nodes.city, three_nodes.province
    city.wait_until(lambda: subject_at(city, 31))

    with away(three_nodes):
        page = register(city, 37, "保山高黎示例水利水电有限公司", "杨晓芸", "gaoli")
        assert "登记申请已提交" in page
        with at(city, "gaoli", PASSWORD) as firm:
            assert "正在等待送达" in firm.client.get("/subject/").text
        with at(city, "bidder1") as bidder:
            assert "签名已核对" in bidder.client.get("/subject/").text
        numbered = int(registered_tender(three_nodes)[len(SERIES) :][:6])
        assert applications_at(province, 37) == []
    granted = [node.rows(RESERVED, SERIES) for node in (city, province)]
    assert granted[0] == granted[1]
    assert any(first <= numbered <= last for first, last, _ in granted[0])

    approve(province, 37)
    city.wait_until(
        lambda: subject_at(city, 37) == [("保山高黎示例水利水电有限公司", "verified", 1)],
        seconds=60,
    )


def test_a_notice_of_days_off_is_loaded_in_the_province_and_counts_in_the_city(
    three_nodes: Nodes,
) -> None:
    """T-14, T-16: every process of both nodes counts by what two people of the province loaded."""
    city, province = three_nodes.city, three_nodes.province
    asked = NOTICE | {"announced_on": NOTICE["announced_on"].isoformat()}
    worked, off = "2027-01-31,1,swapped", "2027-02-11,0,bridge"

    with at(province, "operator") as operator:
        said = operator.post("/calendar/load/", asked).text
        assert "由系统管理员确认后生效" in said
    with at(city, "operator") as operator:
        refused = operator.post("/calendar/load/", asked)
        assert "由省级平台统一载入" in refused.text
    [[notice]] = province.rows("SELECT id FROM workdays_calendarnotice")
    with at(province, "administrator") as administrator:
        path = f"/calendar/{notice}/decide/"
        said = administrator.post(path, {"decision": "confirm"}, where="/calendar/").text
        assert "节假日安排已生效" in said

    for node in (province, city):
        wait_until(lambda node=node: _days_of_2027(node, worked, off), seconds=60)
    looked = "SELECT 1 FROM workdays_calendarnotice WHERE looked_at IS NOT NULL"
    city.wait_until(lambda: city.rows(looked), seconds=60)
    trail = "SELECT changes FROM identity_auditentry WHERE deed = 'calendar.deadlines_moved'"
    [[changes]] = city.rows(trail)
    assert [what for what, *_ in changes] == ["workdays.calendarnotice"]


def _days_of_2027(node: Node, *rows: str) -> bool:
    with node.client() as visitor:
        told = visitor.get("/calendar/days.csv", params={"year": "2027"}).text
    return all(row in told for row in rows)


def test_a_copy_that_was_tampered_with_is_refused_and_mended(three_nodes: Nodes) -> None:
    city = three_nodes.city
    city.wait_until(lambda: subject_at(city, 34))

    with away(three_nodes):
        city.execute(
            "UPDATE subjects_subject SET name = '冒名公司' WHERE code = %s", samples.firm(34)
        )
        with at(city, "bidder4") as bidder:
            page = bidder.client.get("/subject/")
            assert page.status_code == 409
            assert "签名不符" in page.text
        city.execute(
            "UPDATE subjects_subject SET learnt_at = learnt_at - interval '1 hour' WHERE code = %s",
            samples.firm(34),
        )

    city.wait_until(
        lambda: subject_at(city, 34) == [("大理苍山示例建设有限公司", "verified", 1)], seconds=60
    )


# The traps among the forty firms of the business register.

GONE = "登记机关的信息显示该主体已注销或被吊销"


@pytest.mark.parametrize("number", [41, 42, 43], ids=["struck off", "revoked", "merged"])
def test_a_firm_that_is_gone_cannot_even_begin_in_the_city(three_nodes: Nodes, number: int) -> None:
    city = three_nodes.city

    page = city.get(f"/register/?kind=legal_person&code={samples.firm(number)}")
    sent = register(city, number, "示例已注销公司", "钱守成", f"gone-{number}")

    assert page.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert GONE in page.text
    assert ("权利义务由云南示例建工集团有限公司承继" in page.text) == (number == 43)
    assert GONE in sent
    assert applications_at(city, number) == []


def test_a_firm_under_its_former_name_is_told_so_and_enters_under_its_present_one(
    three_nodes: Nodes,
) -> None:
    city, province = three_nodes.city, three_nodes.province

    refused = register(city, 44, "云南示例老筑建设有限公司", "冯远山", "laozhu")
    assert "更名前的名称" in refused
    assert applications_at(city, 44) == []

    assert "登记申请已提交" in register(city, 44, "云南示例新筑建设有限公司", "冯远山", "xinzhu")
    approve(province, 44)
    city.wait_until(lambda: subject_at(city, 44) == [("云南示例新筑建设有限公司", "verified", 1)])


def test_a_name_like_anothers_is_pointed_out_to_the_provinces_officer(three_nodes: Nodes) -> None:
    city, province = three_nodes.city, three_nodes.province

    register(city, 51, "云南示列建工集团有限公司", "杨立辛", "shilie")

    with at(province, "officer") as officer:
        page = officer.client.get(waiting_at(province, 51)).text
    assert "相近名称" in page
    assert "云南示例建工集团有限公司" in page
    assert "请核对是否为同一主体或有意仿冒" in page


def test_a_wrong_legal_representative_is_pointed_out_and_comes_back_to_the_firm(
    three_nodes: Nodes,
) -> None:
    city, province = three_nodes.city, three_nodes.province
    words = "法定代表人姓名：请与营业执照核对。"

    register(city, 57, "云南示例金马监理有限公司", "张冒名", "jinma")

    path = waiting_at(province, 57)
    with at(province, "officer") as officer:
        page = officer.client.get(path).text
        assert "与登记机关的信息不一致" in page
        assert officer.post(path, {"return": "1", "corrections": words}).status_code == 200
    with at(city, "jinma", PASSWORD) as firm:
        city.wait_until(lambda: "请与营业执照核对" in firm.client.get("/subject/").text)
    assert subject_at(city, 57) == []

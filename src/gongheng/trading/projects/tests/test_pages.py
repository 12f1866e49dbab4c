from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from gongheng.trading.projects.models import Lot, Project, TenderProject
from gongheng.trading.projects.tests.support import (
    AGENCY,
    OTHER,
    TENDERER,
    actor,
    browser,
    person,
    tender_of,
)

pytestmark = pytest.mark.django_db

NEW = "/desk/projects/new/"


def _typed(**changes: str) -> dict[str, str]:
    values = {
        "submission": str(uuid4()),
        "project_name": "昆明市盘龙区龙泉路道路提升改造工程",
        "region_code": "530103",
        "relate_code": "1",
        "invest_project_code": "2609-530103-04-01-123456",
        "address": "昆明市盘龙区龙泉路",
        "legal_person": "昆明市城市建设中心",
        "industry": "E48",
        "fund_source": "市级财政资金",
        "scale": "道路全长2.6公里",
        "approval_name": "关于可行性研究报告的批复",
        "contact_name": "王芳",
        "contact_phone": "0871-60000000",
        "tender_name": "龙泉路道路提升改造工程施工",
        "procedure": "works_open",
        "category": "A02",
        "is_statutory": "1",
        "content": "道路、排水、照明工程施工",
        "tenderer_name": "昆明市城市建设中心",
        "tenderer_code": TENDERER,
        "organise_form": "1",
        "supervisor_name": "昆明市住房和城乡建设局",
        "approver_name": "昆明市发展和改革委员会",
        "reporter": "王芳",
    }
    return values | changes


LOT = {
    "name": "施工一标段",
    "content": "K0+000至K1+300段施工",
    "classification": "A080101",
    "estimate": "13,500,000.00",
    "qualification": "市政公用工程施工总承包二级",
    "begin_on": "2027-01-15",
    "duration_days": "180",
}


@pytest.fixture
def clerk() -> Client:
    return browser(person("王芳"))


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_project_is_registered_and_a_lot_added(clerk: Client) -> None:
    blank = _text(clerk.get(NEW))
    assert f'value="{TENDERER}"' in blank
    assert "盘龙区" in blank
    assert "麒麟区" not in blank  # another city

    registered = clerk.post(NEW, _typed())
    tender = TenderProject.objects.get()
    assert registered["Location"] == f"/desk/projects/{tender.pk}/"

    address = f"/desk/projects/{tender.pk}/lots/new/"
    assert address in _text(clerk.get("/desk/"))
    assert clerk.post(address, LOT)["Location"] == registered["Location"]
    case = _text(clerk.get(registered["Location"]))
    assert Lot.objects.get().transaction_code in case
    assert "13,500,000.00" in case


def test_a_form_sent_twice_registers_one_project_and_one_lot(clerk: Client) -> None:
    data = _typed()
    first, second = (clerk.post(NEW, data) for _ in range(2))
    lot = LOT | {"submission": str(uuid4())}
    for _ in range(2):
        clerk.post(f"{first['Location']}lots/new/", lot)

    assert first["Location"] == second["Location"]
    assert (Project.objects.count(), Lot.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"project_name": "长" * 601}, "现在是 601 个字符"),
        ({"project_name": ""}, "必须填写"),
        ({"region_code": "530302"}, "请从列表中选择一项"),
        ({"invest_project_code": ""}, "投资项目统一代码"),
        ({"tenderer_code": OTHER}, "既不是该项目的招标人"),
        ({"tenderer_code": TENDERER[:-1] + "Q"}, "统一社会信用代码"),
        ({"organise_form": "2"}, "代理机构"),
        ({"agency_code": AGENCY}, "请改选委托招标"),
        ({"category": "D01"}, "请从列表中选择一项"),
        ({"scale": "控制\x00字符"}, "字符"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_lost(
    clerk: Client, changes: dict[str, str], words: str
) -> None:
    data = _typed(**changes)

    answer = clerk.post(NEW, data)

    assert answer.status_code == 422
    assert words in _text(answer)
    assert "关于可行性研究报告的批复" in _text(answer)
    assert f'value="{data["submission"]}"' in _text(answer)
    assert not Project.objects.exists()


def test_full_width_codes_and_numbers_are_read_and_the_page_says_so(clerk: Client) -> None:
    answer = clerk.post(
        NEW, _typed(invest_project_code="２６０９－530103－04－01－123456"), follow=True
    )
    assert "已改为半角：2609-530103-04-01-123456" in _text(answer)

    tender = TenderProject.objects.get()
    lot = LOT | {"estimate": "１３，５００，０００．００"}
    added = clerk.post(f"/desk/projects/{tender.pk}/lots/new/", lot, follow=True)
    assert "已改为半角：13,500,000.00" in _text(added)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"estimate": "0"}, "标段合同估算价"),
        ({"estimate": "-5"}, "不能是负数"),
        ({"estimate": "13.5万"}, "金额"),
        ({"duration_days": "半年"}, "请填写整数"),
        ({"begin_on": "2027-02-30"}, "日历上没有"),
        ({"classification": "X1"}, "标段分类代码"),
    ],
)
def test_a_wrong_lot_is_refused_in_words(
    clerk: Client, changes: dict[str, str], words: str
) -> None:
    clerk.post(NEW, _typed())
    tender = TenderProject.objects.get()

    answer = clerk.post(f"/desk/projects/{tender.pk}/lots/new/", LOT | changes)

    assert answer.status_code == 422
    assert words in _text(answer)
    assert not Lot.objects.exists()


def test_markup_in_a_name_is_just_text(clerk: Client) -> None:
    clerk.post(NEW, _typed(tender_name="<img src=x onerror=alert(1)>"))

    desk = _text(clerk.get("/desk/"))

    assert "<img src=x" not in desk
    assert "&lt;img src=x onerror=alert(1)&gt;" in desk


def test_a_clerk_of_another_organisation_adds_no_lot(clerk: Client) -> None:
    tender = tender_of(actor(person("李娜")))
    stranger = browser(person("张伟", organisation_code=OTHER))

    address = f"/desk/projects/{tender.pk}/lots/new/"

    assert clerk.post(address, LOT).status_code == 302
    assert stranger.post(address, LOT).status_code == 404
    assert Lot.objects.count() == 1

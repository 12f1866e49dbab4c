from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.data.standard import samples
from gongheng.kernel.codes import uscc
from gongheng.registers.subjects import actions, queries
from gongheng.registers.subjects.connector import LocalRegister
from gongheng.registers.subjects.kinds import ApplicationState, Commission, Purpose
from gongheng.registers.subjects.models import AgencyAgreement, Application
from gongheng.registers.subjects.tests.support import (
    NOW,
    PASSWORD,
    actor_of,
    body,
    officer,
    person,
    sign_up,
    verified,
)
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import queries as accounts
from gongheng.trust.identity.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRM = samples.firm(31)
NAME = "云南示例建工集团有限公司"
GONE = {41: "注销", 42: "吊销", 43: "注销"}
ALIKE = (51, 53, 54, 55, 56)


def _typed(code: str, **changes: Any) -> dict[str, Any]:
    """Return what a person types who copies the business register, with changes."""
    entry = LocalRegister().look_up(code)
    assert entry is not None
    typed = {
        "code": code,
        "name": entry.name,
        "legal_type": entry.legal_type,
        "roles": ["03"],
        "representative": entry.representative,
        "without_end": "on",
        "region_code": entry.region_code,
        "address": entry.address,
        "capital": entry.capital,
        "contact_name": "李工",
        "contact_phone": "0871-60000031",
        "applicant_name": "李工",
        "username": "firm",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    return typed | changes


def _register(client: Client, code: str, **changes: Any) -> Any:
    address = f"/register/?kind=legal_person&code={code}"
    return client.post(address, _typed(code, **changes))


def _as(client: Client, username: str) -> Client:
    account = accounts.account_named(username)
    assert account is not None
    client.force_login(account)
    return client


def _officer() -> Client:
    officer()
    return _as(Client(), "officer-530100")


def _verify_page(client: Client) -> Any:
    return client.get(f"/subjects/applications/{Application.objects.get().pk}/")


def test_the_first_page_asks_for_type_and_code(client: Client) -> None:
    page = client.get("/register/")

    assert page.status_code == 200
    assert "统一社会信用代码" in page.content.decode()


@pytest.mark.parametrize("place", range(18))
def test_a_mistyped_credit_code_is_told_at_once(client: Client, place: int) -> None:
    other = uscc.ALPHABET[(uscc.ALPHABET.index(FIRM[place]) + 1) % 31]

    page = client.get(f"/register/?kind=legal_person&code={FIRM[:place]}{other}{FIRM[place + 1 :]}")

    assert page.status_code == 422
    assert "统一社会信用代码校验不通过" in page.content.decode()


def test_the_form_is_prefilled_but_for_the_representative(client: Client) -> None:
    page = client.get(f"/register/?kind=legal_person&code={FIRM.lower()}").content.decode()

    assert f'value="{NAME}"' in page
    assert "杨立新" not in page


def test_a_firm_registers_is_verified_and_bids(client: Client) -> None:
    answer = _register(client, FIRM)
    assert answer.status_code == 302, answer.content.decode()[3000:]
    assert answer["Location"] == "/subject/"
    assert "一个工作日" in _as(client, "firm").get("/subject/").content.decode()

    application = Application.objects.get()
    decision = _officer().post(f"/subjects/applications/{application.pk}/", {"approve": "1"})

    assert decision.status_code == 302
    assert queries.require_verified(FIRM).name == NAME
    page = client.get("/subject/").content.decode()
    assert "已核验" in page
    assert "登记密钥" in page


def test_nothing_that_was_typed_is_lost(client: Client) -> None:
    answer = _register(client, FIRM, password_again="另一句口令2026另一句", contact_phone="")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "两次输入的密码不一致" in page
    assert f'value="{NAME}"' in page
    assert PASSWORD not in page
    assert not Application.objects.exists()


def test_a_weak_password_and_a_taken_name_are_told_at_their_fields(client: Client) -> None:
    weak = _register(client, FIRM, password="123456789012", password_again="123456789012")
    officer()
    taken = _register(client, FIRM, username="officer-530100")

    assert 'id="id_password_error"' in weak.content.decode()
    assert 'id="id_username_error"' in taken.content.decode()


@pytest.mark.parametrize(("number", "status"), GONE.items())
def test_a_firm_that_is_gone_cannot_register(client: Client, number: int, status: str) -> None:
    page = client.get(f"/register/?kind=legal_person&code={samples.firm(number)}")

    assert page.status_code == 422
    assert "已注销或被吊销" in page.content.decode()
    entry = LocalRegister().look_up(samples.firm(number))
    assert entry is not None
    assert entry.status == status


def test_the_successor_of_a_firm_that_is_gone_is_named(client: Client) -> None:
    page = client.get(f"/register/?kind=legal_person&code={samples.firm(43)}").content.decode()

    assert "权利义务由云南示例建工集团有限公司承继" in page


@pytest.mark.parametrize(
    ("number", "former"), [(44, "云南示例老筑建设有限公司"), (45, "昆明示例绿景苗圃")]
)
def test_a_renamed_firm_registers_under_its_present_name(
    client: Client, number: int, former: str
) -> None:
    code = samples.firm(number)

    old = _register(client, code, name=former)
    assert old.status_code == 422
    assert "更名前的名称" in old.content.decode()

    assert _register(client, code).status_code == 302


@pytest.mark.parametrize("number", ALIKE)
def test_a_name_that_looks_like_another_is_shown_to_the_officer(
    client: Client, number: int
) -> None:
    assert _register(client, samples.firm(number)).status_code == 302

    page = _verify_page(_officer()).content.decode()

    assert "相近名称" in page
    assert "请核对是否为同一主体或有意仿冒" in page


@pytest.mark.parametrize("number", [31, 57, 58])
def test_a_wrong_representative_is_shown_to_the_officer_and_returned(
    client: Client, number: int
) -> None:
    code = samples.firm(number)
    _register(client, code, representative="张冒名")
    desk = _officer()
    assert "与登记机关的信息不一致" in _verify_page(desk).content.decode()
    application = Application.objects.get()
    address = f"/subjects/applications/{application.pk}/"

    refused = desk.post(address, {"return": "1", "corrections": ""})
    assert refused.status_code == 422
    desk.post(address, {"return": "1", "corrections": "法定代表人姓名：请与营业执照核对。"})

    application.refresh_from_db()
    assert application.corrections == [
        {"field": "LEGAL_REPRESENT", "words": "法定代表人姓名：请与营业执照核对。"}
    ]
    firm = _as(Client(), "firm")
    assert "请与营业执照核对" in firm.get("/subject/").content.decode()
    corrected = firm.post(f"/subject/applications/{application.pk}/", _typed(code))
    assert corrected.status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert "不能再次退回" in desk.get(address).content.decode()


@pytest.mark.parametrize(("number", "words"), [(46, "停业"), (47, "2026-06-30")])
def test_a_stopped_firm_and_a_licence_at_its_end_are_seen(
    client: Client, number: int, words: str
) -> None:
    code = samples.firm(number)

    assert words in client.get(f"/register/?kind=legal_person&code={code}").content.decode() or (
        _register(client, code).status_code == 302
        and words in _verify_page(_officer()).content.decode()
    )


def test_an_officer_rejects_with_a_reason(client: Client) -> None:
    _register(client, FIRM)
    application = Application.objects.get()
    desk = _officer()
    address = f"/subjects/applications/{application.pk}/"

    assert desk.post(address, {"reject": "1", "reason": " "}).status_code == 422
    desk.post(address, {"reject": "1", "reason": "营业执照与登记机关不符。"})

    page = _as(client, "firm").get("/subject/").content.decode()
    assert "营业执照与登记机关不符" in page


def test_a_change_shows_old_beside_new_before_it_is_sent(client: Client) -> None:
    _register(client, FIRM)
    desk = _officer()
    application = Application.objects.get()
    desk.post(f"/subjects/applications/{application.pk}/", {"approve": "1"})
    firm = _as(client, "firm")
    facts = _typed(FIRM, address="云南省昆明市新示例路9号", number="1")

    shown = firm.post("/subject/change/", facts).content.decode()
    assert "云南省昆明市示例路31号" in shown
    assert "云南省昆明市新示例路9号" in shown
    assert "确认提交变更" in shown
    assert firm.post("/subject/change/", facts | {"sure": "1"}).status_code == 302

    change = Application.objects.get(purpose=Purpose.CHANGE)
    page = desk.get(f"/subjects/applications/{change.pk}/").content.decode()
    assert "变更前后" in page
    assert "云南省昆明市新示例路9号" in page


def test_a_key_is_registered_by_its_proof(client: Client) -> None:
    _register(client, FIRM)
    desk = _officer()
    desk.post(f"/subjects/applications/{Application.objects.get().pk}/", {"approve": "1"})
    firm = _as(client, "firm")
    key = PrivateKey.generate()

    wrong = firm.post("/subject/key/", {"proof": "不是证明"})
    assert wrong.status_code == 422
    right = firm.post("/subject/key/", {"proof": actions.prove(FIRM, key)})

    assert right.status_code == 302
    assert queries.key_of(FIRM) == key.public.to_hex()


def test_a_natural_person_registers_without_a_code_in_the_address(client: Client) -> None:
    facts = {
        "person_name": "赵六",
        "identity_number": samples.person(7),
        "without_end": "on",
        "phone": "13800000000",
        "bank_account": "6222000000000000000",
        "applicant_name": "赵六",
        "username": "zhaoliu",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }

    assert client.get("/register/?kind=natural_person").status_code == 200
    wrong = client.post(
        "/register/?kind=natural_person", facts | {"identity_number": "530101181201010079"}
    )
    assert wrong.status_code == 422
    assert client.post("/register/?kind=natural_person", facts).status_code == 302
    assert "请核对身份证件" in _verify_page(_officer()).content.decode()


def test_an_officer_suspends_and_resumes() -> None:
    version = verified(FIRM, NAME)
    desk = _officer()
    address = f"/subjects/{version.subject_id}/"

    assert desk.post(f"{address}turn/", {"reason": ""}).status_code == 422
    desk.post(f"{address}turn/", {"reason": "核查中。"})
    assert "已暂停" in desk.get(address).content.decode()
    desk.post(f"{address}turn/", {"reason": "核查结束。"})

    assert queries.require_verified(FIRM)
    assert "已核验" in desk.get(f"/subjects/?q={FIRM}").content.decode()


def test_one_sees_only_ones_own_application(client: Client) -> None:
    application = sign_up(body(FIRM, NAME))
    sign_up(body(samples.firm(32), "昆明滇池示例建筑有限公司"), username="other")

    other = _as(client, "other")

    assert other.get(f"/subject/applications/{application.pk}/").status_code == 404


def test_an_agreement_holds_once_both_sides_agreed(client: Client) -> None:
    school, agency = samples.firm(1), samples.firm(2)
    verified(school, "昆明市示例第一中学", roles="01")
    verified(agency, "云南示例招标代理有限公司", roles="02")
    person("school", organisation_code=school)
    person("agency", organisation_code=agency)
    facts = {
        "other_code": agency,
        "own_side": "tenderer",
        "scope": "教学楼施工招标全过程代理。",
        "commissions": ["preparation", "documents"],
        "starts_on": "2026-10-12",
        "ends_on": "2027-10-11",
    }

    clerk = _as(client, "school")
    missing = clerk.post("/agreements/", facts)
    assert missing.status_code == 422
    paper = SimpleUploadedFile("委托协议.pdf", b"%PDF-1.4 agreement")
    assert clerk.post("/agreements/", facts | {"document": paper}).status_code == 302
    day = NOW.date()

    def agreed(commission: Commission) -> AgencyAgreement | None:
        return queries.agreement_between(
            tenderer_code=school, agency_code=agency, on=day, commission=commission
        )

    assert agreed(Commission.DOCUMENTS) is None

    agreement = queries.agreements_of(_actor("agency")).get()
    other = _as(Client(), "agency")
    assert "确认协议" in other.get(f"/agreements/{agreement.pk}/").content.decode()
    other.post(f"/agreements/{agreement.pk}/")

    assert agreed(Commission.DOCUMENTS) == agreement
    assert agreed(Commission.OPENING) is None


def _actor(username: str) -> Actor:
    account = accounts.account_named(username)
    assert account is not None
    return actor_of(account)

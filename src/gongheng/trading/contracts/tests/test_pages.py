"""The pages of contract and archive, by both sides, with what they refuse."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongheng.trading.award.tests.test_pages import HandClock, paper
from gongheng.trading.contracts import panels, queries, tasks
from gongheng.trading.contracts.kinds import Side
from gongheng.trading.contracts.tests.support import Signing, signing
from gongheng.trading.projects.tests.support import actor, browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.web.files import UNKNOWN_TYPE

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any) -> Signing:
    found = signing()
    settings.GONGHENG_CLOCK = HandClock(found.course)
    return found


@pytest.fixture
def clerk() -> Client:
    return browser(person("desk"))


def bidder(desk: Signing, name: str = "won", code: str = "") -> Client:
    organisation = code or desk.winner.organisation_code
    return browser(
        person(name, role=Role.BIDDER, organisation_code=organisation, region_code="440300")
    )


def page_of(name: str, desk: Signing) -> str:
    return reverse(name, args=[desk.case.pk])


def text(client: Client, desk: Signing, **changes: Any) -> dict[str, Any]:
    initial = client.get(page_of("case-sign_contract", desk)).context["drafting"].initial
    return {"act": "draft", **initial} | {"clauses": "按月支付。"} | changes


def test_a_contract_is_signed_by_both_sides_on_their_pages(desk: Signing, clerk: Client) -> None:
    sign, own = page_of("case-sign_contract", desk), page_of("bidding-contract", desk)
    firm = bidder(desk)
    before = firm.get(own).content.decode()
    clerk.post(sign, text(clerk, desk, bond_amount="960000"))
    digest = desk.contract.digest
    shown = firm.get(own).content.decode()
    unsure = firm.post(own, {"seen": digest})
    signed = firm.post(own, {"seen": digest, "is_sure": "on"})
    late = clerk.post(sign, {"act": "sign", "sign-seen": digest, "sign-is_sure": "on"})
    bond = {
        "act": "bond",
        "bond-form": "bank",
        "bond-number": "BH001",
        "bond-amount": "960000",
        "bond-received_at": desk.course.now.strftime("%Y-%m-%d %H:%M"),
    }
    other = SimpleUploadedFile("保函.exe", b"MZ")
    unknown = clerk.post(sign, {**bond, "bond-paper": other})
    received = clerk.post(
        sign, {**bond, "bond-paper": SimpleUploadedFile("保函.PDF", b"%PDF-1.7 letter")}
    )
    page = clerk.get(sign).content.decode()
    done = clerk.post(sign, {"act": "sign", "sign-seen": digest, "sign-is_sure": "on"})

    assert "还没有起草合同" in before
    assert "玖佰陆拾万元整" in shown
    assert unsure.status_code == 422
    assert signed.status_code == received.status_code == done.status_code == 302
    assert "还没有收到履约保证金" in late.content.decode()
    assert unknown.status_code == 422
    assert UNKNOWN_TYPE.message in unknown.content.decode()
    place = reverse("contract-bond", args=[desk.contract.pk])
    assert place in page
    for reader in (clerk, firm):
        assert reader.get(place).getvalue() == b"%PDF-1.7 letter"
    assert desk.contract.bond_paper_name == f"{desk.contract.number}-履约保证金.pdf"
    assert desk.contract.is_concluded


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("price", "9600000.01", "合同价款"),
        ("duration_days", "181", "工期"),
        ("quality", "优良", "质量"),
        ("project_manager", "别人", "项目负责人"),
        ("subject", "另加绿化", "标的"),
    ],
)
def test_a_difference_is_refused_by_name_and_nothing_typed_is_lost(
    desk: Signing, clerk: Client, field: str, value: str, label: str
) -> None:
    fields = text(clerk, desk, **{field: value}, clauses="写了很久的条款")

    answer = clerk.post(page_of("case-sign_contract", desk), fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{label}" in page
    assert "应为" in page
    assert "写了很久的条款" in page
    assert queries.contract_of(desk.case) is None


def test_a_bond_above_the_law_is_shown_at_its_field(desk: Signing, clerk: Client) -> None:
    fields = text(clerk, desk, bond_amount="960000.01")

    answer = clerk.post(page_of("case-sign_contract", desk), fields)

    assert "百分之十" in answer.context["drafting"].errors["bond_amount"][0]


def test_a_wrong_signature_is_shown_at_its_field(desk: Signing) -> None:
    desk.draft()
    fields = {"seen": desk.contract.digest, "is_sure": "on", "signature": "00ff"}

    answer = bidder(desk).post(page_of("bidding-contract", desk), fields)

    assert answer.status_code == 422
    assert "密钥" in answer.context["form"].errors["signature"][0]


def test_a_firm_that_did_not_win_sees_no_contract(desk: Signing) -> None:
    contract = desk.draft()
    loser = bidder(desk, "lost", desk.course.ranked[1])

    assert loser.get(page_of("bidding-contract", desk)).status_code == 404
    assert loser.get(reverse("contract", args=[contract.pk])).status_code == 404
    assert bidder(desk).get(reverse("contract", args=[contract.pk])).status_code == 200


def test_a_winner_that_gives_up_leads_back_to_the_award(desk: Signing, clerk: Client) -> None:
    place = page_of("contracts-lost", desk)
    fields = {"cause": "no_bond", "reason": "逾期不提交"}

    without = clerk.post(place, fields)
    done = clerk.post(place, fields | {"paper": paper()})

    assert without.status_code == 422
    assert done.status_code == 302
    assert desk.case.awaits == "award"
    assert bidder(desk).get(page_of("bidding-contract", desk)).status_code == 404


def test_the_winner_is_asked_to_sign(desk: Signing) -> None:
    desk.draft()
    account = person("won", role=Role.BIDDER, organisation_code=desk.winner.organisation_code)

    [task] = tasks.contracts_to_sign(actor=actor(account), now=desk.course.now)
    desk.sign_as_winner()

    assert task.rule == "W-33"
    assert not list(tasks.contracts_to_sign(actor=actor(account), now=desk.course.now))


def test_the_officer_closes_the_archive_and_people_take_the_manifest(
    desk: Signing, clerk: Client
) -> None:
    desk.ready_to_archive()
    officer = browser(person("officer", role=Role.OFFICER))
    place = page_of("case-archive", desk)
    page = officer.get(place).content.decode()

    refused = officer.post(place, {"explanation": ""})
    done = officer.post(place, {"explanation": "试运行项目，公告另存"})
    manifest = json.loads(clerk.get(page_of("archive-manifest", desk)).content)

    assert "缺少" in page
    assert refused.status_code == 422
    assert done.status_code == 302
    assert manifest["explanation"] == "试运行项目，公告另存"
    assert any(sheet["digest"] == desk.contract.digest for sheet in manifest["sheets"])


def test_the_contract_is_handed_to_a_colleague_for_publication(
    desk: Signing, clerk: Client
) -> None:
    desk.concluded()
    place = page_of("case-publish_contract", desk)

    page = clerk.get(place).content.decode()
    done = clerk.post(place)

    assert "20个工作日" in page
    assert done.status_code == 302


def test_the_tab_shows_the_contract_to_its_parties_only(desk: Signing) -> None:
    desk.draft()
    won = actor(person("won", role=Role.BIDDER, organisation_code=desk.winner.organisation_code))
    lost = actor(person("lost", role=Role.BIDDER, organisation_code=desk.course.ranked[1]))

    shown = panels.contract(case=desk.case, actor=won, now=desk.course.now)

    assert shown is not None
    assert panels.contract(case=desk.case, actor=lost, now=desk.course.now) is None
    assert queries.signature_of(desk.contract, Side.WINNER) is None

"""A consortium signs its contract together: the leader, every partner, then the tenderer (J-01)."""

from dataclasses import replace

import pytest

from gongheng.kernel.canonical import canonical
from gongheng.registers.messages.models import Delivery
from gongheng.trading.contracts import queries, reports, rules
from gongheng.trading.contracts.kinds import Side
from gongheng.trading.contracts.tests.support import Signing, signing
from gongheng.trading.contracts.tests.test_actions import refused
from gongheng.trading.opening.models import Entry
from gongheng.trading.projects.tests.support import actor as acting, browser, person
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.work import tasks_of
from tests.cases import BIDDER

pytestmark = pytest.mark.django_db

PARTNER = {"name": "滇东桥梁工程有限公司", "code": "91530300MA6KABCD0X"}
ON_PAPER = {"name": "设计研究院", "code": ""}


def together(*partners: dict[str, str]) -> Signing:
    """Return a case that a consortium won; its opened letter names the partners."""
    desk = signing()
    entry = Entry.objects.get(opening__case=desk.case, bidder_code=desk.winner.organisation_code)
    entry.letter = {**entry.letter, "consortium": list(partners)}
    entry.save(update_fields=["letter"])
    return desk


def account_of(code: str = PARTNER["code"]) -> Account:
    """Return the account of a person of a firm that does not sit in the city."""
    return person("partner", role=Role.BIDDER, organisation_code=code, region_code="530300")


def partner() -> Actor:
    return acting(account_of())


def test_everybody_signs_before_the_tenderer() -> None:
    desk = together(PARTNER)
    desk.draft()
    desk.sign_as_winner()

    refusal = refused(desk.sign_as_tenderer)
    assert refusal.reason is rules.PARTNERS_FIRST
    assert PARTNER["name"] in str(refusal.facts["waiting"])

    one = partner()
    desk.sign_as_winner(actor=one)
    assert refused(desk.sign_as_winner, actor=one).reason is rules.ALREADY_SIGNED
    desk.sign_as_tenderer()
    assert desk.contract.is_concluded
    assert {row.side for row in desk.contract.signatures.all()} == set(Side)


def test_the_partners_stand_in_the_text_that_is_signed_and_in_the_record() -> None:
    desk = together(PARTNER)
    contract = desk.draft()

    assert PARTNER["code"] in canonical(reports.text_of(contract)).decode()
    assert f"成员：{PARTNER['name']}" in reports.summary(contract)


def test_a_new_text_is_signed_anew_by_all() -> None:
    desk = together(PARTNER)
    desk.draft()
    desk.sign_as_winner()
    desk.sign_as_winner(actor=partner())
    desk.draft(bond="100")

    desk.sign_as_winner()
    desk.bond("100")
    assert refused(desk.sign_as_tenderer).reason is rules.PARTNERS_FIRST


def test_a_stranger_and_a_partner_without_a_code_do_not_sign() -> None:
    desk = together(ON_PAPER)
    desk.draft()

    assert refused(desk.sign_as_winner, actor=BIDDER).reason is rules.NOT_A_PARTY
    nobody = replace(partner(), organisation_code="")
    assert refused(desk.sign_as_winner, actor=nobody).reason is rules.NOT_A_PARTY
    assert not queries.own_contracts(nobody).exists()
    desk.sign_as_winner()
    desk.sign_as_tenderer()
    assert desk.contract.is_concluded


def test_a_partner_is_told_finds_the_task_and_signs_on_its_page() -> None:
    desk = together(PARTNER)
    desk.draft()
    account, now = account_of(), desk.course.now
    one = acting(account)
    assert Delivery.objects.filter(organisation_code=PARTNER["code"]).count() == 1
    address = f"/bidding/{desk.case.pk}/contract/"
    assert address in [task.address for task in tasks_of(one, now=now)]

    client = browser(account)
    page = client.get(address).content.decode()
    assert PARTNER["name"] in page
    assert "中标通知书</a>" not in page
    signed = client.post(address, {"seen": desk.contract.digest, "is_sure": "on"})
    assert signed.status_code == 302, signed.content.decode()
    assert "等待招标人签署" in client.get(address).content.decode()
    assert address not in [task.address for task in tasks_of(one, now=now)]


def test_a_firm_that_did_not_take_part_finds_nothing() -> None:
    desk = together(PARTNER)
    desk.draft()
    client = browser(account_of("91530300MA6KABCE08"))

    assert client.get(f"/bidding/{desk.case.pk}/contract/").status_code == 404

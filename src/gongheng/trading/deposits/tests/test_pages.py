"""The deposit desk and the refund steps, with what they refuse."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.tests.support import ACCOUNT, FIRM, NAMES, bidding, recorded
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from tests.cases import Walk, walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(settings: Any) -> Walk:
    found = bidding()

    class HandClock:
        def now(self) -> Any:
            return found.now

    settings.GONGHENG_CLOCK = HandClock()
    return found


@pytest.fixture
def officer() -> Client:
    return browser(person("officer", role=Role.OFFICER))


def slip(**changes: Any) -> dict[str, Any]:
    fields = {
        "bidder_code": FIRM,
        "form": "4",
        "amount": "200,000.00",
        "payer_name": NAMES[FIRM],
        "payer_account": ACCOUNT,
        "bank": "中国某银行昆明分行",
        "number": "HD001",
        "received_at": "2026-10-12 08:30",
    }
    return fields | changes


def test_an_officer_records_a_deposit(walk: Walk, officer: Client) -> None:
    answer = officer.post(reverse("deposits-new", args=[walk.case.pk]), slip())

    page = officer.get(answer.headers["Location"]).content.decode()
    assert NAMES[FIRM] in page
    assert "200,000.00" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("payer_account", "123", "基本账户"),
        ("payer_name", "代付有限公司", "名称不一致"),
        ("amount", "1", "不一致"),
        ("amount", "abc", "无法识别"),
        ("received_at", "2026-13-01 10:00", "日历上没有"),
        ("received_at", "2027-01-01 10:00", "晚于现在"),
        ("bidder_code", "91530100MA6K000013", ""),
    ],
)
def test_a_mistake_is_shown_at_its_field(
    walk: Walk, officer: Client, field: str, value: str, words: str
) -> None:
    answer = officer.post(
        reverse("deposits-new", args=[walk.case.pk]), slip(**{field: value}, bank="写好的银行")
    )

    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert "写好的银行" in answer.content.decode()
    assert not Deposit.objects.exists()


def test_a_deposit_goes_back_on_its_page_and_the_step_is_confirmed(
    walk: Walk, officer: Client
) -> None:
    deposit = recorded(walk)
    early = officer.post(reverse("deposits-return", args=[deposit.pk]), {"refund_number": "TK1"})
    walk_to(walk, "publish_contract")
    clerk = browser(person("desk"))
    step = reverse("case-refund_deposits", args=[walk.case.pk])
    refused = clerk.post(step)
    odd = {"refund_number": "TK1", "rate_percent": "百分之一"}
    wrong = officer.post(reverse("deposits-return", args=[deposit.pk]), odd)
    done = officer.post(
        reverse("deposits-return", args=[deposit.pk]),
        {"refund_number": "TK1", "rate_percent": "0.35%"},
    )
    confirmed = clerk.post(step)

    assert early.status_code == wrong.status_code == 422
    assert "合同还没有订立" in early.content.decode()
    assert refused.status_code == 422
    assert "还有投标保证金没有退还" in refused.content.decode()
    assert done.status_code == confirmed.status_code == 302
    deposit.refresh_from_db()
    assert deposit.state == State.RETURNED


def test_a_deposit_is_kept_on_its_page(walk: Walk, officer: Client) -> None:
    deposit = recorded(walk)
    place = reverse("deposits-keep", args=[deposit.pk])
    fields = {"cause": "revoked", "reason": "截止后撤销投标", "evidence": "撤销函"}

    missing = officer.post(place, fields | {"evidence": ""})
    paper = SimpleUploadedFile("撤销函.pdf", b"%PDF-1.7 withdrawn")
    done = officer.post(place, fields | {"paper": paper})

    assert missing.status_code == 422
    assert done.status_code == 302
    assert officer.get(place).status_code == 404
    letter = reverse("deposits-kept-paper", args=[deposit.pk])
    assert letter in officer.get(reverse("deposits", args=[walk.case.pk])).content.decode()
    assert officer.get(letter).getvalue() == b"%PDF-1.7 withdrawn"


@pytest.mark.parametrize("role", [Role.CLERK, Role.BIDDER, Role.SUPERVISOR, Role.OPERATOR])
def test_the_desk_is_closed_to_everybody_else(walk: Walk, role: Role) -> None:
    deposit = recorded(walk)
    who = browser(person("other", role=role))

    for address in (
        reverse("deposits", args=[walk.case.pk]),
        reverse("deposits-new", args=[walk.case.pk]),
        reverse("deposits-return", args=[deposit.pk]),
        reverse("deposits-keep", args=[deposit.pk]),
    ):
        assert who.get(address).status_code in {403, 404}


def test_the_clerks_page_says_nothing_of_deposits_before_the_award(walk: Walk) -> None:
    recorded(walk)
    clerk = browser(person("desk"))

    page = clerk.get(reverse("case-refund_deposits", args=[walk.case.pk])).content.decode()

    assert NAMES[FIRM] not in page
    assert "没有登记投标保证金" in page

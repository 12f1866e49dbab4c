"""The deposit desk and the refund steps, with what they refuse."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongheng.trading.deposits.kinds import State
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.deposits.tests.support import (
    ACCOUNT,
    FIRM,
    NAMES,
    OTHER_FIRM,
    bidding,
    recorded,
)
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry
from tests.cases import Walk, walk_to

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


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

    desk = answer.headers["Location"]
    page = officer.get(desk).content.decode()
    found = officer.get(desk, {"number": "HD001"}).content.decode()
    missed = officer.get(desk, {"number": "HD00"}).content.decode()
    assert "HD001" in page
    for shown in (page, missed):
        assert NAMES[FIRM] not in shown
        assert "200,000.00</td>" not in shown
    assert NAMES[FIRM] in found
    assert "不予退还</a>" not in found
    assert "没有登记这一凭证号" in missed


def test_no_page_and_no_trail_of_the_desk_tells_how_many_deposits_came(
    walk: Walk, officer: Client
) -> None:
    places = (
        reverse("deposits", args=[walk.case.pk]),
        reverse("case-keep_deposit", args=[walk.case.pk]),
        reverse("case-return_bids", args=[walk.case.pk]),
        reverse("desk"),
    )

    def seen() -> list[str]:
        return [_TOKEN.sub("", officer.get(place).content.decode()) for place in places]

    trail = AuditEntry.objects.filter(object_id__contains=str(walk.case.pk))
    before, entries = seen(), trail.count()
    recorded(walk)
    officer.post(reverse("deposits-new", args=[walk.case.pk]), slip(number="HD9"))
    officer.get(reverse("deposits-new", args=[walk.case.pk]))
    officer.get(places[0], {"number": recorded(walk, OTHER_FIRM).number})

    assert trail.count() == entries
    assert seen() == before


def test_the_look_at_one_payment_is_written_down_under_its_own_id(
    walk: Walk, officer: Client
) -> None:
    deposit = recorded(walk)

    officer.get(reverse("deposits", args=[walk.case.pk]), {"number": deposit.number})

    entry = AuditEntry.objects.filter(deed="deposit.read").latest("id")
    assert entry.object_id == str(deposit.pk)


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
    desk = reverse("case-keep_deposit", args=[walk.case.pk])
    letter = reverse("deposits-kept-paper", args=[deposit.pk])
    fields = {"cause": "revoked", "reason": "截止后撤销投标", "evidence": "撤销函"}
    second = browser(person("second", role=Role.OFFICER))

    early = officer.post(place, fields)
    walk_to(walk, "open_bids")
    missing = officer.post(place, fields | {"evidence": ""})
    paper = SimpleUploadedFile("撤销函.pdf", b"%PDF-1.7 withdrawn")
    done = officer.post(place, fields | {"paper": paper})
    waiting = second.get(desk).content.decode()
    proposal = walk.case.proposals.get(step="keep_deposit")
    review = reverse("case-confirm", args=[proposal.pk])
    seen = second.get(review)
    second.post(
        review,
        {"verdict": "publish", "seen": seen.context["form"]["seen"].value(), "reason": "已核对"},
    )

    assert early.status_code == missing.status_code == 422
    assert "投标截止时间未到" in early.content.decode()
    assert done.status_code == 302
    assert review in waiting
    assert letter in waiting
    assert NAMES[FIRM] in seen.content.decode()
    assert officer.get(place).status_code == 404
    after = officer.get(reverse("deposits", args=[walk.case.pk])).content.decode()
    assert letter in after
    assert "依法不予退还" in after
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
    assert "没有登记投标保证金" not in page

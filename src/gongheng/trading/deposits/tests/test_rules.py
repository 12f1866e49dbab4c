"""Which deposits are taken, and what goes back with them; dated examples of F-03 and W-17."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.deposits import rules
from gongheng.trading.deposits.facts import DepositFacts, Form

NOW = datetime(2026, 11, 2, 10, tzinfo=BEIJING)
MONEY = DepositFacts(
    bidder_code="91530100MA6K000013",
    form=Form.TRANSFER,
    amount=Decimal("200000.00"),
    payer_name="云岭路桥建设有限公司",
    payer_account="5301 0001 0002",
    bank="中国某银行昆明分行",
    number="HD20261102001",
    received_at=NOW,
)
GUARANTEE = replace(MONEY, form=Form.BANK_GUARANTEE, payer_account="", valid_until=date(2027, 2, 3))
NAME, ACCOUNT = "云岭路桥建设有限公司", "530100010002"


def refused(expected: object, deed: object, /, *arguments: object, **facts: object) -> None:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **facts)  # type: ignore[operator]
    assert refusal.value.reason is expected


def test_the_amount_is_that_of_the_documents() -> None:
    asked = Decimal("200000.00")

    rules.require_right_amount(form=Form.TRANSFER, amount=asked, asked=asked)
    rules.require_right_amount(form=Form.SURETY, amount=asked + 1, asked=asked)
    for form, amount in (
        (Form.TRANSFER, asked - Decimal("0.01")),
        (Form.TRANSFER, asked + Decimal("0.01")),
        (Form.INSURANCE, asked - Decimal("0.01")),
    ):
        refused(
            rules.WRONG_AMOUNT, rules.require_right_amount, form=form, amount=amount, asked=asked
        )
    for nothing in (None, Decimal(0)):
        refused(
            rules.NOT_ASKED,
            rules.require_right_amount,
            form=Form.TRANSFER,
            amount=asked,
            asked=nothing,
        )


def test_money_comes_from_the_bidders_own_base_account() -> None:
    judge = rules.require_own_account

    judge(MONEY, bidder_name=NAME, base_account=ACCOUNT)
    judge(
        replace(MONEY, payer_name="云岭 路桥建设有限公司"), bidder_name=NAME, base_account=ACCOUNT
    )
    judge(GUARANTEE, bidder_name=NAME, base_account="")
    refused(rules.NOT_OWN_NAME, judge, MONEY, bidder_name="别的公司", base_account=ACCOUNT)
    refused(rules.NOT_OWN_NAME, judge, GUARANTEE, bidder_name="别的公司", base_account=ACCOUNT)
    refused(rules.NOT_BASE_ACCOUNT, judge, MONEY, bidder_name=NAME, base_account="999")
    refused(rules.NO_BASE_ACCOUNT, judge, MONEY, bidder_name=NAME, base_account="")


def test_brackets_of_either_width_are_the_same_name() -> None:
    paid = replace(MONEY, payer_name="云岭路桥(集团)有限公司")

    rules.require_own_account(paid, bidder_name="云岭路桥（集团）有限公司", base_account=ACCOUNT)


def test_a_guarantee_lasts_as_long_as_the_bid() -> None:
    due = datetime(2026, 11, 5, 9, tzinfo=BEIJING)

    def judge(facts: DepositFacts) -> None:
        rules.require_valid(facts, bids_due_at=due, validity_days=90)

    judge(MONEY)
    judge(GUARANTEE)
    refused(rules.GUARANTEE_TOO_SHORT, judge, replace(GUARANTEE, valid_until=date(2027, 2, 2)))
    refused(rules.NO_VALIDITY, judge, replace(GUARANTEE, valid_until=None))


def test_a_receipt_does_not_lie_ahead() -> None:
    rules.require_received(received_at=NOW, now=NOW)
    later = NOW + timedelta(microseconds=1)
    refused(rules.NOT_YET_RECEIVED, rules.require_received, received_at=later, now=NOW)


def test_interest_is_counted_by_days_of_a_bank_year() -> None:
    found = rules.interest(
        Decimal("200000.00"),
        rate_percent=Decimal("0.35"),
        since=date(2026, 11, 2),
        until=date(2026, 12, 2),
    )

    assert found == Decimal("58.33")


@given(
    st.decimals(min_value=0, max_value=800_000, places=2),
    st.integers(min_value=0, max_value=400),
)
def test_interest_is_never_negative_and_grows_with_the_days(amount: Decimal, days: int) -> None:
    def after(number: int) -> Decimal:
        since = date(2026, 1, 1)
        return rules.interest(
            amount, rate_percent=Decimal("1.5"), since=since, until=since + timedelta(days=number)
        )

    assert Decimal(0) <= after(days) <= after(days + 1)


@pytest.mark.parametrize("rate", [None, Decimal("-0.01"), Decimal("20.01")])
def test_an_impossible_rate_is_refused(rate: Decimal | None) -> None:
    refused(rules.NO_RATE, rules.require_rate, rate)


@pytest.mark.parametrize(
    ("rule", "since", "last_day"),
    [
        ("F-03", date(2026, 11, 2), date(2026, 11, 9)),
        ("F-03", date(2026, 9, 28), date(2026, 10, 8)),
        ("W-17", date(2026, 9, 21), date(2026, 9, 28)),
    ],
)
def test_refunds_are_due_within_five_days_that_roll_over_rest_days(
    rule: str, since: date, last_day: date
) -> None:
    term = terms.in_force(rule, date(2026, 9, 1))

    deadline = term.deadline("订立合同", datetime.combine(since, datetime.min.time(), BEIJING))

    assert deadline.last_day == last_day


def test_documents_ask_for_two_percent_and_at_most_the_cap() -> None:
    share, cap = (terms.in_force("F-01", date(2026, 9, 1), key) for key in ("", "construction"))

    def ceiling(estimate: str) -> Decimal:
        return rules.ceiling(Decimal(estimate), share=share, cap=cap)

    assert ceiling("13500000.00") == Decimal("270000.00")
    assert ceiling("90000000.00") == Decimal("800000.00")


def test_a_deposit_is_kept_with_story_and_paper_only() -> None:
    rules.require_ground(reason="拒绝订立合同", evidence="昆城建函〔2026〕1号")
    refused(rules.NO_GROUND, rules.require_ground, reason=" ", evidence="昆城建函〔2026〕1号")
    refused(rules.NO_GROUND, rules.require_ground, reason="拒绝订立合同", evidence="")

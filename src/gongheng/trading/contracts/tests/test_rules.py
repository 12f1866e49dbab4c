"""What a contract takes over from the bid, its bond, and the dated examples of its limits."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.contracts import rules
from gongheng.trading.contracts.rules import Substance

BID = Substance(
    winner_code="91530100MA6K000013",
    subject="道路、排水\n照明工程",
    price=Decimal("9600000.00"),
    duration_days=180,
    quality="合格",
    project_manager="张建国",
)
F_05 = terms.in_force("F-05", date(2026, 10, 12))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("winner_code", "91530100MA6K000021"),
        ("subject", "道路工程"),
        ("price", Decimal("9600000.01")),
        ("duration_days", 181),
        ("quality", "优良"),
        ("project_manager", "李四"),
    ],
)
def test_every_difference_from_the_bid_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_equal(replace(BID, **{field: value}), BID)

    assert refusal.value.reason is rules.UNEQUAL
    assert refusal.value.facts["fields"] == (field,)
    assert rules.LABELS[field] in str(refusal.value)


def test_line_ends_and_edges_are_no_difference() -> None:
    rules.require_equal(replace(BID, subject=" 道路、排水\r\n照明工程 "), BID)


@given(st.decimals(min_value="0.01", max_value="99999999.99", places=2))
def test_a_bond_is_at_most_a_tenth_of_the_price(price: Decimal) -> None:
    limit = rules.bond_limit(price, F_05)

    rules.require_bond(limit, price=price, term=F_05)
    with pytest.raises(Refusal) as refusal:
        rules.require_bond(limit + Decimal("0.01"), price=price, term=F_05)
    assert refusal.value.reason is rules.BOND_TOO_LARGE


def test_a_contract_after_a_letter_of_1_september_is_due_after_the_holiday() -> None:
    """The handbook's example of W-33: 10-01 is a holiday, the period rolls to 10-08."""
    sent = datetime(2026, 9, 1, 10, tzinfo=BEIJING)

    deadline = terms.in_force("W-33", date(2026, 8, 1)).deadline("发出中标通知书", sent)

    assert deadline.last_day == date(2026, 10, 8)


def test_a_contract_of_14_september_is_public_by_16_october() -> None:
    """The handbook's example of 20 working days of disclosure (B-09)."""
    signed = datetime(2026, 9, 14, 10, tzinfo=BEIJING)

    deadline = terms.in_force("B-09", date(2026, 8, 1)).deadline("订立合同", signed)

    assert deadline.last_day == date(2026, 10, 16)

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import money
from gongheng.kernel.reasons import Refusal

sums = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)
VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> Decimal:
    """Read a sum in capitals back, written apart from the product."""
    total, section, digit, cents = 0, 0, 0, 0
    for character in text.removesuffix("整"):
        if character in VALUES:
            digit = VALUES[character]
        elif character in PLACES:
            section, digit = section + digit * PLACES[character], 0
        elif character in {"角", "分"}:
            cents, digit = cents + digit * (10 if character == "角" else 1), 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif character == "元":
            total, section, digit = total + section + digit, 0, 0
    return Decimal(total) + Decimal(cents) / 100


@given(sums)
def test_capitals_say_the_same_sum(amount: Decimal) -> None:
    capitals = money.capitals(amount)

    assert read_capitals(capitals) == amount
    assert "零零" not in capitals


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1000001", "壹佰万零壹元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("10020000000000", "壹拾万零贰佰亿元整"),
        ("9800000", "玖佰捌拾万元整"),
        ("-3", "负叁元整"),
    ],
)
def test_capitals_follow_the_banks_rules(amount: str, capitals: str) -> None:
    assert money.capitals(Decimal(amount)) == capitals


@given(sums)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert money.yuan(money.written(amount)) == amount
    assert money.yuan(amount).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", money.UNREADABLE),
        ("１２３", money.UNREADABLE),
        ("١٢٣", money.UNREADABLE),
        ("12,34.00", money.UNREADABLE),
        ("1,2345", money.UNREADABLE),
        ("100元", money.UNREADABLE),
        ("0元 人民币", money.UNREADABLE),
        ("1e5", money.UNREADABLE),
        ("NaN", money.UNREADABLE),
        (".5", money.UNREADABLE),
        ("5.", money.UNREADABLE),
        ("12\n", money.UNREADABLE),
        ("下浮3.5%", money.UNREADABLE),
        ("1.005", money.TOO_PRECISE),
        ("10000000000000000", money.TOO_LARGE),
    ],
)
def test_what_is_not_a_sum_is_refused(text: str, reason: money.Reason) -> None:
    with pytest.raises(Refusal) as refusal:
        money.yuan(text)

    assert refusal.value.reason is reason
    assert refusal.value.facts["value"] == text


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (" 1,234,567.80 ", "1234567.80"),
        ("1.500000", "1.50"),
        (7, "7.00"),
        (Decimal("1E+3"), "1000.00"),
        ("-0", "0.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_a_sum_has_two_places(given_value: str | int | Decimal, expected: str) -> None:
    assert str(money.yuan(given_value)) == expected


@pytest.mark.parametrize(
    ("exact", "result"), [("2.345", "2.35"), ("2.344999", "2.34"), ("-2.345", "-2.35")]
)
def test_rounding_is_half_up(exact: str, result: str) -> None:
    assert money.rounded(Decimal(exact)) == Decimal(result)

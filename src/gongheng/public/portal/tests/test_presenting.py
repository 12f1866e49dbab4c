import time

import pytest
from hypothesis import given, strategies as st

from gongheng.public.portal.presenting import shown
from gongheng.public.search.plain import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("无标记", "无标记"),
        ("a < b 且 c > d", "a < b 且 c > d"),
        ("<p>甲</p><p>乙</p>", "甲\n乙"),
        ("甲<br>乙<br/>丙", "甲\n乙\n丙"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲\u3000乙"),
        ("<style>p{}</style>甲<SCRIPT>x<b></SCRIPT >乙", "甲乙"),
        ("<b>&lt;i&gt;</b>", "<i>"),
        ("甲<script>永不结束", "甲永不结束"),
        ("<!-- 说明 -->甲<b></b>", "甲"),
    ],
)
def test_markup_becomes_plain_text(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("piece", ["<script>", "<a ", "<", "<!--", "</p>", "\n ", "<b>&"])
def test_the_time_is_in_proportion_to_the_text(piece: str) -> None:
    began = time.monotonic()

    plain("<b>" + piece * (200_000 // len(piece)))

    assert time.monotonic() - began < 2


@given(st.text(alphabet="<>/abscript! -&;\n", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(plain(text), str)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("12865000", "0", "12,865,000.00 元"),
        ("1286.5", "1", "1,286.50 万元"),
        ("0.123456", "0", "0.123456 元"),
        ("1E5", "0", "1E5"),
        ("1E99999999", "0", "1E99999999"),
        ("面议", "0", "面议"),
        ("NaN", "0", "NaN"),
    ],
)
def test_money_has_separators_and_its_unit(amount: str, unit: str, words: str) -> None:
    body = {"CONTRACT_RECKON_PRICE": amount, "CURRENCY_CODE": "156", "PRICE_UNIT": unit}

    facts = shown("SECTION", body, title="").facts

    assert [fact.value for fact in facts] == [words]


def test_another_currency_is_named() -> None:
    body = {"CONTRACT_RECKON_PRICE": "10", "CURRENCY_CODE": "840", "PRICE_UNIT": "1"}

    assert shown("SECTION", body, title="").facts[0].value == "10.00 万美元"

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from gongheng.data.imports import rules
from gongheng.data.imports.rules import AmountKind
from gongheng.kernel.clock import BEIJING

DAY = datetime(2026, 3, 16, tzinfo=BEIJING)
MORNING = datetime(2026, 3, 16, 9, 30, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-16", DAY),
        ("2026/3/16", DAY),
        ("2026.3.16", DAY),
        ("20260316", DAY),
        ("2026年3月16日", DAY),
        ("２０２６年３月１６日", DAY),
        ("二〇二六年三月十六日", DAY),
        ("【2026-03-16】", DAY),
        ("Mar 16, 2026", DAY),
        ("16 March 2026", DAY),
        ("2026-03-15 24:00", DAY),
        ("2026-03-16T09:30", MORNING),
        ("2026-03-16T09:30:00.000", MORNING),
        ("2026-03-16T01:30:00Z", MORNING),
        ("2026-03-16T02:30:00+01:00", MORNING),
        ("2026年03月16日 09时30分", MORNING),
        ("2026年3月16日上午9点30分", MORNING),
        ("Mar 16, 2026, 9:30:00 AM", MORNING),
        ("20260316093000", MORNING),
        ("1773624600000", MORNING),
    ],
)
def test_a_moment_is_read_in_every_shape(text: str, moment: datetime) -> None:
    assert rules.moment_of(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "1901-01-02", "2026-02-30", "2026-13-01", "详见公告", "2026", "9时30分", "99999999", "0"],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert rules.moment_of(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    rules.moment_of(text)
    rules.region_of(text, text)
    rules.is_name(text)

    assert rules.amount_of(text).raw == text


@given(st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2099-12-31")))
def test_a_moment_as_databases_print_it_is_read(moment: datetime) -> None:
    exact = moment.replace(microsecond=0)

    assert rules.moment_of(exact.isoformat()) == exact.replace(tzinfo=BEIJING, fold=0)


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("460,000.00元", AmountKind.SUM, "460000", "元"),
        ("1,359,102.00（元）", AmountKind.SUM, "1359102", "元"),
        ("人民币38.5 万元", AmountKind.SUM, "38.5", "万元"),
        ("41.7100000（万元）", AmountKind.SUM, "41.71", "万元"),
        ("0元 人民币", AmountKind.SUM, "0", "元"),
        ("￥1200", AmountKind.SUM, "1200", ""),
        ("35793641.98", AmountKind.SUM, "35793641.98", ""),
        ("8e-05", AmountKind.SUM, "0.00008", ""),
        ("2.5亿元", AmountKind.SUM, "2.5", "亿元"),
        ("28325848.01元（其中建安费：27835848.01元）", AmountKind.SUM, "28325848.01", "元"),
        ("92.075%", AmountKind.RATE, "92.075", "%"),
        ("98.5（％）", AmountKind.RATE, "98.5", "%"),
        ("价格系数：97.90%", AmountKind.RATE, "97.9", "%"),
        ("95.00元/延米", AmountKind.RATE, "95", "元/延米"),
        ("下浮率5.31%", AmountKind.DISCOUNT, "5.31", "%"),
        ("折扣率90%", AmountKind.DISCOUNT, "90", "%"),
        ("9.5折", AmountKind.DISCOUNT, "9.5", "折"),
    ],
)
def test_a_price_is_a_kind_a_value_and_a_unit(
    text: str, kind: AmountKind, value: str, unit: str
) -> None:
    found = rules.amount_of(text)

    assert (found.kind, found.value, found.unit) == (kind, Decimal(value), unit)
    assert found.raw == text


@pytest.mark.parametrize(
    "text",
    [
        "设计费报价：27万元；建安工程费报价下浮率：3.04%",
        "按收费标准的35.00%计取，最终结算总价不得超过176万元。",
        "中标成交供应商名称：某某研究所",
        "面议",
    ],
)
def test_prose_keeps_its_words_and_has_no_value(text: str) -> None:
    found = rules.amount_of(text)

    assert (found.kind, found.value) == (AmountKind.PROSE, None)


@pytest.mark.parametrize("text", ["", "/", "无", "未提供", "投标报价(元/%)", "详见附件"])
def test_a_place_holder_is_no_price(text: str) -> None:
    assert rules.amount_of(text).kind is AmountKind.NONE


def test_the_unit_of_a_bare_number_is_what_the_source_reckoned() -> None:
    in_yuan = rules.amount_of("954.59", yuan=Decimal("954.59"))
    in_ten_thousand = rules.amount_of("954.59", yuan=Decimal(9545900))
    contradicted = rules.amount_of("954.59（万元）", yuan=Decimal("954.59"))

    assert in_yuan.unit == "元"
    assert in_ten_thousand.yuan == Decimal(9545900)
    assert contradicted.unit == "万元"
    assert rules.amount_of("92.5", label="中标价(%)").kind is AmountKind.RATE


def test_retired_and_local_regions_stay_with_a_note() -> None:
    retired = rules.region_of("530122", "晋宁县")
    local = rules.region_of("530171", "某开发区")
    known = rules.region_of("530102", "五华区")

    assert (retired.code, retired.standing) == ("530122", rules.RETIRED)
    assert "已撤销" in retired.note
    assert (local.code, local.standing) == ("530171", rules.UNLISTED)
    assert "昆明市" in local.note
    assert (known.standing, known.note) == ("", "")


def test_a_region_without_a_code_is_found_by_its_province_or_unknown() -> None:
    assert rules.region_of("", "云南").code == "530000"
    assert rules.region_of("", "全国").standing == rules.MISSING
    assert rules.region_of("云南省", "").standing == rules.UNREADABLE


@pytest.mark.parametrize(
    "text", ["昆明某某建设工程有限公司", "云南省财政厅", "张某某", "某某农机合作社"]
)
def test_names_are_names(text: str) -> None:
    assert rules.is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "地 址",
        "评委1(技术标)",
        "社会信用代码",
        "（盖章）",
        "详见公告正文",
        "定制家具采购",
        "12345",
        "甲",
        "",
    ],
)
def test_what_was_cut_at_the_wrong_place_is_no_name(text: str) -> None:
    assert not rules.is_name(text)

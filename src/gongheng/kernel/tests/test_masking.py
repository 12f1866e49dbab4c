from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.codes import identity, region, transaction, uscc
from gongheng.kernel.masking import Personal, found, hidden, masked

around = (
    st.text("，。：；（）张经理电话地址 \n、A", max_size=8)
    .map(lambda s: s.rstrip("A"))
    .map(lambda s: s + "：")
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
births = st.dates(date(1930, 1, 1), date(2020, 1, 1))
areas = st.sampled_from(["530102", "110105", "310101", "650102"])


@st.composite
def identities(draw: st.DrawFn) -> str:
    body = f"{draw(areas)}{draw(births):%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return body + identity.check_character(body)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    organisation = draw(
        st.text("0123456789", min_size=9, max_size=9)
        | st.text(uscc.ALPHABET, min_size=9, max_size=9)
    )
    body = draw(st.sampled_from(["91", "92", "12", "11", "52"])) + draw(areas) + organisation
    return body + uscc.check_character(body)


@st.composite
def transaction_codes(draw: st.DrawFn) -> str:
    platform = draw(credit_codes())
    on = draw(st.dates(date(2019, 1, 1), date(2027, 12, 31)))
    code = transaction.issue(
        category="A01", platform=platform, on=on, serial=draw(st.integers(0, 999_999))
    )
    return str(code)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@given(before=around, mobile=mobiles, after=around, is_wide=st.booleans())
def test_no_mobile_number_survives(before: str, mobile: str, after: str, *, is_wide: bool) -> None:
    shown = full_width(mobile) if is_wide else mobile

    text = masked(before + shown + "。" + after)

    assert shown not in text
    assert text == f"{before}{shown[:3]}****{shown[-4:]}。{after}"


@given(before=around, number=identities(), after=around, is_wide=st.booleans())
def test_no_identity_number_survives(
    before: str, number: str, after: str, *, is_wide: bool
) -> None:
    shown = full_width(number) if is_wide else number

    assert (
        masked(f"{before}{shown}，{after}") == f"{before}{shown[:3]}{'*' * 13}{shown[-2:]}，{after}"
    )


@given(around, credit_codes(), around)
def test_credit_codes_stay(before: str, code: str, after: str) -> None:
    text = f"{before}{code}，{after}"

    assert masked(text) == text or identity.is_valid(code)


@given(around, transaction_codes(), around)
def test_transaction_codes_stay(before: str, code: str, after: str) -> None:
    text = f"{before}{code}，{after}"

    assert masked(text) == text


@given(st.text("0123456789-： 账号电话Xx@.a６１３\n", max_size=80))
def test_masking_twice_is_masking_once_and_keeps_the_lines(text: str) -> None:
    once = masked(text)

    assert masked(once) == once
    assert once.count("\n") == text.count("\n")


@given(st.text(max_size=60), identities(), mobiles)
def test_places_are_in_order_and_never_overlap(noise: str, number: str, mobile: str) -> None:
    text = f"{noise} {number}；{mobile} {noise}"

    places = list(found(text))

    assert len(places) >= 2
    assert all(a.end <= b.start for a, b in pairwise(places))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：13812345678", "联系人：138****5678"),
        ("手机138 1234 5678或138-1234-5678", "手机138 **** 5678或138-****-5678"),
        ("Tel13812345678 mobile13912345678", "Tel138****5678 mobile139****5678"),
        ("ID530102199001011234", "ID530*************34"),
        ("+86 13812345678", "+86 138****5678"),
        ("身份证530102199001011234", "身份证530*************34"),
        ("身份证53010219900101123x。", "身份证530*************3x。"),
        ("旧身份证：530102900101123", "旧身份证：530**********23"),
        ("账  号：6232593799021183283", "账  号：62*************3283"),
        ("账号：5300 1234 5678 9012", "账号：53** **** **** 9012"),
        ("开户账户为 2502012309024512345", "开户账户为 25*************2345"),
        ("卡6222021234567890128，", "卡62*************0128，"),
        ("邮箱zhang.san@example.com。", "邮箱z***@example.com。"),
        ("邮箱ｚｈａｎｇ＠ｅｘ．ｃｎ", "邮箱ｚ***＠ｅｘ．ｃｎ"),
    ],
)
def test_personal_data_is_covered_as_people_write_it(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码12530000MB1X000010",
        "项目编号E5301020001000017001002",
        "投资项目代码2409-530102-04-01-123456",
        "交易编号A01-12530000MB1X000010-20240301-000001-2",
        "电话0871-63112345",
        "投资估算138,123,456.78元",
        "数据键9120500201903050000050",
        "时间戳20261112093000",
        "甲级资质420020231120106",
        "公告字〔2026〕第13号，面积1234.56平方米",
        "E13812345678001",
    ],
)
def test_the_numbers_of_a_trade_stay(text: str) -> None:
    assert masked(text) == text


def test_only_the_wanted_kinds_are_covered() -> None:
    text = "保证金账号：530012345678901234，联系13812345678"

    assert masked(text, {Personal.MOBILE}) == "保证金账号：530012345678901234，联系138****5678"
    assert [place.kind for place in found(text)] == [Personal.ACCOUNT, Personal.MOBILE]


@pytest.mark.parametrize(
    ("value", "shown"), [("张三丰", "张**"), ("李四", "李*"), ("王", "*"), ("", "")]
)
def test_a_personal_value_keeps_its_first_character_only(value: str, shown: str) -> None:
    assert hidden(value) == shown


def test_every_kind_has_a_chinese_label_and_regions_of_the_test_are_real() -> None:
    assert all(kind.label for kind in Personal)
    assert region.is_valid("530102")

"""Divisions as people name them; the expected codes are those of GB/T 2260, looked up by hand."""

import pytest
from django.core.exceptions import ValidationError

from gongheng.data.standard import regions
from gongheng.data.standard.forms import RegionField

FIELD = RegionField("LEGAL_PERSON_BASE", "REGION_CODE")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("530102", "530102"),
        ("５３０１０２", "530102"),
        ("云南省昆明市五华区", "530102"),
        ("昆明市五华区", "530102"),
        ("昆明市 五华区", "530102"),
        ("五华区", "530102"),
        ("昆明市", "530100"),
        ("昆明", "530100"),
        ("云南", "530000"),
        ("上海市浦东新区", "310115"),
        ("云南省昆明市五华区（530102）", "530102"),
    ],
)
def test_a_division_is_known_by_its_code_and_by_its_name(words: str, code: str) -> None:
    assert FIELD.clean(words) == code


def test_namesakes_are_told_apart_by_what_lies_above() -> None:
    with pytest.raises(ValidationError) as refused:
        FIELD.clean("鼓楼区")

    [said] = refused.value.messages
    for one in ("江苏省南京市鼓楼区（320106）", "福建省福州市鼓楼区（350102）"):
        assert one in said
    assert FIELD.clean("福州市鼓楼区") == "350102"


def test_an_ending_that_was_left_out_is_not_guessed() -> None:
    assert regions.named("五华") == ["441424", "530102"]  # 五华县 of 梅州, 五华区 of 昆明


@pytest.mark.parametrize("words", ["990102", "", "市辖区", "5301", "昆明市五华区区"])
def test_what_is_no_division_in_use_is_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        FIELD.clean(words)


def test_what_is_kept_is_shown_as_it_may_be_typed() -> None:
    shown = FIELD.prepare_value("530102")

    assert shown == "云南省昆明市五华区（530102）"
    assert FIELD.clean(shown) == "530102"
    assert FIELD.prepare_value("五花区") == "五花区"

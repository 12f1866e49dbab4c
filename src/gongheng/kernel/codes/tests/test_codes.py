"""Shape and check characters; python-stdnum is the independent judge where it agrees.

Differences, on purpose: stdnum strips blanks and hyphens and turns small letters into capitals, we
take a code as it stands on the wire; stdnum wants eight digits at the head of a credit code, but the
registers A, N and Y exist; stdnum looks the birth place up in a table, we ask for the province only.
"""

import csv
import json
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from stdnum.cn import ric, uscc as foreign_uscc
from stdnum.iso7064 import mod_37_36

from gongheng.kernel.codes import (
    identity,
    investment,
    organisation,
    region,
    transaction,
    uscc,
    works,
)
from gongheng.kernel.findings import Severity
from gongheng.kernel.masking import masked
from gongheng.kernel.reasons import Refusal

SHARED = Path(__file__).parents[6] / "shared/data"
without_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/data with collected real codes is absent"
)
VALIDATORS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "region": (region.EXAMPLE, region.is_valid),
    "uscc": (uscc.EXAMPLE, uscc.is_valid),
    "organisation": (organisation.EXAMPLE, organisation.is_valid),
    "identity": (identity.EXAMPLE, identity.is_valid),
    "transaction": (transaction.EXAMPLE, lambda code: transaction.is_valid(code, ours=True)),
    "project": (works.EXAMPLES[0], lambda code: works.is_valid(code, works.Level.PROJECT)),
    "investment": (investment.EXAMPLE, investment.is_valid),
}
each_code = pytest.mark.parametrize(("example", "is_valid"), VALIDATORS.values(), ids=VALIDATORS)
checked = pytest.mark.parametrize(
    ("example", "is_valid"),
    [VALIDATORS[name] for name in ("uscc", "identity", "transaction")],
)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@each_code
def test_the_printed_example_is_valid(example: str, is_valid: Callable[[str], bool]) -> None:
    assert is_valid(example)


@each_code
def test_full_width_and_padded_codes_are_not_valid(
    example: str, is_valid: Callable[[str], bool]
) -> None:
    wrong = [
        full_width(example),
        full_width(example[0]) + example[1:],
        example[:-1] + full_width(example[-1]),
    ]
    wrong += [
        f" {example}",
        f"{example}\n",
        example[:-1],
        example + example[-1],
        "",
        "٥" + example[1:],
    ]

    assert [code for code in wrong if is_valid(code)] == []


@checked
def test_every_single_slip_is_found(example: str, is_valid: Callable[[str], bool]) -> None:
    slips = [
        example[:position] + character + example[position + 1 :]
        for position in range(len(example))
        for character in string.digits + string.ascii_uppercase
        if character != example[position] and example[position] != "-"
    ]

    assert [slip for slip in slips if is_valid(slip)] == []


def test_a_slip_of_a_digit_in_an_organisation_code_is_found() -> None:
    example = organisation.EXAMPLE  # a letter and a digit equal modulo 11 stand for each other
    slips = [
        example[:i] + d + example[i + 1 :]
        for i in range(1, 8)
        for d in string.digits
        if d != example[i]
    ]

    assert [slip for slip in slips if organisation.is_valid(slip)] == []


def test_every_swap_of_neighbours_in_a_transaction_code_is_found() -> None:
    example = transaction.EXAMPLE
    swaps = {
        example[:i] + example[i + 1] + example[i] + example[i + 2 :]
        for i in range(len(example) - 1)
    } - {example}

    assert [swap for swap in swaps if transaction.is_valid(swap, ours=True)] == []


uscc_bodies = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("159"),
        st.sampled_from("1239"),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(uscc.ALPHABET, min_size=9, max_size=9),
    ),
)


@given(uscc_bodies, st.sampled_from(uscc.ALPHABET))
def test_credit_codes_are_judged_as_by_stdnum(body: str, last: str) -> None:
    assert uscc.check_character(body) == foreign_uscc.calc_check_digit(body)
    assert uscc.is_valid(body + last) is foreign_uscc.is_valid(body + last)


@given(st.text("0123456789", min_size=17, max_size=17))
def test_identity_check_characters_are_those_of_stdnum(body: str) -> None:
    assert identity.check_character(body) == ric.calc_check_digit(body + "0")


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_an_identity_number_with_a_real_day_is_valid_for_both(born: date, order: int) -> None:
    body = f"110101{born:%Y%m%d}{order:03d}"
    number = body + identity.check_character(body)

    assert identity.is_valid(number)
    assert identity.birthday_of(number) == born
    assert ric.is_valid(number)


@given(st.text(transaction.ALPHABET, min_size=35, max_size=35))
def test_the_check_of_a_transaction_code_is_iso_7064(body: str) -> None:
    assert transaction.check_character(body) == mod_37_36.calc_check_digit(body)


@without_shared_data
def test_the_shared_check_digits_are_judged_rightly() -> None:
    collected = json.loads((SHARED / "check_digits.json").read_text(encoding="utf-8"))
    credit, resident = collected["uscc_gb32100"], collected["resident_id_gb11643"]

    assert [code for code in credit["valid"] if not uscc.is_valid(code)] == []
    assert [code for code in credit["invalid"] if uscc.is_valid(code)] == []
    assert credit["alphabet"] == uscc.ALPHABET
    assert not uscc.is_valid(credit["valid_format_bad_region_example"])
    assert [code for code in resident["valid_check_digit"] if not identity.is_valid(code)] == []


@without_shared_data
def test_the_credit_codes_of_a_real_opening_are_valid() -> None:
    with (SHARED / "opening_record_1528_bidders.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["uscc"] for row in csv.DictReader(file)]

    assert len(codes) == 1528
    assert [code for code in codes if not uscc.is_valid(code)] == []
    assert [code for code in codes if not region.is_valid(uscc.region_of(code))] == []
    assert masked("、".join(codes)) == "、".join(codes)


@pytest.mark.parametrize("born", ["19490230", "20261301", "20260000", "17991231"])
def test_an_identity_number_needs_a_day_of_the_calendar(born: str) -> None:
    body = f"530102{born}001"

    assert not identity.is_valid(body + identity.check_character(body))


def test_an_identity_number_needs_a_province() -> None:
    body = "99010519491231002"

    assert not identity.is_valid(body + identity.check_character(body))


def test_small_letters_are_not_valid() -> None:
    assert not uscc.is_valid(uscc.EXAMPLE.lower())
    assert not identity.is_valid(identity.EXAMPLE.lower())
    assert not organisation.is_valid(organisation.EXAMPLE.lower())


@pytest.mark.parametrize("code", ["91350000MA347WHE48", "12350100MB02709751"])
def test_a_credit_code_holds_an_organisation_code(code: str) -> None:
    assert uscc.is_valid(code)
    assert organisation.is_valid(uscc.organisation_code_of(code))
    assert region.is_valid(uscc.region_of(code))


@pytest.mark.parametrize("body", ["12140000MB2000001", "12530000MB1X00001"])
def test_the_standards_constructed_bodies_get_their_check_character(body: str) -> None:
    expected = {"12140000MB2000001": "L", "12530000MB1X00001": "0"}

    assert uscc.check_character(body) == expected[body]


@pytest.mark.parametrize("shape", ["1234", "", "I" * 17, "１" * 17])
def test_a_check_character_needs_a_body_of_its_shape(shape: str) -> None:
    for module in (uscc, identity, organisation, transaction):
        with pytest.raises(ValueError, match=r"\w"):
            module.check_character(shape)


def test_regions_lie_within_their_city_their_province_and_the_nation() -> None:
    for area in ("530102", "530100", "530000", region.NATION):
        assert region.is_within("530102", area)
    assert not region.is_within("530102", "530200")
    assert not region.is_within("530000", "530100")
    assert not region.is_valid(region.NATION)


OURS = [
    "A01-12530000MB1X000010-20240301-000001-2",
    "D02-12530000MB1X000010-20240301-000002-2",
    "A01-12140000MB2000001L-20240301-000001-S",
]
FOREIGN = [
    "D01-12350100MB02709751-20190627-527731-5",
    "D03-12350100MB02709751-20200319-102642-5",
    "B01-12350100MB02709751-20161231-211018-2",
]


@pytest.mark.parametrize("text", OURS)
def test_our_transaction_codes_are_issued_as_the_examples_say(text: str) -> None:
    parts = transaction.parse(text)

    issued = transaction.issue(
        category=parts.category,
        platform=parts.platform,
        on=date.fromisoformat(parts.issued_on),
        serial=int(parts.serial),
    )

    assert str(issued) == text
    assert list(transaction.faults(text, ours=True)) == []


@pytest.mark.parametrize("text", FOREIGN)
def test_a_foreign_check_character_is_only_a_warning(text: str) -> None:
    severities = {fault.severity for fault in transaction.faults(text, ours=False)}

    assert severities <= {Severity.WARNING}
    assert transaction.is_valid(text, ours=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A99-91359128593462349A-20170601-002267-T", "codes.transaction_platform"),
        ("X01-12530000MB1X000010-20240301-000001-2", "codes.transaction_category"),
        ("A01-12530000MB1X000010-20240231-000001-2", "codes.transaction_day"),
        ("A0112530000MB1X000010202403010000012", "codes.transaction_malformed"),
        ("Ａ01-12530000MB1X000010-20240301-000001-2", "codes.transaction_malformed"),
    ],
)
def test_a_foreign_code_is_still_refused_for_its_own_faults(text: str, code: str) -> None:
    assert code in {fault.code for fault in transaction.faults(text, ours=False)}
    assert not transaction.is_valid(text, ours=False)


def test_a_malformed_transaction_code_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        transaction.parse("A01")

    assert refusal.value.reason is transaction.MALFORMED


@pytest.mark.parametrize(
    ("category", "platform", "serial"),
    [
        ("A1", uscc.EXAMPLE, 1),
        ("A01", "12530000MB1X000011", 1),
        ("A01", uscc.EXAMPLE, 1_000_000),
        ("A01", uscc.EXAMPLE, -1),
    ],
)
def test_no_wrong_transaction_code_is_ever_issued(
    category: str, platform: str, serial: int
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        transaction.issue(
            category=category, platform=platform, on=date(2026, 10, 12), serial=serial
        )


def test_several_codes_share_one_field() -> None:
    assert transaction.split(";".join(OURS)) == OURS
    assert transaction.split("") == []


def test_a_document_lies_in_a_lot_in_a_tender_project_in_a_project() -> None:
    project = works.project_code("E5301020001", 17)
    tender_project = works.child_code(project, 1)
    lot = works.child_code(tender_project, 2)
    document = works.child_code(lot, 3)

    assert [project, tender_project, lot, document] == [
        "E5301020001000017",
        "E5301020001000017001",
        "E5301020001000017001002",
        "E5301020001000017001002003",
    ]
    for code, level in zip((project, tender_project, lot, document), works.Level, strict=True):
        assert works.is_valid(code, level)
    assert works.is_within(lot, project)
    assert not works.is_within(project, lot)
    assert not works.is_within(lot, works.child_code(project, 2))
    assert not works.is_within(lot, "E53010")


def test_the_standards_sample_codes_have_their_levels() -> None:
    project, tender_project = works.EXAMPLES

    assert works.is_valid(project, works.Level.PROJECT)
    assert works.is_valid(tender_project, works.Level.TENDER_PROJECT)
    assert not works.is_valid(project, works.Level.LOT)


def test_codes_that_cannot_be_made_are_a_fault() -> None:
    document = "E5301020001000017001002003"

    for attempt in (
        lambda: works.project_code("E9901020001", 1),
        lambda: works.project_code("E5301020001", 0),
        lambda: works.child_code(document, 1),
        lambda: works.child_code("E5301020001000017", 1000),
        lambda: works.child_code("E53", 1),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            attempt()


@pytest.mark.parametrize(
    "code", ["2409-990102-04-01-123456", "2409530102040112345600000", "2409-530102-4-01-1234567"]
)
def test_an_investment_code_needs_its_hyphens_and_a_region(code: str) -> None:
    assert not investment.is_valid(code)

"""One value at a time, by hand: the table ``values.csv`` says what each must be taken for."""

import csv
import re
from pathlib import Path

import pytest

from gongheng.data.standard import samples, validator

_TABLE = (Path(__file__).parent / "values.csv").read_text(encoding="utf-8")
BY_HAND = list(csv.DictReader(_TABLE.splitlines()))
_NAMED = {
    "spaces": " \t\r\n\u3000",
    "newline": "\n",
    "nul": "\x00",
    "bell": "\x07",
    "surrogate": "\ud840",
}


def written(text: str) -> str:
    """Return a value of the table with its names of characters replaced."""

    def character(found: re.Match[str]) -> str:
        count, space, repeated = found[1].partition(" ")
        return repeated * int(count) if space else _NAMED[found[1]]

    return re.sub(r"\{([^}]+)\}", character, text)


def rules_found(dataset: str, field: str, value: str) -> list[str]:
    body = samples.full(dataset, **{field: value})
    found = [finding for finding in validator.check(dataset, body) if finding.field == field]
    return [x.rule for x in found if x.rule.count(".") == 1]


@pytest.mark.parametrize("example", BY_HAND, ids=lambda x: f"{x['field']}: {x['why']}")
def test_a_value_is_taken_for_what_it_is(example: dict[str, str]) -> None:
    found = rules_found(example["dataset"], example["field"], written(example["value"]))

    assert found == ([example["rule"]] if example["rule"] else [])


def test_every_sort_of_fault_of_a_value_has_an_example() -> None:
    exemplified = {example["rule"] for example in BY_HAND}

    assert exemplified == {
        "",
        "std.required",
        "std.length",
        "std.number",
        "std.time",
        "std.code_list",
        "std.region",
        "std.empty_part",
        "std.control_character",
        "std.uscc",
        "std.subject_code",
        "std.identity_number",
        "std.deal_code",
        "std.deal_code_category",
        "std.deal_code_check",
    }


def test_a_number_of_another_document_carries_no_check_character() -> None:
    passport = samples.valid("BID_EVALUATION_EXPERT", ID_CARD="E12345678", ID_CARD_TYPE="03")
    mistyped = samples.valid("BID_EVALUATION_EXPERT", ID_CARD="110105194912310021")
    of_an_officer = {**mistyped, "ID_CARD_TYPE": "02"}

    assert validator.check("BID_EVALUATION_EXPERT", passport) == []
    assert [x.rule for x in validator.check("BID_EVALUATION_EXPERT", mistyped)] == [
        "std.identity_number"
    ]
    assert validator.check("BID_EVALUATION_EXPERT", of_an_officer) == []


def test_a_field_of_eighteen_characters_holds_a_passport_only_in_its_own_length() -> None:
    """The source gives no room for shorter documents here; the length still binds."""
    passport = samples.valid("INDIVIDUAL_BASE", ID_CARD="E12345678", ID_CARD_TYPE="03")

    assert [x.rule for x in validator.check("INDIVIDUAL_BASE", passport)] == ["std.length"]

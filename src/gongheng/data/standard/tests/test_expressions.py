import ast
from decimal import Decimal

import pytest

from gongheng.data.standard.expressions import Facts, WrongExpression, compiled, fields_of
from gongheng.data.standard.law_numbers import law_of

RIGHT = {
    "A": "1",
    "B": "2.50",
    "UNIT": "1",
    "CODES": "x1;x2",
    "LIST": "x1;x2;x3",
    "START": "20261012090000",
    "END": "20261016090000",
    "ABOVE.C": "7",
}


def value(text: str) -> object:
    facts = Facts(RIGHT, {*RIGHT, "WRONG"}, law_of("20261012"))
    return compiled(text)(facts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A == '1'", True),
        ("A != '1'", False),
        ("A in ('1', '3')", True),
        ("A in ('2', '3')", False),
        ("num(A) < num(B) <= 2.5", True),
        ("num(B) == 2.5", True),
        ("num(A) + num(B) * 2 - 1 == 5", True),
        ("yuan(A, UNIT) == 10000", True),
        ("days(START, END) == 4", True),
        ("count(CODES) == 2", True),
        ("within(CODES, LIST)", True),
        ("within(LIST, CODES)", False),
        ("starts(CODES, 'x')", True),
        ("starts(CODES, 'x1')", False),
        ("present(A) and not present(NOTHING)", True),
        ("present(WRONG)", True),
        ("ABOVE.C == '7'", True),
        ("lasts('W-03', START, END)", False),
        ("share('F-01', num(A), 50)", True),
        ("share('F-01', num(A), 49.99)", False),
        ("allowed('W-27', 3)", True),
        ("allowed('W-27', 4)", False),
        # three values: false wins over unknown in "and", true in "or"
        ("WRONG == '1'", None),
        ("not WRONG == '1'", None),
        ("A == '1' and WRONG == '1'", None),
        ("A == '2' and WRONG == '1'", False),
        ("A == '1' or WRONG == '1'", True),
        ("A == '2' or WRONG == '1'", None),
        ("num(WRONG) < num(A)", None),
        ("WRONG in ('1', '2')", None),
    ],
)
def test_an_expression_has_its_value(text: str, expected: object) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "A.__class__.__mro__",
        "(lambda: 1)()",
        "[x for x in A]",
        "open('x')",
        "num(A, B)",
        "num(x=A)",
        "A if B else C",
        "f'{A}'",
        "A[0]",
        "A @ B",
        "A is B",
        "~A",
        "-A",
        "{'a': 1}",
        "A in (B, C)",
        "lasts('W-03', A)",
        "present('A')",
        "present(num(A))",
        "None",
        "b'1'",
        "A :=",
        "",
        "A; B",
        "import os",
    ],
)
def test_anything_else_is_not_in_the_language(text: str) -> None:
    with pytest.raises(WrongExpression):
        compiled(text)


def test_numbers_are_exact() -> None:
    assert compiled("0.1 + 0.2")(Facts({}, set(), law_of(""))) == Decimal("0.3")


def test_the_fields_asked_for_are_known_before() -> None:
    assert fields_of("present(A) and num(B) < num(ABOVE.C)") == {"A", "B", "ABOVE.C"}
    assert fields_of("lasts('W-03', START, END)") == {"START", "END"}
    assert fields_of("") == frozenset()


def test_a_law_that_was_not_yet_in_force_is_unknown() -> None:
    facts = Facts(RIGHT, set(RIGHT), law_of("19990101"))

    assert compiled("lasts('W-03', START, END)")(facts) is None


def test_a_law_that_does_not_exist_is_a_fault_of_the_table() -> None:
    with pytest.raises(KeyError):
        value("lasts('W-99', START, END)")


def test_nothing_is_evaluated_by_python() -> None:
    """The compiler never hands text to ``eval``: it has no node for names outside its tables."""
    source = compiled.__wrapped__.__globals__["__loader__"].get_source(
        "gongheng.data.standard.expressions"
    )
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert not calls & {"eval", "exec", "compile", "getattr", "__import__"}


def test_a_row_that_must_exist_is_sought_by_every_part_and_unknown_when_nobody_knows() -> None:
    asked = compiled("exists(TENDER_LIST.BID_SECTION_CODE == A, TENDER_LIST.BIDDER_ORG_CODE == B)")
    there = {("1", "x"), ("1", "y")}

    def is_there(**right: str) -> object:
        return asked(Facts(right, set(right), law_of(""), "", lambda _l, v: v in there))

    assert is_there(A="1", B="x;y") is True
    assert is_there(A="1", B="x;z") is False
    assert is_there(A="1") is None
    assert asked(Facts({"A": "1", "B": "x"}, set(), law_of(""))) is None


@pytest.mark.parametrize(
    "wrong", ["exists()", "exists(A == B)", "exists(X.A == B, Y.A == B)", "exists(X.A < B)"]
)
def test_what_is_sought_names_one_dataset_and_equal_fields(wrong: str) -> None:
    with pytest.raises(WrongExpression):
        compiled(wrong)

import csv
import io
from decimal import Decimal

import pytest

from gongheng.web import spreadsheets


def written(*rows: tuple[object, ...]) -> list[list[str]]:
    text = spreadsheets.answer("a", rows).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(sign: str) -> None:
    assert written((f"{sign}SUM(A1)", f"甲{sign}")) == [[f"'{sign}SUM(A1)", f"甲{sign}"]]


def test_numbers_stay_numbers_and_nothing_stays_nothing() -> None:
    assert written((-5, Decimal("-3.50"), "", None)) == [["-5", "-3.50", "", ""]]


def test_a_table_is_saved_under_its_name_as_utf_8() -> None:
    answer = spreadsheets.answer("deals-2026", [("名称",), ("甲",)])

    assert answer.content.decode() == "\ufeff名称\r\n甲\r\n"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="deals-2026.csv"'

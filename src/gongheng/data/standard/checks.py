"""The check of one value of one field, compiled once from its row in the table.

A value that is not blank comes in; the first fault goes out, or None. Lengths count Unicode code
points; nothing is trimmed, upper-cased or otherwise helped along.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from gongheng.data.standard import faults
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.lengths import Length
from gongheng.data.standard.lists import CodeList
from gongheng.data.standard.registry import Field, code_list
from gongheng.data.standard.times import pattern_of
from gongheng.data.standard.values import is_blank, parts_of
from gongheng.kernel.codes import identity, transaction, uscc
from gongheng.kernel.findings import Severity

Check: TypeAlias = Callable[[str], Fault | None]

LONGEST_TEXT = 2_000_000
"""Code points of a field without limit: no notice is longer, and nobody fills our memory."""

CODE_LENGTH = 18
"""Characters of a credit code or an identity number; shorter codes of subjects carry no check."""

# All controls but tab and line ends, halves of surrogate pairs, and what is no character at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=8192)
def _is_uscc(code: str) -> bool:
    return uscc.is_valid(code)


@lru_cache(maxsize=8192)
def _deal_code_fault(code: str) -> Fault | None:
    """Return what is wrong with a transaction code (E-28); another issuer's may only be doubted."""
    if not transaction.is_valid(code, ours=False):
        return faults.DEAL_CODE
    if not code_list("DEAL_CATEGORY").accepts(code[:3]):
        return faults.DEAL_CATEGORY
    return None if transaction.is_valid(code, ours=True) else faults.DEAL_CHECK


def _uscc(code: str) -> Fault | None:
    return None if _is_uscc(code) else faults.USCC


def _subject(code: str) -> Fault | None:
    """Judge the code of a subject: 18 characters must check, shorter ones are older registers'."""
    if len(code) < CODE_LENGTH or _is_uscc(code) or identity.is_valid(code):
        return None
    return faults.SUBJECT


def _identity(code: str) -> Fault | None:
    """Judge an identity number; a document of another length is no identity number."""
    if len(code) != CODE_LENGTH or identity.is_valid(code):
        return None
    return faults.IDENTITY


_CHECK_DIGITS: dict[str, Check] = {
    "uscc": _uscc,
    "subject": _subject,
    "identity": _identity,
    "deal_code": _deal_code_fault,
}


def number_pattern(length: Length, *, is_signed: bool) -> str:
    """Return the pattern of a number of that length; its dialect is common to all engines."""
    sign = "-?" if is_signed else ""
    if length.scale:
        whole = length.size - length.scale
        return f"{sign}[0-9]{{1,{whole}}}([.][0-9]{{1,{length.scale}}})?"
    least = length.size if length.is_exact else 1
    return f"{sign}[0-9]{{{least},{length.size}}}"


def _number(field: Field) -> Check:
    pattern = re.compile(number_pattern(field.length, is_signed=field.check == "signed"))
    return lambda text: None if pattern.fullmatch(text) else faults.NUMBER


def _time(field: Field) -> Check:
    pattern = re.compile(pattern_of(field.length.text))
    return lambda text: None if pattern.fullmatch(text) else faults.TIME


def accepted_codes(codes: CodeList, length: Length) -> frozenset[str]:
    """Return the codes of a list, also filled up with zeros to the exact length of a field."""
    known = {*codes.labels, *codes.retired}
    if length.is_exact:
        known |= {code.zfill(length.size) for code in known if code.isdigit()}
    return frozenset(known)


def _code(field: Field) -> Check:
    codes = code_list(field.code_list)
    known = accepted_codes(codes, field.length)
    fault = faults.REGION if codes.name == "REGION" else faults.CODE
    if codes.shape is None:
        return lambda text: None if text in known else fault
    shape, fits = codes.shape, _length_check(field.length)

    def check(text: str) -> Fault | None:
        if text in known:
            return None
        return (fits and fits(text)) or (None if shape.fullmatch(text) else fault)

    return check


def _length_check(length: Length) -> Check | None:
    """Return the check of a text's length, None when there is nothing to check."""
    size = length.size or LONGEST_TEXT
    if length.is_exact:
        return lambda text: None if len(text) == size else faults.EXACT_LENGTH
    return lambda text: None if len(text) <= size else faults.TOO_LONG


def _of_one_part(field: Field) -> Check:
    """Return the check of a part of the value, without the length of the whole."""
    if field.type in {"date", "datetime"}:
        return _time(field)
    if field.code_list:
        return _code(field)
    if field.type in {"integer", "decimal"}:
        return _number(field)
    digits = _CHECK_DIGITS.get(field.check)
    length = _length_check(field.length) if field.length.is_exact else None
    if digits is None:
        return length or (lambda _text: None)
    return _both(length, digits) if length else digits


def _both(first: Check, second: Check) -> Check:
    return lambda text: first(text) or second(text)


def _of_parts(part_check: Check) -> Check:
    def check(text: str) -> Fault | None:
        parts = parts_of(text)
        if any(map(is_blank, parts)):
            return faults.EMPTY_PART
        found = [fault for fault in map(part_check, parts) if fault is not None]
        # A doubt about one part must not hide the error of another.
        return next((fault for fault in found if fault.severity is Severity.ERROR), None) or (
            found[0] if found else None
        )

    return check


def check_of(field: Field, *, is_foreign_document: bool = False) -> Check:
    """Return the check of a value of ``field`` that is not blank.

    ``is_foreign_document``: the record says that the number is that of another document than the
    resident identity card, so it carries no check character of ours.
    """
    check = _of_one_part(replace(field, check="") if is_foreign_document else field)
    if field.is_multiple:
        check = _of_parts(check)
    if field.type in {"date", "datetime", "integer", "decimal"}:
        return check  # digits alone pass, so no control character does
    if not field.length.is_exact:
        whole = _length_check(field.length)
        check = _both(whole, check) if whole else check
    if field.code_list and not code_list(field.code_list).is_open:
        return check

    def checked(text: str) -> Fault | None:
        if not text.isprintable() and _CONTROL.search(text):
            return faults.CONTROL
        return check(text)

    return checked

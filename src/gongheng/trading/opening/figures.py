"""The key figures of a bid letter, read from ``bid.json``: what cannot be read says so.

A bid is never refused here: it was opened, and whether it stands is the committee's to judge. Pure.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from gongheng.kernel import invisible
from gongheng.kernel.findings import Finding, Severity
from gongheng.trading.opening import particulars

FILE = "bid.json"
PAPERS = "documents"
LARGEST = 1 << 20
_YUAN = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_RATE = re.compile(r"[0-9.]+\s*(%|％|‰)|.*(折|下浮|费率|上浮).*", re.DOTALL)
_LONGEST_DAYS = 36_500
_SHOWN = 40
_UNSAID = (None, "")

_PRICE_FAULTS = {
    "opening.price_missing": "投标函没有报价",
    "opening.price_rate": "报价写成了费率、折扣或下浮率，不是金额",
    "opening.price_not_a_number": "报价不是金额",
    "opening.price_negative": "报价小于零",
    "opening.price_zero": "报价为零",
    "opening.price_decimals": "报价的小数多于两位",
    "opening.price_too_large": "报价超出了可表示的范围",
}
_LETTER_FAULTS = {
    "opening.letter_missing": "投标文件中没有投标函数据文件 bid.json",
    "opening.letter_unreadable": "投标函数据文件 bid.json 无法识别",
    "opening.letter_twice": "投标文件中有不止一份投标函数据文件 bid.json，只采用第一份",
    "opening.letter_differs": "后开启部分的投标函数据与先开启部分写的不一样，以先开启的为准",
    "opening.duration_unreadable": "工期不是一至三万六千五百日之间的整数",
    "opening.text_unreadable": "投标函中有文字项目过长或不是文字",
    "opening.particulars_unreadable": "投标函中为投标人名单填写的项目无法识别",
}
NO_LETTER = frozenset({"opening.letter_missing", "opening.letter_unreadable"})
_WORDS = _PRICE_FAULTS | _LETTER_FAULTS
_REMEDY = "投标文件已经开启，原文保留；由评标委员会按招标文件认定。"


@dataclass(frozen=True, slots=True)
class Figures:
    """What an opening record says of a bid. ``letter`` is the letter as it stands, if it is one."""

    price: Decimal | None = None
    duration_days: int | None = None
    project_manager: str = ""
    quality: str = ""
    letter: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def finding(code: str, name: str = "", value: object = "") -> Finding:
    """Return what is wrong with a figure."""
    return Finding(
        record=FILE,
        field=name,
        rule=code,
        value=str(value)[:_SHOWN],
        message=f"{_WORDS[code]}。",
        remedy=_REMEDY,
        severity=Severity.WARNING,
    )


def read(
    data: bytes | None, *, earlier: Mapping[str, Any] | None = None, is_whole: bool = True
) -> Figures:
    """Return the figures of a letter; ``None``: the parts that were opened hold none.

    ``earlier`` is the letter of the parts that were opened before: what it says stands, the later
    one adds to it. Not ``is_whole``: what the letter does not say may stand in a part that is
    still sealed (E-29).
    """
    if data is None and not earlier:
        return Figures(findings=(finding("opening.letter_missing"),))
    letter = _letter(data) if data is not None else {}
    if letter is None and not earlier:
        return Figures(findings=(finding("opening.letter_unreadable"),))
    found = [finding("opening.letter_unreadable")] if letter is None else []
    return _figures(_together(earlier or {}, letter or {}, found), found, is_whole=is_whole)


def _letter(data: bytes) -> dict[str, Any] | None:
    try:
        letter = json.loads(data, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(letter, dict) or len(data) > LARGEST or not _is_storable(letter):
        return None
    return letter


def _together(
    earlier: Mapping[str, Any], letter: dict[str, Any], found: list[Finding]
) -> dict[str, Any]:
    """Return what both letters say; nobody takes back in a later part what an earlier one said."""
    stated = {name: value for name, value in earlier.items() if value not in _UNSAID}
    papers = [one for one in (stated.pop(PAPERS, []), letter.get(PAPERS, [])) if one]
    differing = [name for name in stated if letter.get(name) not in (*_UNSAID, stated[name])]
    found.extend(finding("opening.letter_differs", name) for name in differing)
    rows = list(chain.from_iterable(one for one in papers if isinstance(one, list)))
    return letter | stated | ({PAPERS: rows} if rows else {})


def _figures(letter: dict[str, Any], found: list[Finding], *, is_whole: bool) -> Figures:
    # What is wrong there is not repeated: it may be the number of a person.
    unreadable = particulars.read(letter).unreadable
    found.extend(finding("opening.particulars_unreadable", name) for name in unreadable)
    price, days = letter.get("price"), letter.get("duration_days")
    return Figures(
        price=_price(price, found) if is_whole or price not in _UNSAID else None,
        duration_days=_days(days, found) if is_whole or days not in _UNSAID else None,
        project_manager=_text(letter, "project_manager", 60, found),
        quality=_text(letter, "quality", 200, found),
        letter=letter,
        findings=tuple(found),
    )


def _is_storable(value: object) -> bool:
    """Tell whether a database takes the letter: no zero byte, no lone half of a character."""
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and text.encode(errors="replace").decode() == text


def _price(value: object, found: list[Finding]) -> Decimal | None:
    text = value.strip() if isinstance(value, str) else ""
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    fault = _price_fault(value, text)
    if fault:
        found.append(finding(fault, "price", "" if value is None else value))
        return None
    return Decimal(text).quantize(Decimal("0.01"))


def _price_fault(value: object, text: str) -> str:
    if value is None or (isinstance(value, str) and not text):
        return "opening.price_missing"
    if not _NUMBER.fullmatch(text):
        return "opening.price_rate" if _RATE.fullmatch(text) else "opening.price_not_a_number"
    amount = Decimal(text)
    if amount == 0:
        return "opening.price_zero"
    if amount < 0:
        return "opening.price_negative"
    if _YUAN.fullmatch(text):
        return ""
    is_long = len(text.partition(".")[0]) > len("12345678901234")
    return "opening.price_too_large" if is_long else "opening.price_decimals"


def _days(value: object, found: list[Finding]) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_DAYS:
        return value
    found.append(finding("opening.duration_unreadable", "duration_days", value))
    return None


def _text(letter: dict[str, Any], name: str, longest: int, found: list[Finding]) -> str:
    value = letter.get(name, "")
    if isinstance(value, str) and len(value) <= longest:
        return invisible.without(value).strip()
    found.append(finding("opening.text_unreadable", name, value))
    return ""

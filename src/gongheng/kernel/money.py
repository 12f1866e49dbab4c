"""Sums of money: yuan with two places, decimal, never a binary float (S-01)."""

import re
from decimal import ROUND_HALF_UP, Decimal

from gongheng.kernel.reasons import Reason, Refusal

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 16
"""The first sum that is too large to be meant: ten thousand trillion yuan."""

UNREADABLE = Reason(
    code="money.unreadable",
    message="金额无法识别。",
    remedy="请用半角数字填写，以元为单位，例如1234567.80或1,234,567.80。",
)
TOO_PRECISE = Reason(
    code="money.too_precise",
    message="金额最多保留两位小数（分）。",
    remedy="请四舍五入到分后重新填写。",
)
TOO_LARGE = Reason(
    code="money.too_large",
    message="金额超出系统可接受的范围。",
    remedy="请核对金额及其单位（元、万元）。",
)

_PLAIN = re.compile(r"-?[0-9]+(?:\.(?P<places>[0-9]+))?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.(?P<places>[0-9]+))?")


def yuan(value: str | int | Decimal) -> Decimal:
    """Return a sum with two places.

    Text is half-width digits with or without separators in their places. Raises ``Refusal``
    (``UNREADABLE``, ``TOO_PRECISE``, ``TOO_LARGE``): a sum is never rounded silently.
    """
    text = f"{value:f}" if isinstance(value, Decimal) else str(value).strip(" ")
    parts = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if parts is None:
        raise Refusal(UNREADABLE, value=text)
    if len((parts["places"] or "").rstrip("0")) > -int(CENT.adjusted()):
        raise Refusal(TOO_PRECISE, value=text)
    amount = Decimal(text.replace(",", ""))
    if abs(amount) >= LIMIT:
        raise Refusal(TOO_LARGE, value=text)
    return amount.quantize(CENT) + 0


def rounded(amount: Decimal) -> Decimal:
    """Round half up (四舍五入) to two places, at the points that a rule names."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """Return a sum with separators and two places: 1,234,567.80."""
    return f"{yuan(amount):,.2f}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SCALES = ((10**8, "亿"), (10**4, "万"))


def capitals(amount: Decimal) -> str:
    """Return a sum in Chinese capitals (大写): 壹佰贰拾叁元肆角伍分; whole yuan end in 整."""
    exact = yuan(amount)
    sign = "负" if exact < 0 else ""
    cents = int(abs(exact) * 100)
    whole, fraction = divmod(cents, 100)
    jiao, fen = divmod(fraction, 10)
    text = _whole(whole) + "元" if whole else ""
    if not fraction:
        return sign + (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return sign + text + (_DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    """Return a positive whole number in capitals; a gap of any length is read as one 零."""
    for size, name in _SCALES:
        high, low = divmod(number, size)
        if not high:
            continue
        text = _whole(high) + name
        return text + ("零" if low < size // 10 else "") + _whole(low) if low else text
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    text = ""
    is_gap = False
    for position in range(3, -1, -1):
        digit = number // 10**position % 10
        if digit:
            text += ("零" if is_gap and text else "") + _DIGITS[digit] + _PLACES[position]
        is_gap = not digit
    return text

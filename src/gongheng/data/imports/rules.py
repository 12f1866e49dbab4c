"""How the dates, amounts, regions and names of other platforms' notices are read.

Nothing here refuses: what cannot be read comes back as such, with what the source wrote beside it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache

from gongheng.data.standard import registry
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.codes import region as region_codes

FIRST_YEAR = 1990
"""Electronic notices of an earlier year are slips of a program: 1901-01-02 stands for "none"."""
LAST_YEAR = 2100

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_CLOCK = (
    r"(?:[T ]*(?P<half>上午|下午|中午|晚上|AM|PM|am|pm)?[ ]*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2})?(?:\.\d+)?)?秒?分?[整]?[ ]*(?P<after>AM|PM|am|pm)?)?"
    r"[ ]*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_SHAPES = (
    re.compile(
        rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?号?{_CLOCK}"
    ),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
    ),
    re.compile(rf"(?P<name>[A-Za-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),?{_CLOCK}"),
    re.compile(rf"(?P<day>\d{{1,2}}) (?P<name>[A-Za-z]{{3,9}})\.? (?P<year>\d{{4}}),?{_CLOCK}"),
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_CHINESE_DAY = re.compile(
    r"(?P<year>[〇○零Oo一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月"
    r"(?P<day>[一二三四五六七八九十]{1,3})[日号]"
)
_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "○": 0, "零": 0, "O": 0, "o": 0}
_NOON = 12
_END_OF_DAY = 24


def moment_of(text: str) -> datetime | None:
    """Return the instant that a text states, in Beijing's time unless it names a zone.

    A day alone is its first instant; 24:00 is the next day's. None for anything that is no real
    moment or lies outside the years in which there were electronic notices.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip(" ()[]【】")
    if _EPOCH.fullmatch(plain):
        seconds = int(plain[:10])
        return datetime.fromtimestamp(seconds, BEIJING)
    if found := _CHINESE_DAY.fullmatch(plain):
        plain = (
            f"{''.join(str(_DIGITS[c]) for c in found['year'])}-"
            f"{_chinese(found['month'])}-{_chinese(found['day'])}"
        )
    for shape in _SHAPES:
        if found := shape.fullmatch(plain):
            return _instant(found.groupdict())
    return None


def _chinese(number: str) -> int:
    """Return a number up to 99 in Chinese digits."""
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _DIGITS[number] if len(number) == 1 else 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _instant(parts: dict[str, str | None]) -> datetime | None:
    name = parts.get("name")
    month = _MONTHS.get(name[:3].lower(), 0) if name else int(parts["month"] or 0)
    year, day = int(parts["year"] or 0), int(parts["day"] or 0)
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or parts.get("after") or "").lower()
    if half in {"下午", "晚上", "pm"} and hour < _NOON:
        hour += _NOON
    if half == "am" and hour == _NOON:
        hour = 0
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    if not FIRST_YEAR <= year < LAST_YEAR:
        return None
    days = 0
    if hour == _END_OF_DAY and not minute and not second:
        hour, days = 0, 1
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts.get("zone")))
    except ValueError:
        return None
    return (moment + timedelta(days=days)).astimezone(BEIJING)


def _zone(text: str | None) -> tzinfo:
    if not text:
        return BEIJING
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


class AmountKind(StrEnum):
    """What a price is: most are sums, the rest cannot stand in a column of numbers."""

    SUM = "sum"
    RATE = "rate"
    DISCOUNT = "discount"
    PROSE = "prose"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A price as it was read: ``value`` is in ``unit``; ``raw`` is what the source printed.

    A sum whose unit nobody states has an empty unit: yuan and ten thousand yuan look the same.
    """

    kind: AmountKind
    value: Decimal | None
    unit: str
    raw: str

    @property
    def yuan(self) -> Decimal | None:
        """Return a sum in yuan, None for anything else."""
        factor = _FACTORS.get(self.unit)
        if self.kind is not AmountKind.SUM or self.value is None or factor is None:
            return None
        return self.value * factor


_FACTORS = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d{1,2})?)"
_UNIT = r"\(?(?P<unit>(?:百|千|万|亿)?元)?\)?"
_MONEY_WORD = r"(?:人民币|rmb|cny|¥|￥)?[:：]?"
_PLAIN = re.compile(rf"{_MONEY_WORD}{_NUMBER}{_UNIT}\(?(?:人民币)?\)?整?")
_TOTAL = re.compile(
    rf"(?:投标|中标|成交|合同)?(?:总)?(?:报)?(?:价|金额)?[:：]?{_MONEY_WORD}{_NUMBER}"
    r"(?P<unit>(?:万|亿)?元)\(.*\)[。;]?"
)
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\)?\(?[%‰]\)?")
_TENTHS = re.compile(r"(?P<number>\d(?:\.\d+)?)折")
_UNIT_PRICE = re.compile(rf".{{0,12}}?{_NUMBER}(?P<unit>(?:万)?元/[^\d\s,;。]{{1,8}})")
_DISCOUNT_WORDS = ("下浮", "优惠", "折扣", "让利", "降")
_NOTHING = re.compile(r"[-/\\—_.。无]*|未提供|详见.*|见附件|投标报价\(元/%\)")
_LONGEST_RATE = 40
_LARGEST = Decimal(10) ** 16


def amount_of(text: str, *, yuan: Decimal | None = None, label: str = "") -> Amount:
    """Return what a price says. ``yuan`` is the source's own reading, ``label`` the column's name.

    Both only tell the unit of a bare number: a unit that is printed stands.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    if _NOTHING.fullmatch(plain):
        return Amount(AmountKind.NONE, None, "", text)
    if found := _PLAIN.fullmatch(plain) or _TOTAL.fullmatch(plain):
        value = _number(found["number"])
        if value is not None:
            unit = found["unit"] or _unit_of(value, yuan, label)
            if unit == "" and "%" in label:
                return Amount(AmountKind.RATE, value, "%", text)
            return _sum(value, unit, text)
    return _rate(plain, text) or Amount(AmountKind.PROSE, None, "", text)


def _sum(value: Decimal, unit: str, text: str) -> Amount:
    """Return a sum in one of the units that are reckoned with."""
    smaller = {"百元": 100, "千元": 1000}.get(unit)
    if smaller:
        return Amount(AmountKind.SUM, value * smaller, "元", text)
    return Amount(AmountKind.SUM, value, unit, text)


def _rate(plain: str, text: str) -> Amount | None:
    is_discount = any(word in plain for word in _DISCOUNT_WORDS)
    kind = AmountKind.DISCOUNT if is_discount else AmountKind.RATE
    if found := _TENTHS.search(plain):
        if len(plain) <= _LONGEST_RATE:
            return Amount(AmountKind.DISCOUNT, _number(found["number"]), "折", text)
        return None
    percents = list(_PERCENT.finditer(plain))
    if len(percents) == 1 and len(plain) <= _LONGEST_RATE and "元" not in plain:
        unit = "‰" if "‰" in percents[0][0] else "%"
        return Amount(kind, _number(percents[0]["number"]), unit, text)
    if (found := _UNIT_PRICE.fullmatch(plain)) and not percents:
        return Amount(AmountKind.RATE, _number(found["number"]), found["unit"], text)
    return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    if value >= _LARGEST:
        return None
    return value.quantize(Decimal("0.000001")).normalize() + 0


def _unit_of(value: Decimal, yuan: Decimal | None, label: str) -> str:
    """Return the unit of a bare number: as the label says, or as the source reckoned."""
    for unit in ("万元", "元"):
        if unit in label:
            return unit
    if yuan is None or not value:
        return ""
    for unit, factor in _FACTORS.items():
        if abs(value * factor - yuan) <= max(Decimal("0.01"), yuan * Decimal("0.00001")):
            return unit
    return ""


@dataclass(frozen=True, slots=True)
class Region:
    """A division as a source gave it. ``standing`` is empty for one in the table and in use."""

    code: str
    standing: str
    note: str


RETIRED = "region_retired"
UNLISTED = "region_unlisted"
MISSING = "region_missing"
UNREADABLE = "region_unreadable"


def region_of(code: str, name: str) -> Region:
    """Return a division: retired and local codes stay as they are, with a note that says so."""
    labels = registry.code_list("REGION")
    given = unicodedata.normalize("NFKC", code).strip()
    if not given:
        by_name = _provinces().get(name.strip())
        if by_name:
            return Region(by_name, "", f"来源未给行政区划代码，按名称“{name.strip()}”归入。")
        where = f"，只写“{name.strip()}”" if name.strip() else ""
        return Region("", MISSING, f"来源未给行政区划代码{where}，地区不详。")
    if given == region_codes.NATION or given in labels.labels:
        return Region(given, "", "")
    if given in labels.retired:
        return Region(
            given, RETIRED, f"行政区划 {given}（{labels.label(given)}）已撤销，保留原代码。"
        )
    if region_codes.is_valid(given):
        above = next(
            (
                c
                for c in (region_codes.city_of(given), region_codes.province_of(given))
                if labels.accepts(c)
            ),
            "",
        )
        where = f"，归入{labels.label(above)}" if above else ""
        return Region(
            given, UNLISTED, f"代码 {given} 不在国家标准内（多为开发区等地方自用代码）{where}。"
        )
    return Region("", UNREADABLE, f"行政区划代码“{given[:20]}”无法识别，地区不详。")


@cache
def _provinces() -> dict[str, str]:
    """Return the codes of the provinces by their names, long and short."""
    labels = registry.code_list("REGION").labels
    found: dict[str, str] = {}
    for code, label in labels.items():
        if code.endswith("0000"):
            short = re.sub(
                "(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$", "", label
            )
            found |= {label: code, short: code}
    return found


_NO_NAME = re.compile(
    r".*(?:地\s*址|电\s*话|邮\s*编|联系|代码|盖\s*章|详见|见公告|见附件|详情|评委|排名|总分|得分|序号"
    r"|金额|报价|未提供|无中标|名称|供应商名单|采购项目|服务项目$|采购$).*|[0-9A-Za-z\W_]*|.",
    re.DOTALL,
)
_LONGEST_NAME = 200


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of an organisation or a person.

    ``地 址``, ``评委1(技术标)`` or a number stand where the reader of a page cut at the wrong place.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return len(plain) <= _LONGEST_NAME and _NO_NAME.fullmatch(plain) is None

"""The yearly notice of the State Council's office, read as it is worded: 关于某年部分节假日安排的通知.

Every sentence names its days with the day of the week and, mostly, their number; both are compared
with the calendar, so that a slip of the pen or of the copying is found before anything counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays.calendar import SATURDAY, Day, Kind, Status, WorkCalendar

_LAW = Law("全国年节及纪念日放假办法", "第二条", rule="T-16")

NOTHING_READ = Reason(
    code="workdays.nothing_read",
    message="没有从所填文字中读到放假或者上班的日期。",
    law=_LAW,
    remedy="请原样粘贴通知中逐项写明放假安排的文字，例如“元旦：1月1日（周四）至3日（周六）放假调休，共3天”。",
)
NO_SUCH_DAY = Reason(
    code="workdays.no_such_day",
    message="通知中有历法上不存在的日期。",
    law=_LAW,
    remedy="请对照通知原文更正标出的日期。",
)
OTHER_WEEKDAY = Reason(
    code="workdays.other_weekday",
    message="日期与所写的星期不一致。",
    law=_LAW,
    remedy="请对照通知原文核对标出的日期、星期和年份。",
)
OTHER_NUMBER = Reason(
    code="workdays.other_number",
    message="放假的起止日期与所写的天数不一致。",
    law=_LAW,
    remedy="请对照通知原文核对标出的日期和天数。",
)
OTHER_YEAR = Reason(
    code="workdays.other_year",
    message="通知中的日期不在所填的年份。",
    law=_LAW,
    remedy="请核对年份；一份通知只载入一个年度，上年十二月底的日期除外。",
)
SAID_TWICE = Reason(
    code="workdays.said_twice",
    message="同一天既写为放假又写为上班，或者写了两次。",
    law=_LAW,
    remedy="请对照通知原文更正标出的日期。",
)
HOLIDAY_MISSING = Reason(
    code="workdays.holiday_missing",
    message="通知没有写到全部法定节假日。",
    law=Law("全国年节及纪念日放假办法", "第二条", rule="T-15"),
    remedy="请把通知中的各项安排全部粘贴进来。",
)
WORKS_ALREADY = Reason(
    code="workdays.works_already",
    message="写为调休上班的日期本来就是工作日。",
    law=_LAW,
    remedy="请对照通知原文核对标出的日期。",
)
NOT_NEXT_YEAR = Reason(
    code="workdays.not_next_year",
    message="工作日历必须逐年接续，中间不能缺少年份。",
    law=_LAW,
    remedy="请先载入工作日历最后一年的下一年。",
)

_WEEK = "一二三四五六日"
_DAY = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:（([^）]*)）)?"
_SPAN = re.compile(rf"{_DAY}(?:至{_DAY})?")
# Behind a comma the next thing is said, of other days, but for the number of these.
_SENTENCE = re.compile(r"([^。；;\n]*?)(放假|上班)[^。；;\n，,]*(?:[，,]共\d+天)?")
_NUMBER = re.compile(r"(?:共|放假)(\d+)天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What one sentence says of its days."""

    days: tuple[date, ...]
    is_workday: bool
    sentence: str


def days_of_notice(text: str, *, year: int, source: str, known: WorkCalendar) -> tuple[Day, ...]:
    """Return every day of the year as the notice has it, and days of December before it names.

    ``known`` is the calendar so far: it says which of the days off are statutory, where it knows
    the year. Raises ``Refusal`` with the fact ``sentence`` where one is to blame.
    """
    if year > known.last.year + 1 or year <= known.first.year:
        raise Refusal(NOT_NEXT_YEAR, year=year, last=known.last.year)
    text = _folded(text)
    said = _said(text, year)
    named: dict[date, Said] = {}
    for each in said:
        for on in each.days:
            _require_its_year(on, year, each)
            if on in named:
                raise Refusal(SAID_TWICE, sentence=each.sentence, day=on)
            if each.is_workday and on.weekday() < SATURDAY:
                raise Refusal(WORKS_ALREADY, sentence=each.sentence, day=on)
            named[on] = each
    missing = [name for name in _FESTIVALS if name not in text]
    if missing:
        raise Refusal(HOLIDAY_MISSING, sentence="、".join(missing))
    spans = [*(on for on in sorted(named) if on.year < year), *_year(year)]
    return tuple(_day(on, named.get(on), source=source, known=known) for on in spans)


def _said(text: str, year: int) -> list[Said]:
    found = [
        each
        for match in _SENTENCE.finditer(text)
        for each in _of_sentence(match.group(0).strip("，,"), match, year)
    ]
    if not any(not each.is_workday for each in found):
        raise Refusal(NOTHING_READ)
    return found


def _of_sentence(sentence: str, match: re.Match[str], year: int) -> Iterator[Said]:
    days: list[date] = []
    month = 0
    for span in _SPAN.finditer(match.group(1)):
        first, month = _date(span.groups()[:4], year, month, sentence)
        last = first
        if span.group(7):
            last, month = _date(span.groups()[4:], first.year, month, sentence)
        if last < first:
            raise Refusal(OTHER_NUMBER, sentence=sentence)
        days += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    is_workday = match.group(2) == "上班"
    number = _NUMBER.search(sentence)
    if number and not is_workday and len(days) != int(number.group(1)):
        raise Refusal(OTHER_NUMBER, sentence=sentence)
    if days:
        yield Said(tuple(days), is_workday, sentence)


def _date(parts: tuple[str | None, ...], year: int, month: int, sentence: str) -> tuple[date, int]:
    """Return the date and its month: a later day of the same span may leave it out."""
    named_year, named_month, day, note = parts
    number = int(named_month or month)
    try:
        on = date(int(named_year or year), number, int(day or 0))
    except ValueError:
        raise Refusal(NO_SUCH_DAY, sentence=sentence) from None
    weekday = _WEEKDAY.search(note or "")
    if weekday and _WEEK[on.weekday()] != weekday.group(1).replace("天", "日"):
        raise Refusal(OTHER_WEEKDAY, sentence=sentence, day=on)
    return on, number


def _require_its_year(on: date, year: int, said: Said) -> None:
    is_before = (on.year, on.month) == (year - 1, DECEMBER)
    if on.year != year and not is_before:
        raise Refusal(OTHER_YEAR, sentence=said.sentence, day=on)


def _day(on: date, said: Said | None, *, source: str, known: WorkCalendar) -> Day:
    is_weekend = on.weekday() >= SATURDAY
    if said is None:
        kind = Kind.WEEKEND if is_weekend else Kind.WORKDAY
    elif said.is_workday:
        kind = Kind.SWAPPED
    else:
        before = known.days.get(on)
        is_statutory = before is None or before.kind is Kind.HOLIDAY
        kind = Kind.HOLIDAY if is_statutory else Kind.WEEKEND if is_weekend else Kind.BRIDGE
    is_workday = kind in {Kind.WORKDAY, Kind.SWAPPED}
    return Day(on, is_workday=is_workday, kind=kind, source=source, status=Status.OFFICIAL)


def _year(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def _folded(text: str) -> str:
    """Return the text with one form of brackets, and without the blanks that copying brings."""
    return re.sub(r"[ \t\u3000\xa0]+", "", text).replace("(", "（").replace(")", "）")

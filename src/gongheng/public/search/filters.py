"""What a visitor asks of the list: read from the address, never an error, wrong parts are said."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongheng.data.records.kinds import TradeType
from gongheng.data.standard import regions
from gongheng.kernel import invisible
from gongheng.kernel.clock import midnight
from gongheng.public.search import words
from gongheng.public.search.words import Question

WORDS_LENGTH = 300
"""Letters of a question that count; the longest titles have about a hundred."""
_KIND_LENGTH = 40
_SHOWN = 40
_LETTERS_SAID = 10
_INVISIBLE = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200c\u200d{invisible.CHARACTERS}]")


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions in force and the sentences about those that were left out.

    ``text`` is what stands in the search box. ``is_region_alone``: the region itself, without what
    lies below it. ``is_deal``: notices of every kind that tells of a deal.
    """

    text: str = ""
    trade: str = ""
    region: str = ""
    is_region_alone: bool = False
    is_deal: bool = False
    kind: str = ""
    first_day: date | None = None
    last_day: date | None = None
    ignored: tuple[str, ...] = ()

    @property
    def starts_at(self) -> datetime | None:
        """Return the first instant of the first day in Beijing."""
        return midnight(self.first_day) if self.first_day else None

    @property
    def ends_at(self) -> datetime | None:
        """Return the first instant after the last day in Beijing."""
        if self.last_day is None:
            return None
        return midnight(self.last_day + timedelta(days=1))

    @property
    def question(self) -> Question:
        """Return what is asked for in words."""
        return words.question(self.text)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active condition: its name, its value in words, and the parameter that takes it away."""

    name: str
    value: str
    parameter: str


def read(query: Mapping[str, str]) -> Filters:
    """Return the filters of an address; what cannot be understood is left out and said."""
    ignored: list[str] = []
    text = _text(query.get("q", ""), ignored)
    trade = query.get("trade", "").strip()
    if trade and trade not in TradeType.values:
        ignored.append("没有这个交易类别，已忽略该条件。")
        trade = ""
    region = query.get("region", "").strip()
    if region and not regions.is_known(region):
        ignored.append("没有这个行政区划代码，已忽略地区条件。")
        region = ""
    first, last = _day(query, "from", ignored), _day(query, "to", ignored)
    if first and last and first > last:
        ignored.append("开始日期晚于结束日期，已忽略日期条件。")
        first = last = None
    return Filters(
        text=text,
        trade=trade,
        region=region,
        is_region_alone=bool(region) and query.get("alone") == "1",
        is_deal=query.get("deals") == "1",
        kind=_visible(query.get("kind", ""))[:_KIND_LENGTH],
        first_day=first,
        last_day=last,
        ignored=tuple(ignored),
    )


def chips(filters: Filters) -> list[Chip]:
    """Return the active conditions in words."""
    found = [
        Chip("查询词", filters.text[:_SHOWN], "q"),
        Chip("类别", TradeType(filters.trade).label if filters.trade else "", "trade"),
        Chip("地区", _region_words(filters), "region"),
        Chip("公告类型", filters.kind, "kind"),
        Chip("公告类型", "各类成交公告" if filters.is_deal else "", "deals"),
        Chip("不早于", filters.first_day.isoformat() if filters.first_day else "", "from"),
        Chip("不晚于", filters.last_day.isoformat() if filters.last_day else "", "to"),
    ]
    return [chip for chip in found if chip.value]


def month_days(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month such as 2026-10."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _region_words(filters: Filters) -> str:
    if not filters.region:
        return ""
    name = regions.full_name(filters.region)
    return f"{name}本级" if filters.is_region_alone else name


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def _text(text: str, ignored: list[str]) -> str:
    if len(text) > WORDS_LENGTH:
        ignored.append(f"查询词超过 {WORDS_LENGTH} 个字，只用了前 {WORDS_LENGTH} 个字。")
    seen = " ".join(_visible(text[:WORDS_LENGTH]).split())
    asked = words.question(seen)
    if seen and asked.is_empty:
        ignored.append("查询词里没有文字、字母或数字，未按查询词查找。")
    if asked.unasked:
        letters = "、".join(asked.unasked[:_LETTERS_SAID])
        ignored.append(f"单独的一个字（{letters}）未用于查找；请把它与前后的字连写成词。")
    return seen


def _day(query: Mapping[str, str], name: str, ignored: list[str]) -> date | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.max
    # Years outside this span are slips of the pen, and some cannot be written as an instant.
    if not date(2000, 1, 1) <= found < date(2100, 1, 1):
        word = "开始日期" if name == "from" else "结束日期"
        ignored.append(f"{word}应写成 2026-10-12 的样子，已忽略该条件。")
        return None
    return found

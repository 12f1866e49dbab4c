"""The page of an imported notice: what its source said, as facts, candidates and a clean text."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from gongheng.data.records.models import Version
from gongheng.data.standard import history, registry
from gongheng.public.portal.presenting import Fact, Shown, fact, letter, shown

_PARTIES = ("HISTORY_BUYER", "HISTORY_AGENCY", "HISTORY_WINNER")
_CODES = (
    history.PROJECT_CODE,
    "HISTORY_INVESTMENT_CODE",
    "HISTORY_KIND_RAW",
)
_BARE = re.compile(r"[\d.,]+")
"""A number whose unit stands only in the source's own label: 中标价(%)."""
_KINDS = {"sum": "", "rate": "费率", "discount": "下浮或优惠", "prose": ""}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the list of candidates, in the order in which the source lists them."""

    order: str
    name: str
    price: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the page says of where a notice comes from."""

    source: str
    quality: str
    address: str
    note: str
    is_dated: bool
    candidates: list[Candidate]
    content: Shown


def past_of(version: Version, body: Mapping[str, str], *, title: str) -> Past | None:
    """Return what an imported record shows, None for any other."""
    if not history.is_history(body):
        return None
    quality = registry.code_list("HISTORY_QUALITY")
    moments = shown(version.dataset, history.standard_columns(version.dataset, body), title=title)
    text = history.content_of(version.dataset, body)
    return Past(
        source=body[history.SOURCE],
        quality=quality.label(body.get("HISTORY_QUALITY", "")),
        address=address if (address := body.get("HISTORY_URL", "")).startswith("http") else "",
        note=body.get("HISTORY_NOTE", ""),
        is_dated=version.published_at != history.UNKNOWN_DAY,
        candidates=candidates_of(body),
        content=Shown(
            moments.moments if version.dataset != history.DATASET else [],
            list(_facts(body)),
            [letter("公告正文", text)] if text else [],
        ),
    )


def _facts(body: Mapping[str, str]) -> Iterator[Fact]:
    """Yield what the source said, each value once, under the labels that people use."""
    told: set[str] = {""}
    for label, value in _said(body):
        if value not in told:
            told.add(value)
            yield fact(label, value)


def _said(body: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = registry.dataset(history.DATASET)
    yield from ((known.field(column).label, body.get(column, "")) for column in _PARTIES)
    yield "金额", price_of(body)
    yield from ((known.field(column).label, body.get(column, "")) for column in _CODES)
    printed = body.get("HISTORY_AMOUNT_RAW", "")
    for label, value in _pairs(body.get(history.FACTS, "")):
        shown_as = _LABELS.get(label, "" if label.isascii() else label)
        if shown_as and value != printed:
            yield shown_as, value


def price_of(body: Mapping[str, str]) -> str:
    """Return the amount of an imported notice in words, empty when it has none."""
    return _price(*(body.get(f"HISTORY_AMOUNT{part}", "") for part in _AMOUNT))


_AMOUNT = ("_KIND", "", "_UNIT", "_RAW")
_LABELS = {
    "closing_at": "截止时间",
    "opening_at": "开标时间",
    "publicity_period": "公示期",
    "method": "采购方式",
    "item": "采购内容",
    "quantity": "数量",
    "buyer_address": "采购人地址",
    "penalty": "处理结果",
}
"""What the labels of programs mean; others are of no use to a reader."""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in _list(text):
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, str) for p in pair):  # noqa: PLR2004  label and value
            yield pair[0], pair[1]


def candidates_of(body: Mapping[str, str]) -> list[Candidate]:
    """Return the candidates that an imported notice lists, in their order."""
    found = []
    for one in _list(body.get(history.CANDIDATES, "")):
        if isinstance(one, dict):
            given = {key: str(value) for key, value in one.items()}
            price = _price(*(given.get(name, "") for name in ("kind", "value", "unit", "raw")))
            found.append(
                Candidate(given.get("order", ""), given.get("name", ""), price or "未提供")
            )
    return found


def _list(text: str) -> list[object]:
    """Return the list that a column holds; an empty one when somebody has changed the row."""
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _price(kind: str, value: str, unit: str, raw: str) -> str:
    """Say a price in words: a sum with separators, anything else as it was printed."""
    if kind != "sum":
        word = _KINDS.get(kind, "")
        if word and _BARE.fullmatch(raw):
            raw += unit
        return f"{word}：{raw}" if word and word[:2] not in raw else raw
    try:
        number = Decimal(value)
    except InvalidOperation:
        return raw
    places = max(2, -int(number.normalize().as_tuple().exponent))
    if unit == "元":
        return f"{number:,.{min(places, 6)}f} 元"
    if unit:
        return f"{number:,f} {unit}"
    return f"{raw}（来源未标明单位）"

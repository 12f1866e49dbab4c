"""One line of a file, read: what it says of a notice, as far as it can be understood."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from gongheng.data.imports import rules
from gongheng.data.imports.reasons import (
    NO_IDENTITY,
    NO_TITLE,
    NOT_A_NOTICE,
    NOT_TEXT,
    TOO_LONG,
)
from gongheng.data.imports.rules import Amount, Region
from gongheng.data.standard import markup
from gongheng.kernel.masking import Personal, masked
from gongheng.kernel.reasons import Refusal

LONGEST_LINE = 8 * 1024 * 1024
LONGEST_CODE = 200
LONGEST_TITLE = 600
LONGEST_VALUE = 4000
MOST_FACTS = 60
MOST_CANDIDATES = 2000

PERSONAL = frozenset({Personal.IDENTITY, Personal.MOBILE, Personal.EMAIL})
"""What is covered; the account for deposits is an office's and must stay readable."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_MAY_BE_PERSONAL = re.compile("[0-9０-９]{3}|[@＠]")
_KNOWN_KINDS = frozenset(
    [
        "tender_plan",
        "tender_notice",
        "clarification",
        "correction",
        "opening_record",
        "candidate_publicity",
        "award",
        "contract",
        "deal_result",
        "listing_notice",
        "land_deal",
        "mining_listing",
        "mining_transfer",
        "penalty",
    ]
)
_KNOWN_TRADES = frozenset(
    ["engineering", "gov_procurement", "land", "mining", "property", "soe_procurement", "credit"]
)


_PARTY_LABELS: Mapping[str, Sequence[str]] = {
    "buyer": ("招标人", "采购人", "招标人名称", "采购人名称"),
    "agency": ("招标机构", "招标代理机构", "采购代理机构", "代理机构名称"),
    "winner": ("中标人", "中标人名称", "中标（成交）供应商名称", "成交供应商名称"),
}
_PRICE_LABELS = ("中标价", "成交价", "中标金额", "成交金额", "合同金额")
"""How sources name what stands only among their own labels: ``中标价(%)`` begins like this, too."""
_TELLING = [
    "source",
    "kind",
    "title",
    "project_code",
    "amount_raw",
    "html",
    "text",
    "parties",
    "fields",
    "region_code",
]
"""What tells two notices apart, besides the day."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate in the order of listing, which is not always a ranking."""

    order: int
    name: str
    price: Amount

    def as_json(self) -> dict[str, object]:
        """Return the candidate as it stands in the record."""
        return {
            "order": self.order,
            "name": self.name,
            "kind": self.price.kind.value,
            "value": "" if self.price.value is None else f"{self.price.value:f}",
            "unit": self.price.unit,
            "raw": self.price.raw,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as a line tells it: texts are clean and personal numbers covered.

    ``facts`` are the source's own labels and values. ``published_at`` is None when the source does
    not tell it or what it tells is no moment.
    """

    source: str
    id: str
    kind: str
    kind_raw: str
    trade: str
    title: str
    published_at: datetime | None
    published_raw: str
    region: Region
    region_name: str
    project_code: str
    investment_code: str
    amount: Amount
    stated_yuan: Decimal | None
    buyer: str
    agency: str
    winner: str
    candidates: tuple[Candidate, ...]
    content: str
    facts: Mapping[str, str]
    url: str
    quality: str
    fingerprint: str
    notes: list[str] = field(default_factory=list)


def notice_in(line: bytes) -> Notice:
    """Return the notice that a line holds.

    Raises ``Refusal``: ``NOT_TEXT``, ``NOT_A_NOTICE``, ``TOO_LONG``, ``NO_IDENTITY``, ``NO_TITLE``.
    """
    raw = _object_in(line)
    source, identity = _code(raw, "source"), _code(raw, "id")
    if not source or not identity:
        raise Refusal(NO_IDENTITY)
    title = " ".join(_covered(_text(raw.get("title"))).split())[:LONGEST_TITLE]
    if not title:
        raise Refusal(NO_TITLE, id=identity)
    parties = _object(raw.get("parties"))
    facts = _facts(raw)
    stated = _decimal(raw.get("amount_yuan"))
    published_raw = _text(raw.get("published_at"))[:100]
    region_name = _text(raw.get("region_name"))[:100]
    notes: list[str] = []
    return Notice(
        source=source,
        id=identity,
        kind=kind if (kind := _text(raw.get("kind"))) in _KNOWN_KINDS else "other",
        kind_raw=_text(raw.get("kind_raw"))[:LONGEST_CODE],
        trade=trade if (trade := _text(raw.get("trade_type"))) in _KNOWN_TRADES else "other",
        title=title,
        published_at=rules.moment_of(published_raw),
        published_raw=published_raw,
        region=rules.region_of(_text(raw.get("region_code")), region_name),
        region_name=region_name,
        project_code=_code(raw, "project_code"),
        investment_code=_code(raw, "investment_project_code")[:50],
        amount=_price(raw, facts, stated),
        stated_yuan=stated,
        buyer=_party(parties, facts, "buyer")[:500],
        agency=_party(parties, facts, "agency")[:500],
        winner=_party(parties, facts, "winner")[:2000],
        candidates=_candidates(parties.get("candidates")),
        content=_content(raw, notes),
        facts=facts,
        url=_url(_text(raw.get("url"))),
        quality="verbatim" if raw.get("quality") == "verbatim" else "extracted",
        fingerprint=_fingerprint(raw),
        notes=notes,
    )


def _object_in(line: bytes) -> dict[str, object]:
    if len(line) > LONGEST_LINE:
        raise Refusal(TOO_LONG)
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, parse_constant=str)
    except UnicodeDecodeError:
        raise Refusal(NOT_TEXT) from None
    except (ValueError, RecursionError, InvalidOperation):
        raise Refusal(NOT_A_NOTICE) from None
    if not isinstance(found, dict):
        raise Refusal(NOT_A_NOTICE)
    return found


def _text(value: object) -> str:
    """Return text or a number as text without control characters; empty for anything else."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | Decimal):
        return str(value)[:LONGEST_VALUE]
    return _CONTROL.sub("", value).strip() if isinstance(value, str) else ""


def _covered(text: str) -> str:
    return masked(text, PERSONAL) if _MAY_BE_PERSONAL.search(text) else text


def _code(raw: Mapping[str, object], name: str) -> str:
    return _text(raw.get(name))[:LONGEST_CODE]


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _decimal(value: object) -> Decimal | None:
    text = _text(value)
    try:
        found = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and abs(found.adjusted()) < 20 else None  # noqa: PLR2004  no sum of money


def _amount(text: str, stated: Decimal | None, label: str) -> Amount:
    return rules.amount_of(_covered(text)[:LONGEST_VALUE], yuan=stated, label=label)


def _price(raw: Mapping[str, object], facts: Mapping[str, str], stated: Decimal | None) -> Amount:
    """Return the price of a notice: its own, or the one under a label of the source."""
    if given := _text(raw.get("amount_raw")):
        label = " ".join(name for name in facts if "价" in name or "金额" in name)
        return _amount(given, stated, label)
    label = next((name for name in facts if name.startswith(_PRICE_LABELS)), "")
    return _amount(facts.get(label, ""), stated, label)


def _party(parties: Mapping[str, object], facts: Mapping[str, str], role: str) -> str:
    """Return a party of a notice: its own, or the one under a label of the source."""
    own = _covered(_text(parties.get(role)))
    return own or next((facts[label] for label in _PARTY_LABELS[role] if label in facts), "")


def _candidates(value: object) -> tuple[Candidate, ...]:
    found = []
    for place, item in enumerate(value if isinstance(value, list) else (), start=1):
        one = _object(item)
        name = _covered(_text(one.get("name")))[:500]
        price = _amount(_text(one.get("price_raw")), _decimal(one.get("price_yuan")), "")
        if name:
            order = one.get("order")
            found.append(
                Candidate(
                    order if isinstance(order, int) and 0 < order < 10**6 else place, name, price
                )
            )
    return tuple(found[:MOST_CANDIDATES])


def _facts(raw: Mapping[str, object]) -> dict[str, str]:
    """Return the source's own labelled values; nested ones are somebody's model output, left out."""
    found: dict[str, str] = {}
    for label, value in _object(raw.get("fields")).items():
        text = _covered(_text(value))[:LONGEST_VALUE]
        if text and len(found) < MOST_FACTS:
            found[_covered(_text(label))[:100] or "（无名称）"] = text
    return found


def _content(raw: Mapping[str, object], notes: list[str]) -> str:
    """Return the text of the notice: clean HTML, or plain text."""
    given = _text(raw.get("html")) or _text(raw.get("text"))
    if not markup.has_markup(given):
        shown = _covered(given)
    else:
        lowered = given.lower()
        if "<script" in lowered:
            notes.append("正文中的脚本（如水印）已移除。")
        if "<img" in lowered:
            notes.append("正文中的图片未收录。")
        shown = markup.masked(markup.clean(given), PERSONAL)
    if shown.count("*") > given.count("*"):
        notes.append("正文中的个人号码已遮盖。")
    return shown


def _url(text: str) -> str:
    """Return an address of the web; any other scheme could run something."""
    return text if re.fullmatch(r"https?://[^\s<>\"']{1,900}", text) else ""


def _fingerprint(raw: Mapping[str, object]) -> str:
    """Return what two notices share that differ in nothing but identity and address."""
    kept = {name: raw[name] for name in _TELLING if raw.get(name)}
    kept["day"] = _text(raw.get("published_at"))[:10]
    try:
        text = json.dumps(kept, ensure_ascii=True, default=str, sort_keys=True)
    except RecursionError:
        raise Refusal(NOT_A_NOTICE) from None
    return hashlib.sha256(re.sub(r"\s+|\\\\[nrt]", "", text).encode()).hexdigest()

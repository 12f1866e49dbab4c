"""What is missing, wrong or late in an imported notice: counted per source, never a reason to refuse."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import starmap

from gongheng.data.imports import rules
from gongheng.data.imports.kinds import Category
from gongheng.data.imports.reading import Notice
from gongheng.data.imports.rules import AmountKind
from gongheng.data.standard import history, validator
from gongheng.kernel.findings import Finding

_PRICED = frozenset({"award", "contract", "deal_result", "land_deal"})
_WON = frozenset({"award", "contract", "deal_result", "land_deal"})
_NEEDS_CODE = frozenset(
    [
        "tender_notice",
        "award",
        "correction",
        "clarification",
        "candidate_publicity",
        "contract",
        "opening_record",
    ]
)
_MISSING_RULES = frozenset({"std.required", "std.key"})
_WORDS_IN_CODE = re.compile(r"公告|公示|详见|见附件|名称|\s[\u4e00-\u9fff]|[，。；：]")
"""What stands in no project code; Chinese letters of an office do: 淅财招标采购-2025-220."""
_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d")
_SLACK = timedelta(days=1)
_TOLERANCE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be; ``field`` is a column of the standard or empty."""

    category: Category
    rule: str
    field: str = ""
    value: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the fault in the short form in which a line keeps it."""
        short = {"c": self.category.value, "r": self.rule, "f": self.field, "v": self.value[:80]}
        return {name: text for name, text in short.items() if text}


WORDS: Mapping[str, str] = {
    "imports.no_time": "没有发布时间",
    "imports.time_unreadable": "发布时间无法识别或不可能",
    "imports.time_in_future": "发布时间晚于导入时间",
    "imports.fact_time_unreadable": "公告所列时间无法识别或不可能",
    f"imports.{rules.MISSING}": "没有行政区划代码",
    f"imports.{rules.RETIRED}": "行政区划代码已撤销",
    f"imports.{rules.UNLISTED}": "行政区划代码不在国家标准内",
    f"imports.{rules.UNREADABLE}": "行政区划代码无法识别",
    "imports.no_text": "没有正文",
    "imports.no_project_code": "未单列项目编号",
    "imports.project_code_with_words": "项目编号夹带其他文字",
    "imports.no_amount": "结果类公告未单列金额",
    "imports.amount_zero": "金额为零",
    "imports.amount_without_unit": "金额没有单位",
    "imports.amount_contradiction": "金额原文与来源换算的元值不符",
    "imports.no_winner": "结果类公告未单列中标（成交）人",
    "imports.winner_not_a_name": "中标（成交）人不是名称",
    "imports.buyer_not_a_name": "招标（采购）人不是名称",
    "imports.agency_not_a_name": "代理机构不是名称",
    "imports.no_candidates": "候选人公示未单列候选人",
    "imports.candidate_without_price": "候选人没有报价",
    "imports.published_after_start": "公示开始后才发布",
    "imports.published_after_closing": "截止时间过后才发布",
    "imports.published_after_stated": "晚于公告自述的发布日期",
}
"""What our own rules say, for the quality page."""


def faults_of(
    notice: Notice, dataset: str, body: Mapping[str, str], *, now: datetime
) -> list[Fault]:
    """Return everything that is missing, wrong or late in a notice, each once."""
    found = [
        *_time(notice, now),
        *_region(notice),
        *_text(notice),
        *_amount(notice),
        *_parties(notice),
        *_late(notice),
    ]
    if dataset != history.DATASET:
        judged = validator.check(dataset, history.standard_columns(dataset, body))
        found += [_standard(finding) for finding in judged]
    return list(dict.fromkeys(found))


def _standard(finding: Finding) -> Fault:
    """Sort what the standard finds: a condition that asks for a blank column finds it missing."""
    _, _, rule = finding.rule.partition(".")
    sort = rule.partition(".")[0]
    if finding.rule in _MISSING_RULES or (sort == "conditional" and not finding.value):
        return Fault(Category.MISSING, finding.rule, finding.field)
    category = Category.LATE if sort == "period" else Category.WRONG
    return Fault(category, finding.rule, finding.field, finding.value)


def _time(notice: Notice, now: datetime) -> Iterator[Fault]:
    if not notice.published_raw:
        yield Fault(Category.MISSING, "imports.no_time")
    elif notice.published_at is None:
        yield Fault(Category.WRONG, "imports.time_unreadable", value=notice.published_raw)
    elif notice.published_at > now + _SLACK:
        yield Fault(Category.WRONG, "imports.time_in_future", value=notice.published_raw)
    impossible = next(filter(None, starmap(_impossible, notice.facts.items())), "")
    if impossible:
        yield Fault(Category.WRONG, "imports.fact_time_unreadable", value=impossible)


def _impossible(label: str, value: str) -> str:
    """Return a labelled day that is none, empty for any other value."""
    is_day = label.endswith(("时间", "日期")) and _DAY.match(value)
    return f"{label} {value}" if is_day and rules.moment_of(value) is None else ""


def _region(notice: Notice) -> Iterator[Fault]:
    if notice.region.standing:
        is_missing = notice.region.standing == rules.MISSING
        yield Fault(
            Category.MISSING if is_missing else Category.WRONG,
            f"imports.{notice.region.standing}",
            value=notice.region.code,
        )


def _text(notice: Notice) -> Iterator[Fault]:
    if not notice.content:
        yield Fault(Category.MISSING, "imports.no_text")
    if not notice.project_code and notice.kind in _NEEDS_CODE:
        yield Fault(Category.MISSING, "imports.no_project_code")
    if _WORDS_IN_CODE.search(notice.project_code):
        yield Fault(Category.WRONG, "imports.project_code_with_words", value=notice.project_code)


def _amount(notice: Notice) -> Iterator[Fault]:
    amount = notice.amount
    if amount.kind is AmountKind.NONE:
        if notice.kind in _PRICED:
            yield Fault(Category.MISSING, "imports.no_amount")
        return
    if amount.kind is not AmountKind.SUM:
        return
    if not amount.value:
        yield Fault(Category.WRONG, "imports.amount_zero", value=amount.raw)
    elif not amount.unit:
        yield Fault(Category.WRONG, "imports.amount_without_unit", value=amount.raw)
    elif notice.stated_yuan is not None and not _agree(amount.yuan, notice.stated_yuan):
        yield Fault(Category.WRONG, "imports.amount_contradiction", value=amount.raw)


def _agree(printed: Decimal | None, stated: Decimal) -> bool:
    if printed is None:
        return True
    return abs(printed - stated) <= max(abs(printed) * _TOLERANCE, Decimal(1))


def _parties(notice: Notice) -> Iterator[Fault]:
    if notice.kind in _WON and not notice.winner:
        yield Fault(Category.MISSING, "imports.no_winner")
    for rule, name in (
        ("imports.winner_not_a_name", notice.winner),
        ("imports.buyer_not_a_name", notice.buyer),
        ("imports.agency_not_a_name", notice.agency),
    ):
        if name and not rules.is_name(name):
            yield Fault(Category.WRONG, rule, value=name)
    if notice.kind == "candidate_publicity" and not notice.candidates:
        yield Fault(Category.MISSING, "imports.no_candidates")
    if any(one.price.kind is AmountKind.NONE for one in notice.candidates):
        yield Fault(Category.MISSING, "imports.candidate_without_price")


def _late(notice: Notice) -> Iterator[Fault]:
    published = notice.published_at
    if published is None:
        return
    closing = rules.moment_of(notice.facts.get("closing_at", ""))
    if notice.kind == "tender_notice" and closing is not None and published >= closing:
        yield Fault(Category.LATE, "imports.published_after_closing")
    start = rules.moment_of(notice.facts.get("publicity_period", "").partition("至")[0])
    if start is not None and published.date() > start.date():
        yield Fault(Category.LATE, "imports.published_after_start")
    stated = rules.moment_of(notice.facts.get("公告发布日期", ""))
    if stated is not None and published.date() > stated.date():
        yield Fault(Category.LATE, "imports.published_after_stated")

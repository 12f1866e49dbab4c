"""Contents of tender documents as people read them: facts, paragraphs, criteria by group."""

from dataclasses import dataclass
from typing import Any

from gongheng.kernel.money import capitals, written, yuan
from gongheng.trading.documents.kinds import EvaluationMethod, Group

Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The criteria of one group, and what their full marks add up to."""

    group: Group
    criteria: list[dict[str, Any]]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document laid out for a page."""

    lot: Rows
    terms: Rows
    paragraphs: Rows
    parts: list[Part]
    price: str
    adjustments: list[dict[str, str]]
    attachments: list[dict[str, Any]]


def reading(content: dict[str, Any]) -> Reading:
    """Lay out the contents of a document."""
    lot, basics = content["lot"], content["basics"]
    return Reading(
        lot=[
            ("招标项目", lot["tender_project"]),
            ("标段编号", lot["code"]),
            ("统一交易标识码", lot["transaction_code"]),
            ("招标人", lot["tenderer"]),
            *([("招标代理机构", lot["agency"])] if lot["agency"] else []),
        ],
        terms=[
            ("评标办法", EvaluationMethod(basics["evaluation_method"]).label),
            ("最高投标限价", _sum(basics["ceiling"]) or "见说明"),
            ("投标保证金", _sum(basics["bond_amount"]) or "不收取"),
            ("投标有效期", f"{basics['validity_days']} 日历天，自投标截止之日起算"),
            ("工期", f"{basics['duration_days']} 日历天"),
            ("质量要求", basics["quality"]),
            ("投标人解密时间", f"自开标起 {basics['decryption_minutes']} 分钟"),
            ("私钥遗失的补救", _rescue(is_allowed=basics.get("allows_recovery", True))),
            ("中标标段数", _lots(basics.get("most_lots"))),
            ("技术部分评审", _blind(is_blind=basics["is_technical_blind"])),
        ],
        paragraphs=[
            ("招标范围", basics["scope"]),
            ("投标人资格要求", lot["qualification"]),
            ("技术和质量要求", basics["requirements"]),
            ("最高投标限价说明", basics["ceiling_note"]),
            ("合同主要条款", basics["contract_terms"]),
            ("开标与两段式解密", basics["two_phase_clause"]),
        ],
        parts=[part for group in Group if (part := _part(content, group)).criteria],
        price=_price(content["price_rule"]),
        adjustments=content["price_rule"].get("adjustments", []),
        attachments=content["attachments"],
    )


def _blind(*, is_blind: bool) -> str:
    return "暗标：评委不知道投标人是谁，文件中不得出现投标人的名称和标识" if is_blind else "明标"


def _rescue(*, is_allowed: bool) -> str:
    return "可以在解密时间内用打印的恢复码解密" if is_allowed else "不接受恢复码"


def _lots(most: int | None) -> str:
    if most is None:
        return "不限制"
    return f"同一投标人最多中标 {most} 个标段，按标段编号的顺序定标，达到的由其后的候选人递补"


def _part(content: dict[str, Any], group: Group) -> Part:
    found = [one for one in content["criteria"] if one["group"] == group]
    total = sum((yuan(one["points"]) for one in found if one["points"]), yuan(0))
    return Part(group=group, criteria=found, total=f"{total:f}" if total else "")


def _price(rule: dict[str, Any]) -> str:
    if rule["formula"] == "lowest_evaluated":
        return "评标价＝算术修正后的投标报价＋各项折算。评标价最低且不低于成本的投标排名第一；评标价相等的，投标报价低的优先，仍相等的随机抽取。"
    trim = (
        "主观分去掉一个最高分和一个最低分后取平均值"
        if rule["trim"]
        else "主观分取全体成员评分的平均值"
    )
    return (
        f"投标报价得分＝评标基准价÷投标报价×{rule['points']} 分，评标基准价为通过初步评审的最低投标报价；"
        f"{trim}，均四舍五入保留两位小数。总分相等的，投标报价低的优先，仍相等的技术得分高的优先，再相等的随机抽取。"
    )


def _sum(amount: str) -> str:
    return f"{written(yuan(amount))} 元（{capitals(yuan(amount))}）" if amount else ""

"""What changed between two issued versions, in words that people read."""

from dataclasses import dataclass
from typing import Any

from gongheng.trading.documents.kinds import EvaluationMethod, Group

_BASICS = {
    "evaluation_method": "评标办法",
    "ceiling": "最高投标限价（元）",
    "ceiling_note": "最高投标限价说明",
    "bond_amount": "投标保证金（元）",
    "validity_days": "投标有效期（日历天）",
    "duration_days": "工期（日历天）",
    "quality": "质量要求",
    "scope": "招标范围",
    "requirements": "技术和质量要求",
    "contract_terms": "合同主要条款",
    "two_phase_clause": "两段式解密条款",
    "decryption_minutes": "投标人解密时间（分钟）",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place that reads differently; an empty side was not there."""

    label: str
    before: str
    after: str


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the changes from one content to another, in the order of the document."""
    old, new = lines(before), lines(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Change(label=label, before=old.get(label, ""), after=new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def lines(content: dict[str, Any]) -> dict[str, str]:
    """Return what a document says, by label."""
    found = {label: str(content["basics"][name]) for name, label in _BASICS.items()}
    found["可以用恢复码解密"] = "是" if content["basics"].get("allows_recovery", True) else "否"
    found["同一投标人最多中标的标段数"] = str(content["basics"].get("most_lots") or "不限")
    found["技术部分采用暗标"] = "是" if content["basics"]["is_technical_blind"] else "否"
    method = content["basics"]["evaluation_method"]
    found["评标办法"] = EvaluationMethod(method).label
    for line in content["price_rule"].get("adjustments", []):
        found[f"价格折算：{line['title']}"] = " ".join(
            f"{name} {value}" for name, value in line.items() if name != "title"
        )
    if "trim" in content["price_rule"]:
        found["主观评分去掉最高分和最低分"] = "是" if content["price_rule"]["trim"] else "否"
    for line in content["criteria"]:
        label = f"{Group(line['group']).label}：{line['title']}"
        marks = [f"满分 {line['points']} 分" if line["points"] else "合格制"]
        marks += ["不合格即否决"] if line["is_veto"] else []
        marks += ["客观分"] if line["is_objective"] else []
        found[label] = f"{line['text']}（{'，'.join(marks)}）"
    for file in content["attachments"]:
        found[f"附件：{file['name']}"] = f"{file['size']:,} 字节，SM3 {file['sm3']}"
    return found

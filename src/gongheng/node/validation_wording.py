"""What a validation found, in words: from its summary, whoever judged."""

from collections.abc import Iterator
from typing import Any

from gongheng import __version__
from gongheng.kernel.reasons import Refusal
from gongheng.node.say import explain

_SHOWN = 3
_KINDS = {
    "new": "新增",
    "same": "重复报送",
    "correction": "更正",
    "late": "迟到的旧版本",
    "withdrawn": "撤销",
    "waiting": "等待上级记录",
    "refused": "不接收",
}


def errors_in(summary: dict[str, Any]) -> int:
    """Return how many errors there are, warnings apart."""
    wrong = (fault["count"] for fault in summary["faults"] if fault["severity"] == "error")
    return int(sum(wrong)) + len(summary["files"])


def lines_of(summary: dict[str, Any]) -> Iterator[str]:
    """Yield what was found, line by line."""
    from gongheng.data.bulk.reasons import BY_CODE  # noqa: PLC0415  only who asks for it

    for code, count in summary["datasets"].items():
        yield f"{code}：{count['records']:,} 条记录，{count['refused']:,} 条单条校验有错误"
    for each in summary["files"]:
        names = f"（{'、'.join(each['names'])}）" if each["names"] else ""
        reason = BY_CODE.get(each["code"])
        words = f"{reason.message}{names}{reason.remedy}" if reason else names
        yield f"文件 {each['file']}：{words}[{each['code']}]"
    for fault in summary["faults"]:
        yield from _lines_of_fault(fault)
    yield from _beside_history(summary["history"])
    yield from summary["not_asked"]
    audit = summary["audit"]
    if audit["records"] and not audit["disagreements"]:
        yield (f"已逐条复核 {audit['records']:,} 条（全部有错误的与千分之一无错误的），结论一致")
    records = sum(count["records"] for count in summary["datasets"].values())
    yield f"共 {records:,} 条记录，{errors_in(summary):,} 处错误"


def _lines_of_fault(fault: dict[str, Any]) -> Iterator[str]:
    word = {"error": "错误", "warning": "提醒"}[fault["severity"]]
    all_alike = "，属系统性问题，请检查导出程序" if fault["systematic"] else ""
    place = f"{fault['dataset']}.{fault['field'] or '-'}"
    yield f"{word} {place} {fault['rule']}：{fault['count']:,} 处{all_alike}"
    yield f"    {fault['message']}{fault['remedy']}"
    for each in fault["examples"][:_SHOWN]:
        value = f"：{each['value']}" if each["value"] else ""
        yield f"    {each['file']} 第 {each['row']} 条{value}"


def _beside_history(history: dict[str, Any]) -> Iterator[str]:
    for code, counts in history["records"].items():
        said = "，".join(
            f"{word} {counts[kind]:,}" for kind, word in _KINDS.items() if kind in counts
        )
        yield f"{code} 与以往批次比较：{said}"
    for code, count in history["waited_too_long"].items():
        yield f"{code}：以往批次中 {count:,} 条记录等待上级记录超过期限，不再等待"


def disagreements_of(audit: dict[str, Any]) -> Iterator[str]:
    """Yield of which records two engines said different things: nothing may be relied on."""
    from gongheng.data.bulk.reasons import DISAGREE  # noqa: PLC0415

    yield f"！！！{explain(Refusal(DISAGREE))}"
    yield (
        f"版本 {__version__}：复核 {audit['records']:,} 条，不一致 {audit['disagreements']:,} 条"
    )
    for each in audit["examples"]:
        bulk, single = (
            "、".join(f"{field or '-'} {rule}" for field, rule in findings) or "无"
            for findings in (each["only_bulk"], each["only_single"])
        )
        yield f"    {each['file']} 第 {each['row']} 条：仅批量发现 {bulk}；仅逐条发现 {single}"

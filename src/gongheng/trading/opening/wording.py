"""The opening record in words: what is read out, published and signed."""

from collections.abc import Iterator

from gongheng.kernel.clock import to_second
from gongheng.trading.opening import figures as figures_of, objections
from gongheng.trading.opening.kinds import Answer, Cause, DecisionKind, Side, State
from gongheng.trading.opening.models import Entry, Opening
from gongheng.trading.projects.models import TenderProject

SEALED_STILL = "在尚未开启的部分中"
_COUNTS_AS = {
    Cause.BIDDER: "视为撤销投标文件",
    Cause.PLATFORM: "视为撤回投标文件",
    Cause.HOLDER: "视为撤回投标文件",
}
_WHOSE = {Cause.BIDDER: "投标人", Cause.PLATFORM: "平台", Cause.HOLDER: "保管方"}


def result(entry: Entry) -> str:
    """Return what became of a bid, in words."""
    if entry.state == State.RELEASED:
        return "投标人已解密，因解密成功的投标文件不足法定数量，没有开启"
    if entry.state == State.OPENED:
        return "解密成功"
    what = "未在规定时间内解密" if entry.state == State.ABSENT else "解密失败"
    if not entry.cause:
        return what
    cause = Cause(entry.cause)
    return f"{what}，{_WHOSE[cause]}原因，{_COUNTS_AS[cause]}"


def price(entry: Entry) -> str:
    """Return the price of an opened bid in words; one that cannot be read is said to be so."""
    if entry.price is not None:
        return f"{entry.price:,.2f}元"
    return "报价无法识别，由评标委员会认定" if _is_at_fault(entry, "price") else SEALED_STILL


def promises(entry: Entry) -> str:
    """Return the time and quality that an opened bid promises."""
    are_untold = entry.duration_days is None and not _is_at_fault(entry, "duration_days")
    if are_untold and not entry.quality:
        return f"工期和质量承诺{SEALED_STILL}"
    days = f"{entry.duration_days}日历天" if entry.duration_days else "无法识别"
    unsaid = "未填写" if entry.price is not None or _is_at_fault(entry, "price") else SEALED_STILL
    return f"工期{SEALED_STILL if are_untold else days}；质量承诺{entry.quality or unsaid}"


def _is_at_fault(entry: Entry, name: str) -> bool:
    """Tell whether a figure is missing by the bidder's fault; else a sealed part may hold it."""
    return any(
        finding["field"] == name or finding["rule"] in figures_of.NO_LETTER
        for finding in entry.findings
    )


def figures(entry: Entry) -> str:
    """Return the key figures of an opened bid in one line."""
    return f"投标报价{price(entry)}；{promises(entry)}"


def people(opening: Opening, tender: TenderProject) -> str:
    """Return who took part: host and number of bidders; persons are not named."""
    host = tender.agency_name if tender.has_agency else tender.tenderer_name
    return f"主持人：{host}；投标人{opening.entries.count()}家"


def content(opening: Opening) -> str:
    """Return the content of the opening record (B-05)."""
    return "\n".join(_lines(opening))


def _lines(opening: Opening) -> Iterator[str]:
    entries = list(opening.entries.order_by("number"))
    yield f"开标开始时间：{to_second(opening.begins_at)}。"
    if opening.frozen_at:
        yield f"投标人解密结束时间：{to_second(opening.frozen_at)}。"
    count = sum(entry.state == State.OPENED for entry in entries)
    yield f"投标截止时共有投标文件{len(entries)}份，解密成功{count}份。"
    for entry in entries:
        said = figures(entry) if entry.state == State.OPENED else ""
        yield f"{entry.number}. {entry.bidder_name}：{result(entry)}。" + (
            f"{said}。" if said else ""
        )
    for decision in opening.decisions.filter(is_confirmed=True).order_by("decided_at"):
        yield f"{DecisionKind(decision.kind).label}至{to_second(decision.until)}：{decision.reason}"
    yield from _answers(opening)


def _answers(opening: Opening) -> Iterator[str]:
    for objection in objections.of(opening.case):
        yield f"{objection.by_name}于{to_second(objection.raised_at)}提出异议：{objection.words}"
        if objection.answer and objection.answered_at:
            yield f"招标人于{to_second(objection.answered_at)}答复：{objection.answer}"
    answers = opening.confirmations.order_by("given_at")
    for answer in answers.filter(answer=Answer.OBJECT):
        yield f"{answer.organisation_name}对开标记录有不同意见：{answer.words}"
    confirmed = answers.filter(answer=Answer.CONFIRM, side=Side.BIDDER).count()
    silent = opening.entries.count() - answers.filter(side=Side.BIDDER).count()
    words = f"投标人{confirmed}家在线确认开标记录无误"
    yield words + (f"；{silent}家在确认时间内未答复，视为没有异议。" if silent else "。")

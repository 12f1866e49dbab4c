"""Messages of an opening: every bidder hears of its hour, of more time and of the record, alone."""

from datetime import datetime

from gongheng.kernel.clock import to_second
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.opening.models import Decision, LaterOpening, Opening

KIND = "opening"


def _tell(opening: Opening, subject: str, body: str, *, now: datetime) -> None:
    codes = opening.entries.order_by("number").values_list("bidder_code", flat=True)
    recipients = [Recipient(organisation_code=code) for code in codes]
    if recipients:
        messages.send(
            recipients=recipients,
            subject=subject,
            body=body,
            kind=KIND,
            now=now,
            case_code=opening.case_code,
        )


def begun(opening: Opening, *, now: datetime) -> None:
    """Tell the bidders that they may decrypt, and until when."""
    until = to_second(opening.releases_until)
    body = (
        f"{opening.case.title}已开始开标。请在 {until} 前到开标大厅解密本单位投标文件；"
        "因投标人原因未解密的，视为撤销投标文件。"
    )
    _tell(opening, "开标已开始，请解密投标文件", body, now=now)


def decided(opening: Opening, decision: Decision, *, now: datetime) -> None:
    """Tell the bidders of more time or of waiting."""
    until = to_second(decision.until)
    body = f"{opening.case.title}的开标时间有变化，延至 {until}。理由：{decision.reason}"
    _tell(opening, "开标时间有变化", body, now=now)


def event_recorded(later: LaterOpening, *, now: datetime) -> None:
    """Tell the bidders whose bids are still in that what they kept sealed is opened now (E-29)."""
    body = (
        f"{later.opening.case.title}：先开启的部分已评审结束，招标人签署开启决定后，保管方将交出份额，"
        "系统开启其余部分。投标人不需要再次解密。"
    )
    _tell_some(later, "其余部分即将开启", body, now=now)


def later_shown(later: LaterOpening, *, now: datetime) -> None:
    """Tell them that it was made known."""
    body = f"{later.opening.case.title}：其余部分的开标内容已公布，可到开标大厅查看。"
    _tell_some(later, "其余部分的开标内容已公布", body, now=now)


def _tell_some(later: LaterOpening, subject: str, body: str, *, now: datetime) -> None:
    rows = later.entries.order_by("entry__number")
    messages.send(
        recipients=[
            Recipient(organisation_code=code)
            for code in rows.values_list("entry__bidder_code", flat=True)
        ],
        subject=subject,
        body=body,
        kind=KIND,
        now=now,
        case_code=later.opening.case_code,
    )


def shown(opening: Opening, *, now: datetime) -> None:
    """Tell the bidders that the record waits for their answer."""
    until = to_second(opening.confirm_until)
    body = (
        f"{opening.case.title}的开标内容已公布。请在 {until} 前到开标大厅核对并确认开标记录；"
        "未答复的，视为没有异议。"
    )
    _tell(opening, "请确认开标记录", body, now=now)

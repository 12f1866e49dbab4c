"""What people of a case are told by the message centre."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from gongheng.kernel.clock import to_end, to_minute
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.workdays.actions import Moved
from gongheng.trading.cases import bidders, standing as standings
from gongheng.trading.cases.declaration import IDLE, Step
from gongheng.trading.cases.models import Case, Proposal, Review


def returned(proposal: Proposal, review: Review, *, now: datetime) -> None:
    """Tell the first person that the second returned a matter, and why."""
    case = proposal.case
    step = standings.declaration(case.version_id).step(proposal.step)
    messages.send(
        recipients=[Recipient(account_id=proposal.proposed_by)],
        subject=f"退回修改：{step.label}",
        body=f"{case.title}\n{review.reviewed_by_name}退回：{review.reason}\n请修改后在业务工作台重新提交。",
        case_code=case.code,
        kind="case.returned",
        now=now,
    )


def reminded(case: Case, *, since: datetime, close_from: datetime, now: datetime) -> None:
    """Remind both sides and the centre of a case in which nothing goes on (U-05)."""
    messages.send(
        recipients=_sides(case),
        subject=f"项目长期没有进展：{case.title}",
        body=(
            f"{case.title}（{case.code}）自 {to_minute(since)} 起没有进展。请继续办理；不再办理的，请撤回登记或"
            f"终止招标。{to_minute(close_from)} 起仍无进展的，交易中心可以关闭项目。"
        ),
        case_code=case.code,
        kind="case.idle",
        now=now,
    )


def closed_idle(case: Case, step: Step, *, now: datetime) -> None:
    """Tell both sides and the centre when a step ended a case because nothing went on in it."""
    if step.not_before != IDLE:
        return
    messages.send(
        recipients=_sides(case),
        subject=f"{step.label}：{case.title}",
        body=(
            f"{case.title}（{case.code}）经提醒后仍无进展，已由交易中心关闭。应退还的款项请按项目页面的环节办理；"
            "以后需要办理的，请重新登记。"
        ),
        case_code=case.code,
        kind="case.idle_closed",
        now=now,
    )


def deadlines_moved(case: Case, moved: Sequence[Moved], *, title: str, now: datetime) -> None:
    """Tell both sides and the centre which deadlines of a case a notice of days off moved (T-16).

    Who has a bid in is told of what is next, and that alone: the rest is not theirs to know.
    """
    subject = f"期限因节假日安排延长：{case.title}"
    head = f"{case.title}（{case.code}）的下列期限按{title}重新计算，已公告的期限只延长、不缩短："
    messages.send(
        recipients=_sides(case),
        subject=subject,
        body="\n".join([head, *(_moved(row) for row in moved)]),
        case_code=case.code,
        kind="case.deadlines_moved",
        now=now,
    )
    own = [_moved(row) for row in moved if row.step == case.awaits]
    if own:
        bidders.tell(
            [case],
            subject=subject,
            body="\n".join([head, *own]),
            kind="case.deadlines_moved",
            now=now,
        )


def _moved(row: Moved) -> str:
    what = "最早办理时间" if row.is_opening else "截止时间"
    before, after = to_end(row.before_at), to_end(row.after_at)
    return f"{row.label}：{what}由 {before} 延至 {after}（{row.rule}）。"


def _sides(case: Case) -> list[Recipient]:
    codes = [case.tenderer_code, case.agency_code, settings.NODE.platform_code]
    return [Recipient(organisation_code=code) for code in codes if code]

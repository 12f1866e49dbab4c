"""Whoever applied is told what became of it, in the own inbox (T-12)."""

from datetime import datetime

from gongheng.data.exchange.stations import own_code
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.subjects.kinds import ApplicationState
from gongheng.registers.subjects.models import Application

_SAID = {
    ApplicationState.APPROVED: ("已核验通过", "账号的相应角色已开通，可以参加交易。"),
    ApplicationState.RETURNED: ("需要补正", "请在“主体登记”中按逐项意见一次补正后重新提交。"),
    ApplicationState.REJECTED: (
        "未通过核验",
        "如有疑问，请联系受理的交易中心；可以改正后重新申请。",
    ),
}


def decided(application: Application, *, now: datetime) -> None:
    """Tell the applicant of a decision, at the node where the application was made."""
    said = _SAID.get(ApplicationState(application.state))
    if said is None or application.account_id is None or application.origin != own_code():
        return
    verdict, next_step = said
    reason = f"理由：{application.reason}\n" if application.reason else ""
    messages.send(
        recipients=[Recipient(account_id=application.account_id)],
        subject=f"{application.name}的{application.get_purpose_display()}{verdict}",
        body=f"{application.get_purpose_display()}{verdict}。\n{reason}{next_step}",
        kind="subject.decided",
        now=now,
    )

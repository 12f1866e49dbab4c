"""What people of a case are told by the message centre."""

from datetime import datetime

from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import standing as standings
from gongheng.trading.cases.models import Proposal, Review


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

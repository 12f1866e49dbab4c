"""Who hears of early looks: the auditor at once, the parties when the secret is none any more."""

from datetime import datetime

from gongheng.kernel.clock import to_minute
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import bidders
from gongheng.trading.emergency import queries
from gongheng.trading.emergency.models import Look, Request


def auditors(request: Request, *, look: Look | None = None, now: datetime) -> None:
    """Tell every auditor of the area of an approval, or of a look."""
    deed = f"{look.name}已查阅" if look else "已批准"
    messages.send(
        recipients=[
            Recipient(account_id=one) for one in queries.auditors_of(request.region_code, now=now)
        ],
        subject=f"应急查阅{deed}：{request.item_label}",
        body=f"{request.case.title}（{request.case.code}）：{request.asked_for_name}{request.asked_by_name}申请，"
        f"{request.decided_for_name}{request.decided_by_name}批准，依据{request.document}，"
        f"{to_minute(request.ends_at)} 前有效。理由：{request.reason}\n"
        "申请、文书和每次查阅的记录见“应急查阅”。",
        kind="emergency.audit",
        case_code=request.case.code,
        now=now,
    )


def parties(request: Request, *, now: datetime) -> None:
    """Tell both sides of a case that there was an early look, on what ground and how often."""
    case, count = request.case, request.looks.count()
    subject = f"保密事项曾被应急查阅：{case.title}"
    body = (
        f"{case.title}（{case.code}）的{request.item_label}在保密期内曾由两名监管人员分别申请和批准应急查阅，"
        f"依据{request.document}（{request.ground_label}），{to_minute(request.decided_at)} 批准，共查阅 {count} 次。"
        "投标文件不在其内：截止前任何人都不能开启。如有疑问，请向该监管部门提出。"
    )
    sides = [code for code in (case.tenderer_code, case.agency_code) if code]
    messages.send(
        recipients=[Recipient(organisation_code=code) for code in sides],
        subject=subject,
        body=body,
        kind="emergency.told",
        case_code=case.code,
        now=now,
    )
    bidders.tell([case], subject=subject, body=body, kind="emergency.told", now=now)

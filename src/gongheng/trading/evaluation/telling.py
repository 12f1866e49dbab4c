"""Messages of an evaluation: each goes to who must act, and tells nobody's name to anybody."""

from collections.abc import Iterable
from datetime import datetime

from gongheng.kernel.clock import to_minute
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation.models import Member, Report, Request


def members_invited(case: Case, members: Iterable[Member], *, now: datetime) -> None:
    """Tell each member that the committee is formed; before the opening nothing is to be done."""
    _send(
        case,
        [Recipient(account_id=member.account_id) for member in members],
        subject="您已被列入一个项目的评标委员会",
        body="开标记录公布后，请登录平台，在“评标”中作出有无回避情形的声明。评标委员会成员名单在中标结果确定前保密。",
        kind="evaluation.member_invited",
        now=now,
    )


def member_stepped_back(case: Case, *, now: datetime) -> None:
    """Tell the tenderer's side that a seat must be filled; not who left it, nor why."""
    _send(
        case,
        _tenderer(case),
        subject=f"评标委员会有成员回避，需要补充抽取：{case.title}",
        body="请向省级专家库申请补充抽取，并在项目的“组建评标委员会”页更换成员。",
        kind="evaluation.member_stepped_back",
        now=now,
    )


def request_sent(case: Case, request: Request, *, now: datetime) -> None:
    """Tell the bidder that the committee asks something, and by when; the question stays inside."""
    _send(
        case,
        [Recipient(organisation_code=request.bidder_code)],
        subject=f"评标委员会要求书面答复：{case.title}",
        body=f"事项：{request.kind_label}。请登录平台，在“评标澄清”中查看并在规定时间前答复。",
        kind="evaluation.request_sent",
        now=now,
    )


def time_short(case: Case, *, now: datetime) -> None:
    """Tell the tenderer's side that more than a third of the members ask for time (W-23)."""
    _send(
        case,
        _tenderer(case),
        subject=f"评标委员会认为评标时间不够：{case.title}",
        body="超过三分之一的成员认为评标时间不够，招标人应当适当延长（《招标投标法实施条例》第四十八条）。"
        "请在项目的“组建评标委员会”页办理。",
        kind="evaluation.time_short",
        now=now,
    )


def time_extended(case: Case, members: Iterable[Member], *, until: datetime, now: datetime) -> None:
    """Tell each member until when there is time."""
    _send(
        case,
        [Recipient(account_id=member.account_id) for member in members],
        subject=f"评标时间已延长：{case.title}",
        body=f"招标人已将评标时间延长至 {to_minute(until)}。",
        kind="evaluation.time_extended",
        now=now,
    )


def report_to_sign(case: Case, report: Report, members: Iterable[Member], *, now: datetime) -> None:
    """Tell each member that a report waits for a word."""
    _send(
        case,
        [Recipient(account_id=member.account_id) for member in members],
        subject=f"评标报告待签署：{case.title}",
        body=f"第 {report.number} 次报告已经形成，摘要 {report.digest}。请阅读后签署；不同意的，请书面说明理由。",
        kind="evaluation.report_to_sign",
        now=now,
    )


def report_submitted(case: Case, *, now: datetime) -> None:
    """Tell the tenderer's side that the report is there; its content stays inside."""
    _send(
        case,
        _tenderer(case),
        subject=f"评标报告已提交：{case.title}",
        body="评标委员会已提交评标报告。请登录平台接收，并依法公示中标候选人。",
        kind="evaluation.report_submitted",
        now=now,
    )


def _tenderer(case: Case) -> list[Recipient]:
    codes = dict.fromkeys([case.tenderer_code, case.agency_code])
    return [Recipient(organisation_code=code) for code in codes if code]


def _send(
    case: Case, recipients: list[Recipient], *, subject: str, body: str, kind: str, now: datetime
) -> None:
    messages.send(
        recipients=recipients,
        subject=subject,
        body=body,
        kind=kind,
        now=now,
        case_code=case.code,
        # Persons are members: who they are is secret until the award.
        is_secret=any(one.account_id for one in recipients),
    )

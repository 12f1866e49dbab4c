"""Tells bidders and the supervisor what concerns them, each in an own inbox (W-31, W-32, T-12)."""

from collections.abc import Sequence
from datetime import datetime

from gongheng.kernel.clock import to_minute
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.award import queries
from gongheng.trading.award.kinds import LetterKind
from gongheng.trading.award.models import Bulletin, Letter, SupervisorReport
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries as opening


def of_candidates(bulletin: Bulletin, *, now: datetime) -> None:
    """Tell everybody whose bid was opened that candidates are on view, and until when."""
    case = bulletin.case
    recipients = [Recipient(organisation_code=row.bidder_code) for row in opening.opened(case.code)]
    if not recipients or bulletin.ends_at is None:
        return
    ends_at = to_minute(bulletin.ends_at)
    messages.send(
        recipients=recipients,
        subject=f"{case.title}：中标候选人公示",
        body=f"{case.title}（{case.code}）的中标候选人已经公示，{ends_at} 期满。对评标结果有异议的，"
        "请在公示期内通过本平台提出。",
        kind="award.candidates",
        now=now,
        case_code=case.code,
    )


def of_award(letters: Sequence[Letter], *, case: Case, now: datetime) -> None:
    """Tell the winner of its letter and all others of the result, each apart."""
    for letter in letters:
        label = LetterKind(letter.kind).label
        messages.send(
            recipients=[Recipient(organisation_code=letter.bidder_code)],
            subject=f"{case.title}：{label}",
            body=f"{letter.bidder_name}：{case.title}（{case.code}）的{label}（{letter.number}）已经发出，"
            "请在业务工作台查收。",
            kind="award.letter",
            now=now,
            case_code=case.code,
        )


def of_report(report: SupervisorReport, *, now: datetime) -> None:
    """Tell the people of the tender's supervisor that its written report is there."""
    case = report.case
    people = queries.supervisors_of(case, now=now)
    if not people:
        return
    messages.send(
        recipients=[Recipient(account_id=account) for account in sorted(people)],
        subject=f"{case.title}：招标投标情况书面报告",
        body=f"招标人依照《招标投标法》第四十七条提交了{case.title}（{case.code}）的招标投标情况书面报告"
        f"（{report.number}），请在业务工作台查收。",
        kind="award.report",
        now=now,
        case_code=case.code,
    )

"""Letters of invitation: to whom they go, who is told, and when everybody may read them (W-02)."""

from collections.abc import Sequence
from datetime import datetime

from gongheng.data.records.models import Version
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.trading.cases import bidders
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import queries as invitations
from gongheng.trading.invitations.models import Invitee
from gongheng.trading.notices import queries, reports, rules
from gongheng.trading.notices.content import written
from gongheng.trading.notices.kinds import INVITED
from gongheng.trading.notices.models import Announcement, Notice
from gongheng.trading.projects.models import Lot


def stated(case: Case, *, now: datetime) -> dict[str, int]:
    """Return the fact of how many a case invites; nothing for a notice to everybody."""
    lot = Lot.objects.select_related("tender_project").get(code=case.code)
    if not lot.tender_project.is_by_invitation:
        return {}
    return {INVITED: invitations.counted(case, on=case.terms_on or day_of(now))}


def invitees_of(cases: Sequence[Case]) -> list[Invitee]:
    """Return whom one letter names: its lots all invite the same. Raises ``Refusal``."""
    of_lots = [list(invitations.invitees_of(case)) for case in cases]
    rules.require_same_invitees([frozenset(one.code for one in found) for found in of_lots])
    return of_lots[0] if of_lots else []


def tell(notice: Notice, cases: Sequence[Case], *, subject: str, now: datetime) -> None:
    """Tell each invited firm in its own inbox; nobody learns who else is told."""
    if invited := invitees_of(cases):
        _tell_invited(invited, notice, cases, subject=subject, now=now)


def tell_change(
    notice: Notice, cases: Sequence[Case], *, subject: str, body: str, now: datetime
) -> None:
    """Tell whoever must know of a change: the invited, of a notice to everybody who has a bid in.

    The caller learns neither how many they are nor who (A-01).
    """
    if invited := invitees_of(cases):
        _tell_invited(invited, notice, cases, subject=subject, now=now)
    else:
        title = f"{notice.title}：{subject}"
        bidders.tell(cases, subject=title, body=body, kind="notice.changed", now=now)


def tell_announcement(made: Announcement, case: Case, *, now: datetime) -> None:
    """Tell of a stop, of going on, of failure or end: who has a bid in, till the closing the invited."""
    kind, body = f"notice.{made.kind}", _said(made)
    is_closed = case.steps.filter(step=queries.BIDDING).exists()
    if invited := [] if is_closed else invitees_of([case]):
        messages.send(
            recipients=[Recipient(organisation_code=one.code) for one in invited],
            subject=made.title,
            body=body,
            kind=kind,
            now=now,
            case_code=case.code,
            is_secret=True,
        )
        return
    bidders.tell([case], subject=made.title, body=body, kind=kind, now=now)


def _said(made: Announcement) -> str:
    due = f"恢复后的投标截止和开标时间：{written(made.bids_due_at)}。" if made.bids_due_at else ""
    lines = [
        f"{made.lot.name}（{made.lot.code}）{made.kind_label}：{made.statement}",
        due,
        made.duties,
    ]
    return "\n".join(filter(None, lines))


def _tell_invited(
    invited: Sequence[Invitee],
    notice: Notice,
    cases: Sequence[Case],
    *,
    subject: str,
    now: datetime,
) -> None:
    messages.send(
        recipients=[Recipient(organisation_code=one.code) for one in invited],
        subject=f"{notice.title}：{subject}",
        body=f"贵单位被邀请参加{notice.tender_project.name}的投标。请在“我的投标”中查看投标邀请书、"
        "招标文件和截止时间。投标截止前请勿向他人透露被邀请的情况。",
        kind="invitation.sent",
        now=now,
        case_code=cases[0].code,
        is_secret=True,
    )


def disclose(case: Case, *, now: datetime) -> list[Version]:
    """Make the letters of a lot known with its opening record: until then they are secret."""
    notice = queries.notice_of_round(case)
    if notice is None or not notice.tender_project.is_by_invitation:
        return []
    lot = Lot.objects.select_related("tender_project").get(code=case.code)
    return reports.letters_disclosed(notice, lot, invitees_of([case]), now=now)

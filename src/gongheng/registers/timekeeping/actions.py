"""Looks at the time servers, keeps what they said, and tells officers of a change."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongheng.kernel.clock import machine_now
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.timekeeping import queries, rules, sntp
from gongheng.registers.timekeeping.models import TimeCheck
from gongheng.trust.identity import audit, queries as people
from gongheng.trust.identity.actors import system_of
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now

KEPT = timedelta(days=90)
_SAID = {
    rules.State.GOOD: "服务器时钟已恢复与国家授时一致。",
    rules.State.OFF: "截止时间、回执时间都以服务器时钟为准。请立即检查授时服务（如 chrony），修复前不要手工拨动时钟。",
    rules.State.DISAGREE: "各时间源的应答互相矛盾，不能判断服务器时钟是否准确。请检查 node.toml 的 [time] 和网络。",
    rules.State.UNKNOWN: "一小时内没有时间源给出可用的应答，服务器时钟是否准确无从得知。请检查网络和 node.toml 的 [time]。",
}


def look() -> None:
    """Ask every server that the node names, and keep what they said (T-10).

    A node whose legal time is a demonstration's has nothing to compare.
    """
    servers = settings.NODE.time_servers
    if not servers or settings.NODE.clock_path is not None:
        return
    keep([sntp.ask(server) for server in servers], now=machine_now())


@transaction.atomic
def keep(answers: list[sntp.Answer], *, now: datetime) -> TimeCheck:
    """Keep the answers with what follows from them; ``now`` is machine time."""
    finding = rules.judge(answers)
    is_told = rules.to_tell(
        finding.state, said=queries.said(), known_at=queries.last_known_at() or now, now=now
    )
    row = TimeCheck.objects.create(
        region_code=settings.NODE.region_code,
        checked_at=now,
        state=finding.state,
        ahead_us=_microseconds(finding.ahead),
        answers=[
            {
                "server": each.server,
                "ahead_us": _microseconds(each.ahead),
                "delay_us": _microseconds(each.delay),
                "fault": each.fault,
            }
            for each in answers
        ],
        is_told=is_told,
    )
    if is_told:
        _tell(row, finding, now=legal_now())
    TimeCheck.objects.filter(checked_at__lt=now - KEPT, is_told=False).delete()
    return row


def _microseconds(span: timedelta | None) -> int | None:
    return None if span is None else span // timedelta(microseconds=1)


def _tell(row: TimeCheck, finding: rules.Finding, *, now: datetime) -> None:
    region, found = row.region_code, finding.state
    recipients = [
        Recipient(account_id=one)
        for role in (Role.OPERATOR, Role.AUDITOR)
        for one in people.acting_over(region, role=role, now=now).values_list("pk", flat=True)
    ]
    if recipients:
        messages.send(
            recipients=recipients,
            subject=f"平台时间：{finding.said}",
            body=_SAID[found],
            kind="time.state",
            now=now,
        )
    audit.record(
        actor=system_of(region),
        deed="time.compared",
        object_id=row.pk,
        now=now,
        reason=finding.said,
    )

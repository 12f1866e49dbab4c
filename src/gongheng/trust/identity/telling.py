"""Whom to tell that a right was given or ended; the message centre above gives the way."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gongheng.kernel.clock import to_minute
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

Way = Callable[..., object]
"""``way(account_id=..., subject=..., body=..., now=...)``: put a message into a person's inbox."""

_ways: list[Way] = []


def provides_way(way: Way) -> Way:
    """Enter how messages reach an account (decorator)."""
    _ways.append(way)
    return way


def role_granted(account: Account, role: Role, *, ends_at: datetime | None, now: datetime) -> None:
    """Tell a person of a new right and its end."""
    until = f"，有效至 {to_minute(ends_at)}（不含）" if ends_at else ""
    _tell(
        account.pk,
        subject=f"已授予您“{role.label}”角色",
        body=f"您的账号 {account.username} 已获得“{role.label}”角色{until}。如与工作不符，请联系安全管理员。",
        now=now,
    )


def role_ended(account: Account, role: Role, *, why: str, now: datetime) -> None:
    """Tell a person that a right has ended, and why."""
    _tell(
        account.pk,
        subject=f"您的“{role.label}”角色已终止",
        body=f"您的账号 {account.username} 自即刻起不再有“{role.label}”角色：{why}。如有疑问，请联系安全管理员。",
        now=now,
    )


def _tell(account_id: UUID, *, subject: str, body: str, now: datetime) -> None:
    for way in _ways:
        way(account_id=account_id, subject=subject, body=body, now=now)

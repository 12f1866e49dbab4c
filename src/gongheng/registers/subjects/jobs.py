"""A city's loop to the keeper of the register: sends what waits, learns what was decided."""

from collections.abc import Callable
from datetime import datetime, timedelta

from gongheng.data.exchange.stations import Peer, own_code
from gongheng.kernel.clock import machine_now
from gongheng.registers import home
from gongheng.registers.subjects import keeping, queries
from gongheng.registers.subjects.models import Application, Subject, SubjectKey
from gongheng.trust.identity import queries as accounts
from gongheng.trust.identity.kinds import Role
from gongheng.web import outgoing
from gongheng.web.clock import legal_now

AT_ONCE = 20
REFRESHED_AFTER = timedelta(minutes=10)
"""Machine time after which a copy is compared with the register again."""

_client = outgoing.client(home.TIMEOUT)
_line = home.Line()


def exchange() -> bool:
    """Do what waits for the keeper; tell whether more is left. A keeper that is away waits."""
    at, is_more = _line.keeper(), False
    if at is not None:
        with _line.trying():
            _send(at)
            _follow(at)
            is_more = _refresh(at)
    return is_more


def _send(at: Peer) -> None:
    waiting = Application.objects.filter(origin=own_code(), sent_at=None, state__in=queries.OPEN)
    for application in waiting.order_by("submitted_at")[:AT_ONCE]:
        keeping.deliver(_client, application, keeper=at, now=legal_now())
    keys = SubjectKey.objects.filter(confirmed_at=None, ends_at=None).select_related("subject")
    for key in keys.order_by("starts_at")[:AT_ONCE]:
        keeping.send_key(_client, key, keeper=at, now=legal_now())


def _follow(at: Peer) -> None:
    own = Application.objects.filter(origin=own_code(), state__in=queries.OPEN)
    for application in own.filter(sent_at__isnull=False).order_by("submitted_at"):
        keeping.follow(_client, application, keeper=at, now=legal_now())


def _refresh(at: Peer) -> bool:
    """Fetch who acts here and is not known yet, then who was not compared for long."""
    acting = accounts.organisations_acting([Role.BIDDER, Role.CLERK])
    known = set(Subject.objects.filter(code__in=acting).values_list("code", flat=True))
    soon = machine_now() - REFRESHED_AFTER
    fetched = [code for code in acting if code not in known and _nobody.get(code, soon) <= soon]
    for code in fetched[:AT_ONCE]:
        if keeping.fetch(_client, code, keeper=at) is None:
            _nobody[code] = machine_now()
    old = Subject.objects.filter(learnt_at__lt=machine_now() - REFRESHED_AFTER)
    for code in old.order_by("learnt_at").values_list("code", flat=True)[:AT_ONCE]:
        keeping.fetch(_client, code, keeper=at)
    return len(fetched) > AT_ONCE


_nobody: dict[str, datetime] = {}
"""Codes of accounts that the register did not know, and when it was asked last."""

LOOPS: list[tuple[str, float, Callable[[], object]]] = [("registers", 1, exchange)]
"""Name, seconds between two looks unless more is left, step."""

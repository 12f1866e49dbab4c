"""A person with a file, as far as a test needs it to have come."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from gongheng.data.exchange import stations
from gongheng.data.standard import samples
from gongheng.data.validations import actions
from gongheng.data.validations.models import Job
from gongheng.kernel.clock import BEIJING
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)


def person(name: str) -> Account:
    """Open the account of an operator."""
    return identity.create_account(
        username=name,
        password="Jiaoyan-2026-mima",
        display_name="运维员",
        organisation_code="12530100MB1X000028",
        organisation_name="某市公共资源交易中心",
        region_code="530100",
        roles=[Role.OPERATOR],
        now=NOW,
    )


def actor(account: Account) -> Actor:
    return acting(account, now=NOW, address="192.0.2.1")


def table(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def projects(**changes: str) -> bytes:
    """Return a file of two projects, the second with changes."""
    right = samples.valid("PROJECT")
    return table(right, right | {"PROJECT_CODE": "E5301000001000000000"} | changes)


def submitted(who: Actor, content: bytes = b"x", name: str = "PROJECT.csv") -> Job:
    return actions.submit(actions.Handed(name=name, chunks=[content]), actor=who, now=NOW)


def as_child() -> Any:
    """Return this node as a child of itself: so both ends of a line are real, in one process."""
    [parent, *_] = settings.NODE.peers
    return replace(
        parent,
        code=settings.NODE.code,
        name="本节点（测试）",
        tier="city",
        url="http://127.0.0.1:9",
        public_key=stations.own_key().public.to_hex(),
        direction="child",
    )

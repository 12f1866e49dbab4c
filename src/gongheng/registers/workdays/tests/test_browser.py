"""The calendar and its notices in a real browser: no fault at both widths."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.registers.workdays import actions
from gongheng.registers.workdays.tests.test_workdays import ASKED, NOW, account
from gongheng.trust.identity.actors import acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def _session(who: Account, address: str) -> dict[str, Any]:
    client = Client()
    client.force_login(who)
    return session_of(client, address)


def test_every_page_is_without_fault(live_server: Any, settings: Any) -> None:
    address = live_server.url
    settings.NODE = replace(settings.NODE, peers=())
    operator = account("operator", Role.OPERATOR)
    administrator = account("administrator", Role.ADMINISTRATOR)

    with visitor() as look:
        look.at(f"{address}/calendar/?year=2026", name="calendar")
    with visitor(_session(operator, address)) as look:
        look.at(f"{address}/calendar/load/", name="calendar-load")
    actions.load(**ASKED, actor=acting(operator, now=NOW), now=NOW)
    with visitor(_session(administrator, address)) as look:
        look.at(f"{address}/calendar/?year=2027", name="calendar-confirm")

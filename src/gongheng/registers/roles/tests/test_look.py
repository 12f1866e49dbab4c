"""The pages of the role templates in a real browser: no fault at both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.registers.roles.tests.test_roles import NOW, account, actor, changed
from gongheng.trust.identity import role_deciding
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


def test_every_page_is_without_fault(live_server: Any) -> None:
    address = live_server.url
    security = account("security", Role.SECURITY)
    administrator = account("administrator", Role.ADMINISTRATOR)
    holder = account("holder", Role.OPERATOR)

    with visitor(_session(security, address)) as look:
        look.at(f"{address}/roles/propose/", name="roles-propose")
        look.at(f"{address}/accounts/{holder.pk}/", name="account")
    role_deciding.propose(
        templates=changed(is_offered=False),
        words="平台运维改由省级统一承担，依据省公共资源交易管理办法。",
        actor=actor(security),
        now=NOW,
    )
    with visitor(_session(administrator, address)) as look:
        look.at(f"{address}/roles/", name="roles-confirm")
        look.at(f"{address}/accounts/", name="accounts")

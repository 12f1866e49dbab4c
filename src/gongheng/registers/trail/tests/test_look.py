"""The auditor's page in a real browser: what a deed changed is read at both widths."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from gongheng.registers.workdays.tests.test_workdays import account
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import acting
from gongheng.trust.identity.kinds import Role
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_the_trail_is_without_fault(live_server: Any) -> None:
    auditor, other = account("auditor", Role.AUDITOR), account("officer", Role.OFFICER)
    who = acting(auditor, now=NOW, address="192.0.2.7", device="0" * 32)
    with transaction.atomic():
        other.display_name = "王芳"
        other.save()
        audit.record(
            actor=who,
            deed="account.opened",
            object_id=other.pk,
            public_key="04" * 65,
            now=NOW,
        )
    client = Client()
    client.force_login(auditor)

    with visitor(session_of(client, live_server.url)) as look:
        look.at(f"{live_server.url}/audit/?deed=account.", name="trail")
        with look.opened(f"{live_server.url}/audit/?deed=account.", width=390) as (page, told):
            page.get_by_text("改变的数据（").first.click()
            assert page.get_by_text("变更前").first.is_visible()
            assert told == []

"""Asking for longer validity and replying, in a real browser: no fault at both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.trading.award.tests.support import viewed
from gongheng.trading.award.tests.test_validity import firm, in_life
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trading.validity import actions
from gongheng.trust.identity.models import Account
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def _session(account_id: Any, address: str) -> dict[str, Any]:
    client = Client()
    client.force_login(Account.objects.get(pk=account_id))
    return session_of(client, address)


def test_every_page_is_without_fault(live_server: Any) -> None:
    address, course = live_server.url, viewed()
    clerk = session_of(browser(person("desk")), address)
    with visitor(clerk) as look:
        look.at(f"{address}/cases/{course.case.pk}/validity/", name="validity-ask")
    extension, one = in_life(course), firm(course.ranked[0])
    own = _session(one.account_id, address)
    with visitor(own) as look:
        look.at(f"{address}/bidding/{course.case.pk}/validity/", name="validity-reply")
    actions.reply(extension_id=extension.pk, consents=True, actor=one, now=course.now)
    with visitor(clerk) as look:
        look.at(f"{address}/cases/{course.case.pk}/validity/", name="validity-replies")
        look.at(f"{address}/cases/{course.case.pk}/?tab=validity", name="validity-tab")

"""The inbox and the demonstration's clock in a real browser: no fault at both widths."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.clock import FileClock
from gongheng.registers.messages import contacts, queries
from gongheng.registers.messages.kinds import Channel, Recipient
from gongheng.registers.messages.models import Contact
from gongheng.registers.messages.tests.smtp import Server
from gongheng.registers.messages.tests.test_contacts import confirmed
from gongheng.registers.messages.tests.test_messages import NOW, account, actor, browser, sent
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_every_page_is_without_fault(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.GONGHENG_CLOCK = FileClock(tmp_path / "clock.json")
    settings.GONGHENG_CLOCK.begin()
    settings.NODE = replace(settings.NODE, is_demo=True)
    sun, newcomer = account("sun"), account("he", "91440300MA5F000015")
    for number in range(3):
        sent(Recipient(account_id=sun.pk), subject=f"招标文件有修改（第{number + 1}次）")
    delivery = queries.inbox_of(actor(sun)).latest("pk")
    address = live_server.url

    with visitor(session_of(browser(sun), address)) as look:
        look.at(f"{address}/messages/{delivery.pk}/", name="message")
        look.at(f"{address}/messages/", name="inbox")
        with look.opened(f"{address}/messages/", width=390) as (page, _):
            page.locator(".rehearsal summary").click()
            page.get_by_label("或快进到").fill("2026-11-20")
            page.get_by_role("button", name="这一天 09:00").click()
            assert page.get_by_text("演示时间已快进到 2026-11-20 09:00").is_visible()
    with visitor(session_of(browser(newcomer), address)) as look:
        look.at(f"{address}/messages/", name="inbox-empty")
    with visitor() as look:
        look.at(f"{address}/", name="clock-visitor")


def test_the_own_addresses_are_without_fault(
    live_server: Any, settings: Any, tmp_path: Path, server: Server
) -> None:
    settings.NODE = replace(settings.NODE, is_demo=True, state_dir=tmp_path)
    sun, newcomer = account("sun"), account("he", "91440300MA5F000015")
    confirmed(sun, server, "sunjianguo.longer.than.most@building.example.cn")
    Contact.objects.create(
        account=sun,
        region_code="530100",
        channel="sms",
        address="13987651234",
        confirmed_at=NOW,
        refused_at=NOW,
        refusal="空号",
    )
    contacts.ask(channel=Channel.EMAIL, text="new@example.cn", actor=actor(sun), now=NOW)
    address = live_server.url

    with visitor(session_of(browser(sun), address)) as look:
        look.at(f"{address}/me/", name="own-contacts")
        look.at(f"{address}/me/contacts/email/", name="contact-address")
        look.at(f"{address}/me/contacts/email/confirm/", name="contact-code")
    with visitor(session_of(browser(newcomer), address)) as look:
        look.at(f"{address}/me/", name="own-contacts-empty")
        look.at(f"{address}/me/contacts/sms/confirm/", name="contact-no-code")

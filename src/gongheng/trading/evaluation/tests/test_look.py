"""The pages of an evaluation in a real browser: no fault at both widths; the script saves alone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.trading.evaluation import actions
from gongheng.trading.evaluation.models import Assessment, Request
from gongheng.trading.evaluation.tests.support import (
    FIRMS,
    PARTNER,
    TECHNICAL,
    A,
    C,
    consortium,
    drawn_up,
    reviewed,
    sitting,
)
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, Grant
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import CLERK, NOW

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
    pytest.mark.django_db(transaction=True),
]


def _clerk() -> Client:
    account = Account.objects.get(pk=CLERK.account_id)
    Grant.objects.create(
        account=account, role=Role.CLERK, region_code=account.region_code, starts_at=NOW
    )
    return browser(account)


def _look(client: Client, host: str, **pages: str) -> None:
    """Look at pages in a browser of their own: between them a test does deeds in the database."""
    with visitor(session_of(client, host)) as look:
        for name, address in pages.items():
            look.at(host + address, name=name.replace("_", "-"))


def test_every_page_of_an_evaluation_is_without_fault(
    live_server: Any, standing_clock: Any
) -> None:
    room = sitting()
    standing_clock.at = room.now + timedelta(minutes=1)
    host, case = live_server.url, room.case.pk
    home, chair = f"/evaluation/{case}/", browser(room.accounts[0])
    firm = browser(person("firm", role=Role.BIDDER, organisation_code=C))

    _look(_clerk(), host, form=f"/cases/{case}/form_committee/")
    room.form()
    _look(chair, host, home="/evaluation/", declaration=home)
    for member in room.members:
        actions.declare(**room.by(member), avoids=False, reason="")
    _look(chair, host, room_chair_vote=home)
    for member in room.members[:3]:
        actions.vote(**room.by(member), seat=1)
    for firm_code in FIRMS:
        consortium(firm_code, PARTNER)
    _look(chair, host, room_leads=home, bid_review=f"{home}bids/1/", requests=f"{home}requests/")
    room.passed(*FIRMS)
    actions.close_review(**room.by(room.chair))
    room.mark(room.chair, A, TECHNICAL, "42")
    _look(
        chair,
        host,
        room_scoring=home,
        bid_scoring=f"{home}bids/1/",
        report_none=f"{home}report/",
    )
    question = "请说明第十二页载明的工期与投标函是否一致。"
    asked = actions.ask(**room.by(room.chair), bidder_code=C, question=question)
    clarifications = "/bidding/clarifications/"
    _look(firm, host, asked=clarifications, answer=f"{clarifications}{asked.pk}/")


def test_report_and_receipt_are_without_fault(live_server: Any, standing_clock: Any) -> None:
    room, report = drawn_up()
    standing_clock.at = room.now
    host, case = live_server.url, room.case.pk
    home, chair = f"/evaluation/{case}/", browser(room.accounts[0])
    conclude = f"/cases/{case}/evaluate/"

    _look(chair, host, report=f"{home}report/", conclude_early=conclude)
    for member in room.members:
        room.sign(member, report)
    _look(chair, host, conclude=conclude)
    actions.submit(**room.by(room.chair))
    _look(chair, host, report_submitted=f"{home}report/")
    _look(
        _clerk(),
        host,
        receive=f"/cases/{case}/receive_report/",
        committee=f"/cases/{case}/form_committee/",
    )


def test_the_script_saves_each_change_and_two_windows_lose_nothing(
    live_server: Any, standing_clock: Any
) -> None:
    room = reviewed()
    standing_clock.at = room.now
    address = f"{live_server.url}/evaluation/{room.case.pk}/bids/1/"
    field = f"#{TECHNICAL}-points"

    with (
        visitor(session_of(browser(room.accounts[0]), live_server.url)) as look,
        look.opened(address, width=1366) as (first, told),
        look.opened(address, width=390) as (second, _),
    ):
        row = first.locator(f"[data-row='{TECHNICAL}']")
        first.locator(field).press_sequentially("41.5")
        first.keyboard.press("Tab")
        row.get_by_text("已保存").wait_for()
        first.locator(field).fill("99")
        first.keyboard.press("Tab")
        row.get_by_text("评分超出").wait_for()
        first.locator(field).fill("42")
        first.keyboard.press("Tab")
        row.get_by_text("已保存").wait_for()

        other = second.locator(f"[data-row='{TECHNICAL}']")
        second.locator(field).fill("30")
        second.locator(field).blur()
        other.get_by_text("42 分").wait_for()

        assert second.locator(field).input_value() == "30"
        assert first.locator("iframe").get_attribute("src")
        assert not [line for line in told if "422" not in line]

    assert str(Assessment.objects.get(criterion=TECHNICAL).value) == "42.00"
    assert not Request.objects.exists()

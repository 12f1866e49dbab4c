"""The pages of early looks, as supervisors, the auditor and everybody else meet them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongheng.trading.emergency import rules
from gongheng.trading.emergency.models import Look, Request
from gongheng.trading.emergency.tests.support import (
    AUDITOR,
    SECOND,
    approved,
    asked,
    client_of,
    open_staff,
)
from gongheng.trading.evaluation.tests.support import declared
from gongheng.trust.identity.models import AuditEntry
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import CLERK, SUPERVISOR, case_at

pytestmark = pytest.mark.django_db


def form(**changes: Any) -> dict[str, Any]:
    stated = {
        "item": "committee",
        "ground": "court",
        "document": "（2026）云01刑初9号",
        "reason": "案件审理需要，证据可能灭失。",
        "hours": "24",
        "paper": SimpleUploadedFile("调取文书.pdf", b"%PDF-1.4 order"),
    }
    return stated | changes


def test_ask_approve_and_look_without_scripts() -> None:
    case = case_at("close_bids").fresh()
    open_staff()
    first, second, auditor = (client_of(who) for who in (SUPERVISOR, SECOND, AUDITOR))

    lacking = first.post(f"/cases/{case.pk}/emergency/", form(document="", paper=""))
    asked_for = first.post(f"/cases/{case.pk}/emergency/", form())
    request = Request.objects.get()
    own = f"/emergency/{request.pk}/"
    task = second.get("/desk/").content.decode()
    to_decide = second.get(own).content.decode()
    alone = first.post(f"{own}decide/", {"verdict": "approve"})
    second.post(f"{own}decide/", {"verdict": "approve"})
    shown = first.post(f"{own}look/")
    record = auditor.get(own).content.decode()

    assert lacking.status_code == 422
    assert "案件审理需要" in lacking.content.decode()
    assert asked_for["Location"] == "/emergency/"
    assert "审批应急查阅" in task
    assert "提交意见" in to_decide
    assert alone.status_code == 422
    assert rules.SAME_PERSON.message in alone.content.decode()
    assert "现在名单为空" in shown.content.decode()
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "查阅一次" not in record
    assert "wu" in record
    assert Look.objects.count() == 1
    assert auditor.get(f"{own}paper/").status_code == 200
    assert AuditEntry.objects.filter(deed="emergency.read", account=AUDITOR.account_id).count() == 2


def test_each_page_says_that_bids_cannot_be_opened() -> None:
    case = case_at("close_bids").fresh()
    open_staff()
    client = client_of(SUPERVISOR)

    for address in (
        "/emergency/",
        f"/cases/{case.pk}/emergency/",
        f"/cases/{case.pk}/?tab=emergency",
    ):
        assert "投标文件不能应急查阅" in client.get(address).content.decode()


def test_no_page_shows_a_list_without_a_look() -> None:
    sitting = declared()
    open_staff()
    request = approved(sitting.walk.fresh(), item="committee")
    client = client_of(SUPERVISOR)

    for address in ("/emergency/", f"/emergency/{request.pk}/", "/messages/"):
        assert "专家1" not in client.get(address).content.decode()
    assert client.get(f"/emergency/{request.pk}/look/").status_code == 405
    assert "专家1" in client.post(f"/emergency/{request.pk}/look/").content.decode()


def test_the_case_page_of_a_clerk_has_no_such_tab() -> None:
    case = case_at("close_bids").fresh()
    open_staff()
    asked(case)

    assert "应急查阅" not in client_of(CLERK).get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_every_page_is_without_fault(live_server: Any) -> None:
    sitting = declared()
    open_staff()
    case = sitting.walk.fresh()
    request = approved(case, item="committee")
    address = live_server.url

    with visitor(session_of(client_of(SUPERVISOR), address)) as look:
        look.at(f"{address}/cases/{case.pk}/emergency/", name="emergency-ask")
        look.at(f"{address}/emergency/{request.pk}/", name="emergency-approved")
        with look.opened(f"{address}/emergency/{request.pk}/", width=390) as (page, _):
            page.get_by_role("button", name="查阅一次").click()
            assert "专家1" in page.content()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        look.at(f"{address}/emergency/", name="emergency-list")
        look.at(f"{address}/cases/{case.pk}/?tab=emergency", name="emergency-panel")
    with visitor(session_of(client_of(AUDITOR), address)) as look:
        look.at(f"{address}/emergency/{request.pk}/", name="emergency-auditor")

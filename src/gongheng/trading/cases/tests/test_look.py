"""The workbench, the case and the second look in a real browser: no fault at both widths."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.standard import samples
from gongheng.trading.cases import actions, directives, gate
from gongheng.trading.cases.tests.support import SetClock, browser
from gongheng.trust.identity.actors import Actor
from tests.browser import CHROMIUM, session_of, visitor
from tests.engine import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    NOW,
    OFFICER,
    SUPERVISOR,
    at,
    begun,
    plainly_advanced,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def session(who: Actor, address: str) -> dict[str, Any]:
    return session_of(browser(who), address)


@pytest.fixture
def proposal(clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Any:
    assert clock.at == NOW
    code = "TENDER_CANDIDATE_ANNOUNCE"
    passage = gate.Passage(
        title="龙泉路道路提升改造工程施工招标计划",
        records=((code, samples.valid(code)),),
        facts=(("联系人", "王芳 13987651234"), ("计划招标时间", "2026年11月")),
    )
    deed = gate.GatedDeed(lambda *_: passage, plainly_advanced)
    walk = at("publish_plan", code="E5301000001000001003001")
    monkeypatch.setitem(gate._provided, "publish_plan", deed)
    return actions.propose(case_id=walk.case.pk, step="publish_plan", actor=CLERK, now=NOW)


def test_every_page_is_without_fault(live_server: Any, clock: SetClock, proposal: Any) -> None:
    walk = at("close_bids")
    walk.do("object_documents", document="异〔2026〕1号")
    done = at("archive", code="E5301000001000001002001")
    held = at("close_bids", code="E5301000001000001005001")
    directives.place(
        case_id=held.case.pk, document="监停〔2026〕7号", cause="核查", actor=SUPERVISOR, now=NOW
    )
    begun(code="E5301000001000001004001")
    clock.at = NOW + timedelta(days=9)
    pages = {
        "bench-clerk": (CLERK, "/desk/", 200),
        "bench-colleague": (COLLEAGUE, "/desk/", 200),
        "bench-officer": (OFFICER, "/desk/", 200),
        "bench-bidder": (BIDDER, "/desk/", 200),
        "case-held": (CLERK, f"/cases/{walk.case.pk}/", 200),
        "case-long": (CLERK, f"/cases/{done.case.pk}/", 200),
        "case-bidder": (BIDDER, f"/cases/{walk.case.pk}/", 200),
        "case-picture": (CLERK, f"/cases/{walk.case.pk}/?tab=procedure", 200),
        "procedures": (CLERK, "/procedures/", 200),
        "procedure": (CLERK, "/procedures/works_open/", 200),
        "case-hold": (SUPERVISOR, f"/cases/{held.case.pk}/hold/", 200),
        "cases": (CLERK, "/cases/", 200),
        "cases-none": (CLERK, "/cases/?word=none", 200),
        "second-look": (COLLEAGUE, f"/cases/proposals/{proposal.pk}/", 200),
        "second-own": (CLERK, f"/cases/proposals/{proposal.pk}/", 200),
    }

    for name, (who, address, status) in pages.items():
        with visitor(session(who, live_server.url)) as look:
            look.at(live_server.url + address, name=name, status=status)


def test_a_second_person_decides_without_scripts(live_server: Any, proposal: Any) -> None:
    address = f"{live_server.url}/desk/"
    with (
        visitor(session(COLLEAGUE, live_server.url)) as look,
        look.opened(address, width=390, scripts=False) as (page, _),
    ):
        page.get_by_role("link", name="复核：发布招标计划").click()
        page.get_by_label("同意公开、执行").check()
        page.get_by_role("button", name="提交复核结论").click()
        assert page.get_by_text("没有填写说明").first.is_visible()
        page.get_by_label("复核意见").fill("依法公开的联系方式")
        page.get_by_role("button", name="提交复核结论").click()
        assert page.get_by_text("已复核通过并执行").is_visible()

    proposal.refresh_from_db()
    assert proposal.settled_at is not None

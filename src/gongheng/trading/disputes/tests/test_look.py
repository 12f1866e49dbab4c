"""The pages of objections in a real browser, as bidder, clerk and supervisor, at both widths."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from gongheng.trading.cases import actions as cases
from gongheng.trading.disputes import actions
from gongheng.trading.disputes.kinds import AnswerFacts, Matter, ObjectionFacts, Verdict
from gongheng.trading.disputes.models import Objection
from gongheng.trading.disputes.tests.support import FACTS
from gongheng.trading.notices.tests.support import case_of, draft_of, publish
from gongheng.trading.projects.tests.support import NOW, actor, browser, lot_of, person, tender_of
from gongheng.trust.identity.kinds import Role
from tests.browser import CHROMIUM, Look, session_of, visitor
from tests.cases import WORKS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def _object(page: Page) -> None:
    """Object on an open page: with nothing, then with a file that is none, then rightly."""
    page.get_by_role("main").get_by_role("button", name="提出异议").click()
    assert page.locator(".error-summary").get_by_role("link").count() == 4
    for name, words in FACTS.items():
        page.locator(f"#id_{name}").fill(words)
    paper = {"name": "示例.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    page.locator("#id_paper").set_input_files([{**paper, "buffer": b"MZ"}])
    page.get_by_role("main").get_by_role("button", name="提出异议").click()
    assert page.locator(".error-summary").get_by_role("link").count() == 1
    page.locator("#id_paper").set_input_files([paper])
    page.get_by_role("main").get_by_role("button", name="提出异议").click()
    assert "还没有答复" in page.content()


def test_an_objection_is_raised_answered_and_read_on_pages_without_fault(live_server: Any) -> None:
    cases.adopt(WORKS, now=NOW)
    firm = person("孙经理", role=Role.BIDDER, organisation_code="91440300MA5F000007")
    account, supervisor = person("王芳"), person("周洁", role=Role.SUPERVISOR)
    who = actor(account)
    tender = tender_of(who)
    lot = lot_of(tender, who)
    publish(draft_of(tender, who), who)
    own = f"/cases/{case_of(lot).pk}"

    def look_at(look: Look, address: str, name: str) -> None:
        look.at(live_server.url + address, name=name)

    with visitor(session_of(browser(firm), live_server.url)) as look:
        look_at(look, "/bidding/objections/", "objections-none")
        look_at(look, f"{own}/object_documents/", "object-documents")
        with look.opened(f"{live_server.url}{own}/object_documents/", width=390) as (page, _):
            _object(page)
    raised = Objection.objects.get()
    for reader in (firm, account):
        answer = browser(reader).get(f"/disputes/{raised.pk}/evidence/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    with visitor(session_of(browser(account), live_server.url)) as look:
        look_at(look, f"{own}/answer_documents/", "answer-documents")
        look_at(look, f"{own}/?tab=disputes", "disputes-tab")
    late = AnswerFacts(verdict=Verdict.UPHELD, text="删除该要求。", finds_unlawful=True)
    actions.answer(objection_id=raised.pk, facts=late, actor=who, now=raised.due_at)
    second = ObjectionFacts(**(FACTS | {"claims": "再次提出"}))
    actions.raise_objection(
        case_id=raised.case_id, matter=Matter.DOCUMENTS, facts=second, actor=actor(firm), now=NOW
    )
    for who_looks, name in ((firm, "bidder"), (supervisor, "supervisor")):
        with visitor(session_of(browser(who_looks), live_server.url)) as look:
            look_at(look, f"/disputes/{raised.pk}/", f"objection-{name}")
    with visitor(session_of(browser(firm), live_server.url)) as look:
        look_at(look, "/bidding/objections/", "objections-own")

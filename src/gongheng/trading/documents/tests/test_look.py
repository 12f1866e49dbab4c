"""The pages before the notice in a real browser: no fault at both widths."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.trading.cases.models import Case
from gongheng.trading.documents import actions, content, queries
from gongheng.trading.documents.kinds import Conclusion
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.documents.tests.support import issued
from gongheng.trading.projects import intake, queries as projects
from gongheng.trading.projects.kinds import IntakeVerdict
from gongheng.trading.projects.tests.support import filing_facts
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, Grant
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import CLERK, COLLEAGUE, NOW, OFFICER, Walk, lot_case, open_accounts, walk_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


class SetClock:
    """A legal clock that stands where it was put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def _session(who: Actor, address: str) -> dict[str, Any]:
    client = Client()
    client.force_login(Account.objects.get(pk=who.account_id))
    return session_of(client, address)


def _people() -> None:
    open_accounts()
    for who in (CLERK, COLLEAGUE, OFFICER):
        for role in who.roles:
            Grant.objects.create(
                region_code=who.region_code,
                account_id=who.account_id,
                role=role,
                starts_at=NOW.replace(month=1),
            )


def _at(step: str) -> Case:
    return lot_case(step)[1].case


def _reviewed_once(case: Case) -> None:
    draft = actions.begin(case_id=case.pk, actor=CLERK, now=NOW)
    actions.attach(
        case_id=case.pk,
        name="工程量清单.pdf",
        chunks=[b"%PDF-1.7 list"],
        actor=CLERK,
        now=NOW,
    )
    TenderDocument.objects.filter(pk=draft.pk).update(requirements="国有企业优先，在本市注册。")
    actions.review(
        case_id=case.pk,
        conclusion=Conclusion.FAILED,
        reasons="限制了所有制形式。",
        exceptions="",
        revision=draft.revision + 1,
        actor=COLLEAGUE,
        now=NOW,
    )


def _amended() -> Walk:
    walk = lot_case("close_bids")[1]
    issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE)
    draft = actions.begin_amendment(case_id=walk.case.pk, actor=CLERK, now=NOW)
    facts = replace(content.facts_of(draft), duration_days=210)
    actions.save(case_id=walk.case.pk, revision=draft.revision, facts=facts, actor=CLERK, now=NOW)
    actions.amend(case_code=walk.case.code, clarification="工期延长三十天。", now=NOW)
    return walk


@pytest.mark.django_db(transaction=True)
def test_every_page_before_the_notice_is_without_fault(
    live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)
    settings.GONGHENG_CLOCK = SetClock(NOW)
    _people()
    register, returned = _at("register"), _at("register")
    _submit(returned)
    tender = projects.lot_of(returned.code).tender_project
    intake.decide(
        tender_project_id=tender.pk,
        verdict=IntakeVerdict.RETURNED,
        corrections=["补充批复附件", "更正建设地点"],
        actor=OFFICER,
        now=NOW,
    )
    accept = _at("register")
    _submit(accept)
    plan, documents, empty = _at("publish_plan"), _at("review_documents"), _at("review_documents")
    _reviewed_once(documents)
    amended = _amended()
    walked = _failed()
    pages = {
        "register": f"{register.pk}/register/",
        "register-returned": f"{returned.pk}/register/",
        "abandon": f"{register.pk}/abandon/",
        "plan": f"{plan.pk}/publish_plan/",
        "plan-closed": f"{register.pk}/publish_plan/",
        "decide-anew": f"{walked.pk}/decide_anew/",
        "documents-begin": f"{empty.pk}/review_documents/",
        "documents-desk": f"{documents.pk}/review_documents/",
        "documents-basics": f"{documents.pk}/documents/basics/",
        "documents-criteria": f"{documents.pk}/documents/criteria/",
        "documents-draft": f"{documents.pk}/documents/draft/",
        "tab-project": f"{accept.pk}/?tab=project",
        "tab-documents": f"{amended.case.pk}/?tab=documents",
    }

    with visitor(_session(CLERK, live_server.url)) as look:
        for name, path in pages.items():
            look.at(f"{live_server.url}/cases/{path}", name=name)
    with visitor(_session(COLLEAGUE, live_server.url)) as look:
        address = f"{live_server.url}/cases/{documents.pk}/review_documents/"
        look.at(address, name="documents-review")
    with visitor(_session(OFFICER, live_server.url)) as look:
        address = f"{live_server.url}/cases/{accept.pk}/accept/"
        look.at(address, name="accept")
    settings.GONGHENG_CLOCK.at = amended.now + timedelta(hours=2)
    with visitor() as look:
        address = f"{live_server.url}/documents/{amended.case.pk}/"
        look.at(address, name="documents-public")
        settings.GONGHENG_CLOCK.at = amended.now + timedelta(days=30)
        look.at(address, name="documents-closed")
    assert queries.issued(amended.case.code)


def _submit(case: Case) -> None:
    tender = projects.lot_of(case.code).tender_project
    intake.submit(tender_project_id=tender.pk, facts=filing_facts(), actor=CLERK, now=NOW)


def _failed() -> Case:
    walk = lot_case("close_bids")[1]
    walk.later(days=25)
    walk.do("close_bids", "too_few")
    walk_to(walk, "decide_anew")
    return walk.case

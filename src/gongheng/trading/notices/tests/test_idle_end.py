"""An announced tender in which nothing goes on: reminder, proposal, second officer, end (U-05, U-07).

Walked by its people in a browser, on a desk and on a phone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from gongheng.data.records.models import Act, Current
from gongheng.kernel import terms
from gongheng.registers.messages.models import Delivery
from gongheng.trading.cases import actions as cases, jobs
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.cases.tests.support import SetClock
from gongheng.trading.notices.kinds import EXCEPTIONS, Cause
from gongheng.trading.notices.models import Announcement, Notice
from gongheng.trading.notices.tests.support import (
    case_of,
    draft_of,
    officer_of,
    publish,
)
from gongheng.trading.projects.tests.support import NOW, actor, browser, lot_of, person, tender_of
from gongheng.trust.identity.actors import Actor, system_of
from gongheng.trust.identity.models import Account, AuditEntry
from tests.browser import CHROMIUM, judged_at, session_of, visitor
from tests.cases import everything_agreed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
DESK, PHONE = 1366, 390
REMINDER, END = "项目长期没有进展，请继续办理或结束", "终止闲置项目"


@dataclass
class Tender:
    """A tender whose bids were closed in time, and its people."""

    address: str
    case: Case
    notice: Notice
    clock: SetClock
    clerk: Actor
    officer: Actor
    second: Actor

    @property
    def page(self) -> str:
        """The page of the case."""
        return f"/cases/{self.case.pk}/"

    @property
    def step(self) -> str:
        """The page of the step that ends it."""
        return f"{self.page}terminate_idle/"

    def client(self, who: Actor) -> Client:
        return browser(Account.objects.get(pk=who.account_id))

    @contextmanager
    def sees(self, who: Actor, path: str, *, width: int, name: str) -> Iterator[Page]:
        """Let somebody open a page without scripts, judge it, and go on from there."""
        session = session_of(self.client(who), self.address)
        with (
            visitor(session) as look,
            look.opened(self.address + path, width=width, scripts=False) as (page, told),
        ):
            assert told == []
            assert judged_at(page, name=name, widths=(width,), scripts=False) == []
            yield page

    def looked_at(self, who: Actor, path: str, *, name: str) -> None:
        """Let every fault of a page show at both widths."""
        with visitor(session_of(self.client(who), self.address)) as look:
            look.at(self.address + path, name=name)

    def wait(self, key: str = "") -> None:
        """Let a term of U-05 pass, and the worker look."""
        term = terms.in_force("U-05", NOW.date(), key)
        self.clock.at = term.deadline(term.name, self.clock.at).ends_at
        jobs.remind()


@pytest.fixture
def tender(live_server: Any, settings: Any) -> Tender:
    settings.GONGHENG_CLOCK = clock = SetClock(NOW)
    clerk = actor(person("王芳"))
    found = tender_of(clerk, name="盘龙江截污管道工程")
    lot = lot_of(found, clerk)
    notice = publish(draft_of(found, clerk), clerk)
    case = case_of(lot)
    clock.at = notice.bids_due_at
    with everything_agreed():
        cases.advance(
            case_id=case.pk,
            step="close_bids",
            facts={"bidders": 3},
            outcome="enough",
            actor=system_of(case.region_code),
            now=clock.at,
        )
    return Tender(
        address=live_server.url,
        case=case_of(lot),
        notice=notice,
        clock=clock,
        clerk=clerk,
        officer=officer_of(clerk),
        second=officer_of(clerk, "复核"),
    )


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_two_officers_end_an_idle_tender_on_its_pages(tender: Tender, width: int) -> None:
    nobody_ends_it_early(tender)
    tender.wait()
    the_clerk_is_reminded(tender, width)
    tender.wait("close")
    one_officer_proposes(tender, width)
    another_confirms(tender, width)
    everybody_is_told(tender)


def nobody_ends_it_early(tender: Tender) -> None:
    for who in (tender.officer, tender.clerk):
        assert END not in tender.client(who).get(tender.page).content.decode()
    early = tender.client(tender.officer).post(tender.step, {"statement": "招标人撤销项目。"})
    assert "还没有到可以关闭的时间" in early.content.decode()
    assert tender.client(tender.clerk).get(tender.step).status_code == 403
    assert not Proposal.objects.filter(step="terminate_idle").exists()


def the_clerk_is_reminded(tender: Tender, width: int) -> None:
    with tender.sees(tender.clerk, "/desk/", width=width, name="idle-reminder") as page:
        assert page.get_by_text(REMINDER).first.is_visible()
    with tender.sees(tender.clerk, "/messages/", width=width, name="idle-message") as page:
        page.get_by_role("link", name="项目长期没有进展").first.click()
        assert page.get_by_text("没有进展。请继续办理").is_visible()
    assert END not in tender.client(tender.officer).get("/desk/").content.decode()


def one_officer_proposes(tender: Tender, width: int) -> None:
    with tender.sees(tender.officer, "/desk/", width=width, name="idle-desk") as page:
        page.get_by_role("link", name=END).click()
        assert judged_at(page, name="idle-form", widths=(width,), scripts=False) == []
        page.get_by_role("button", name="提交复核").click()
        assert page.get_by_text("必须填写").first.is_visible()
        assert judged_at(page, name="idle-form-wrong", widths=(width,), scripts=False) == []
        page.get_by_label("终止招标的原因").fill("经提醒后招标人仍未组织开标，项目资金已收回。")
        page.get_by_role("button", name="提交复核").click()
        assert page.get_by_text("已提交复核").is_visible()
    proposal = Proposal.objects.get(step="terminate_idle")
    own = tender.client(tender.officer).get(f"/cases/proposals/{proposal.pk}/")
    assert "提交复核结论" not in own.content.decode()


def another_confirms(tender: Tender, width: int) -> None:
    with tender.sees(tender.second, "/desk/", width=width, name="idle-second-desk") as page:
        page.get_by_role("link", name=f"复核：{END}").click()
        assert page.get_by_text("项目资金已收回").first.is_visible()
        assert judged_at(page, name="idle-second", widths=(width,), scripts=False) == []
        page.get_by_label("同意公开、执行").check()
        page.get_by_label("复核意见").fill("已核对提醒和期限。")
        page.get_by_role("button", name="提交复核结论").click()
        assert page.get_by_text("已复核通过并执行").is_visible()
        assert judged_at(page, name="idle-ended", widths=(width,), scripts=False) == []


def everybody_is_told(tender: Tender) -> None:
    case = tender.case
    case.refresh_from_db()
    assert case.awaits == "refund_terminated"
    made = Announcement.objects.get(case_id=case.pk)
    assert (made.cause, made.published_at) == (Cause.IDLE, tender.clock.at)
    [report] = Current.objects.filter(dataset=EXCEPTIONS, case_code=case.code)
    assert "招标人终止招标" not in str(report.version.body)
    assert Cause.IDLE.label in str(report.version.body)
    kinds = Act.objects.filter(case_code=case.code).values_list("kind", flat=True)
    assert {"case.idle_reminded", "case.step_done"} <= set(kinds)
    told = Delivery.objects.filter(message__kind="case.idle_closed")
    assert tender.clerk.organisation_code in told.values_list("organisation_code", flat=True)
    entry = AuditEntry.objects.get(deed="case.terminate_idle")
    assert str(case.pk) in {row for _, row, _, _ in entry.changes}
    tender.looked_at(tender.clerk, tender.page, name="idle-case-clerk")
    tender.looked_at(tender.officer, "/desk/", name="idle-desk-after")
    public = f"/dossiers/{tender.notice.tender_project.code}/"
    assert made.title in Client().get(public).content.decode()
    with visitor() as look:
        look.at(tender.address + public, name="idle-public")

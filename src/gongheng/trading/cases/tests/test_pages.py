"""The page of a case, the list of cases, and the page of the second look."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongheng.data.standard import samples
from gongheng.registers.holds import actions as holds
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.cases import actions, gate
from gongheng.trading.cases.models import Proposal, Review
from gongheng.trading.cases.tests.support import browser, join
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.models import AuditEntry
from gongheng.web import work as rooms
from tests.engine import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    EXPERT,
    NOW,
    OFFICER,
    SUPERVISOR,
    Walk,
    advance_usually,
    at,
    begun,
    person,
    plainly_advanced,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MOBILE = "13987651234"


def page(who: Any, walk: Walk, tab: str = "") -> str:
    answer = browser(who).get(f"/cases/{walk.case.pk}/", {"tab": tab} if tab else {})
    assert answer.status_code == 200
    return answer.content.decode()


class TestCase:
    """Everybody sees the case as far as it is theirs to see."""

    def test_it_says_where_the_case_stands_and_links_the_steps(self) -> None:
        walk = begun()
        walk.do("register")

        said = page(OFFICER, walk)

        assert "当前环节：项目受理" in said
        assert "现在可以办理" in said
        assert walk.case.title in said
        assert f"{CLERK.name}办理" in said
        assert "登记暂停或者解除" in page(SUPERVISOR, walk)

    def test_it_tells_the_deadline_with_its_rule(self) -> None:
        said = page(CLERK, at("sign_contract"))

        assert "《招标投标法》第四十六条" in said
        assert "24:00 止" in said

    def test_names_of_experts_and_bidders_are_never_told(self) -> None:
        walk = at("close_bids")
        walk.do("object_documents", document="异1号")
        walk.do("answer_documents", "rejected", document="异1号", answer_document="复1号")
        walk.now = NOW + timedelta(days=24)
        while walk.case.awaits != "receive_report":
            advance_usually(walk)

        said = page(CLERK, walk)

        assert "评标专家办理" in said
        assert EXPERT.name not in said
        assert "投标人办理" in said
        assert BIDDER.name not in said

    def test_a_bidder_sees_what_was_published_and_nothing_inside(self) -> None:
        walk = at("close_bids")

        said = page(BIDDER, walk)

        assert "发布招标公告" in said
        assert "项目受理" not in said
        assert CLERK.name not in said
        assert f"/case-{walk.case.code}" not in said

    @pytest.mark.parametrize("who", [BIDDER, EXPERT], ids=["bidder", "expert"])
    def test_before_the_notice_nobody_from_outside_finds_it(self, who: Any) -> None:
        walk = at("publish_notice")

        assert browser(who).get(f"/cases/{walk.case.pk}/").status_code == 404

    def test_an_expert_is_not_offered_a_committee_he_may_not_be_in(self) -> None:
        walk = at("evaluate")
        walk.do("form_committee")

        assert "现在没有由您办理的步骤" in page(EXPERT, walk)

    @pytest.mark.parametrize(
        "who",
        [
            person("x", "clerk", organisation="12530000000000000X"),
            person("y", "officer", region="530300"),
        ],
        ids=["other organisation", "other region"],
    )
    def test_strangers_do_not_find_it(self, who: Any) -> None:
        walk = at("close_bids")
        join(who)

        assert browser(who).get(f"/cases/{walk.case.pk}/").status_code == 404

    def test_a_hold_is_told(self) -> None:
        walk = at("close_bids")
        holds.place(
            code=walk.case.code,
            document="监〔2026〕7号",
            kind=HoldKind.DIRECTIVE,
            cause="核查",
            placed_by_code="11530100015100000J",
            now=NOW,
        )

        said = page(CLERK, walk)

        assert "项目已暂停" in said
        assert "监〔2026〕7号" in said

    def test_the_picture_has_its_own_tab_and_marks_the_place(self) -> None:
        walk = begun()

        said = page(CLERK, walk, tab="procedure")

        assert "<svg" in said
        assert 'class="step main here"' in said
        assert "办理流程表" in said
        assert "style=" not in said

    def test_the_rooms_bring_their_tabs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        panel = rooms.Panel(
            code="money", title="保证金", template="cases/due.html", context={"due": None}
        )

        def shown(*, case: Any, actor: Any, now: datetime) -> rooms.Panel | None:
            assert (case.code, now) == (walk.case.code, NOW)
            return panel if actor == CLERK.account_id or "clerk" in actor.roles else None

        monkeypatch.setattr(rooms, "_panels", [shown])
        walk = begun()

        assert "?tab=money" in page(CLERK, walk)
        assert 'aria-current="page">保证金' in page(CLERK, walk, tab="money")
        assert "保证金" not in page(OFFICER, walk)
        assert "已办步骤" in page(OFFICER, walk, tab="money")

    def test_a_new_round_is_linked(self) -> None:
        walk = at("close_bids")
        first = walk.case
        walk.later(days=24).do("close_bids", "too_few")
        for step in ("announce_failure", "return_bids"):
            walk.do(step)
        walk.do("decide_anew", "again")

        assert f"/cases/{first.pk}/" in page(CLERK, walk)
        walk.case = first
        assert "第 2 次招标" in page(CLERK, walk)


class TestList:
    """The list: mine or all, by state and word, page by page."""

    def listed(self, who: Any, **asked: str) -> str:
        answer = browser(who).get("/cases/", asked)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_it_is_filtered(self) -> None:
        first, second = begun(code="LOT1"), begun(code="LOT2")
        first.do("register")

        assert "LOT1" in self.listed(OFFICER)
        mine = self.listed(OFFICER, mine="1")
        assert "LOT1" in mine
        assert "LOT2" not in mine
        assert "LOT2" in self.listed(CLERK, word="lot2")
        assert "LOT1" not in self.listed(CLERK, word="LOT2")
        assert "没有符合条件的项目" in self.listed(CLERK, state="over")
        assert second.case.awaits == "register"

    def test_strange_filters_do_no_harm(self) -> None:
        begun()

        assert "第一页" in self.listed(CLERK, page="xx", state="y", word="\0%_'\"<b>")

    def test_it_has_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gongheng.trading.cases.pages.PAGE_SIZE", 2)
        for number in range(3):
            begun(code=f"LOT{number}", now=NOW + timedelta(minutes=number))

        first = self.listed(CLERK)

        assert "LOT2" in first
        assert "LOT0" not in first
        cursor = first.split('rel="next" href="?page=')[1].split('"')[0]
        assert "LOT0" in self.listed(CLERK, page=cursor)

    def test_the_number_of_questions_does_not_grow_with_the_rows(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                self.listed(CLERK)
            return len(found)

        begun(code="LOT0")
        asked()
        one = asked()
        for number in range(1, 9):
            begun(code=f"LOT{number}")

        assert asked() == one


class Publishing:
    """A room that publishes a record, whose words a test changes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        body = samples.valid("TENDER_CANDIDATE_ANNOUNCE")
        self.passage = gate.Passage(
            title="中标候选人公示",
            records=(("TENDER_CANDIDATE_ANNOUNCE", body),),
            facts=(("联系人", f"王芳 {MOBILE}"),),
        )
        deed = gate.GatedDeed(lambda *_: self.passage, plainly_advanced)
        monkeypatch.setitem(gate._provided, "publish_plan", deed)


@pytest.fixture
def publishing(monkeypatch: pytest.MonkeyPatch) -> Publishing:
    return Publishing(monkeypatch)


class TestSecondLook:
    """What the second person sees is what goes out, and one person alone gets nowhere."""

    @pytest.fixture
    def walk(self) -> Walk:
        return at("publish_plan")

    @pytest.fixture
    def proposal(self, walk: Walk, publishing: Publishing) -> Proposal:
        assert publishing.passage
        return actions.propose(case_id=walk.case.pk, step="publish_plan", actor=CLERK, now=NOW)

    def seen(self, proposal: Proposal, publishing: Publishing) -> str:
        return gate.digest(publishing.passage, [proposal])

    def test_the_page_shows_the_words_and_the_findings(self, proposal: Proposal) -> None:
        said = browser(COLLEAGUE).get(f"/cases/proposals/{proposal.pk}/").content.decode()

        assert "中标候选人公示" in said
        assert "文字中含有个人信息：手机号码" in said
        assert "139****1234" in said
        assert "提交复核结论" in said

    def test_publishing_needs_a_reason_for_what_was_found(
        self, proposal: Proposal, publishing: Publishing, walk: Walk
    ) -> None:
        colleague, address = browser(COLLEAGUE), f"/cases/proposals/{proposal.pk}/"
        typed = {"verdict": "publish", "seen": self.seen(proposal, publishing), "reason": ""}

        silent = colleague.post(address, typed)
        reasoned = colleague.post(address, typed | {"reason": "依法公开的联系方式"})

        assert silent.status_code == 422
        assert "没有填写说明" in silent.content.decode()
        assert reasoned["Location"] == f"/cases/{walk.case.pk}/"
        assert walk.fresh().awaits == "review_documents"
        assert Review.objects.get().reason == "依法公开的联系方式"

    def test_a_passage_that_changed_is_shown_anew(
        self, proposal: Proposal, publishing: Publishing, walk: Walk
    ) -> None:
        typed = {"verdict": "publish", "seen": self.seen(proposal, publishing), "reason": "可以"}
        publishing.passage = gate.Passage(title="另一份公示")

        answer = browser(COLLEAGUE).post(f"/cases/proposals/{proposal.pk}/", typed)

        said = answer.content.decode()
        assert answer.status_code == 409
        assert "内容已有变化" in said
        assert "另一份公示" in said
        assert self.seen(proposal, publishing) in said
        assert walk.fresh().awaits == "publish_plan"

    def test_the_proposer_is_shown_no_form_and_gets_nowhere(
        self, proposal: Proposal, publishing: Publishing, walk: Walk
    ) -> None:
        clerk, address = browser(CLERK), f"/cases/proposals/{proposal.pk}/"
        typed = {"verdict": "publish", "seen": self.seen(proposal, publishing), "reason": "可以"}

        said = clerk.get(address).content.decode()
        answer = clerk.post(address, typed)

        assert "提交复核结论" not in said
        assert "撤回修改" in said
        assert answer.status_code == 409
        assert "提交人不能复核自己提交的事项" in answer.content.decode()
        assert walk.fresh().awaits == "publish_plan"
        assert AuditEntry.objects.filter(
            deed="case.reviewed.publish_plan", reason="cases.same_person"
        ).exists()

    def test_the_proposer_takes_it_back(self, proposal: Proposal, walk: Walk) -> None:
        clerk, address = browser(CLERK), f"/cases/proposals/{proposal.pk}/"

        answer = clerk.post(address, {"take_back": "1"}, follow=True)

        assert "已撤回" in answer.content.decode()
        assert not walk.case.proposals.filter(settled_at=None).exists()
        assert clerk.get(address)["Location"] == f"/cases/{walk.case.pk}/"

    def test_a_supervisor_reads_and_does_not_decide(
        self, proposal: Proposal, publishing: Publishing, walk: Walk
    ) -> None:
        supervisor, address = browser(SUPERVISOR), f"/cases/proposals/{proposal.pk}/"
        typed = {"verdict": "publish", "seen": self.seen(proposal, publishing), "reason": "可以"}

        assert "提交复核结论" not in supervisor.get(address).content.decode()
        for sent in (typed, {}):
            assert supervisor.post(address, sent).status_code == 409
        assert walk.fresh().awaits == "publish_plan"
        tried = AuditEntry.objects.filter(account_id=SUPERVISOR.account_id, outcome=Outcome.REFUSED)
        assert tried.count() == 2

    @pytest.mark.parametrize(
        "typed", [{}, {"verdict": "maybe", "seen": "x"}, {"verdict": "return", "seen": ""}]
    )
    def test_an_incomplete_decision_is_no_decision(
        self, proposal: Proposal, walk: Walk, typed: dict[str, str]
    ) -> None:
        answer = browser(COLLEAGUE).post(f"/cases/proposals/{proposal.pk}/", typed)

        assert answer.status_code == 422
        assert walk.fresh().awaits == "publish_plan"
        assert not Review.objects.exists()

    def test_a_stranger_does_not_find_it(self, proposal: Proposal) -> None:
        stranger = join(person("x", "clerk", organisation="12530000000000000X"))

        assert browser(stranger).get(f"/cases/proposals/{proposal.pk}/").status_code == 404

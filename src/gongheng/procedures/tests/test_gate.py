"""Nothing goes out by one person alone, nor otherwise than the second person saw it (U-07, 000-5)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongheng.data.standard import samples
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.procedures.tests.support import (
    CLERK,
    COLLEAGUE,
    LOT,
    NOW,
    OFFICER,
    SUPERVISOR,
    SYSTEM,
    WORKS,
    Walk,
    at,
    confirmed,
    person,
    plainly_advanced,
)
from gongheng.trading.cases import actions, gate, queries, reasons, secrecy
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import DoneStep, Proposal, Review
from gongheng.trust.identity.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provide")]

MOBILE = "13987651234"
IDENTITY = "530102199003071232"


class Showing:
    """A room whose passage a test writes, and what it carried out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passage = gate.Passage(title="招标计划", facts=(("计划时间", "2026年11月"),))
        self.carried: list[str] = []
        deed = gate.GatedDeed(self.preview, self.carry_out)
        monkeypatch.setitem(gate._provided, "publish_plan", deed)

    def preview(self, proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG002  a room's preview asks for both
        return self.passage

    def carry_out(self, proposal: Proposal, actor: Any, now: datetime) -> None:
        self.carried.append(proposal.case.code)
        plainly_advanced(proposal, actor, now)


@pytest.fixture
def showing(monkeypatch: pytest.MonkeyPatch) -> Showing:
    return Showing(monkeypatch)


def proposed(walk: Walk, **changes: Any) -> Proposal:
    asked = {"case_id": walk.case.pk, "step": "publish_plan", "actor": CLERK, "now": NOW}
    return actions.propose(**asked | changes)


def refused(expected: Reason, proposal: Proposal, actor: Any = COLLEAGUE, **changes: Any) -> None:
    before = (DoneStep.objects.count(), Review.objects.count())
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        confirmed(proposal, actor, NOW, **changes)
    assert refusal.value.reason is expected
    assert (DoneStep.objects.count(), Review.objects.count()) == before


def test_the_second_person_lets_it_out_and_the_review_stays(showing: Showing) -> None:
    proposal = proposed(at("publish_plan"))

    review = confirmed(proposal, COLLEAGUE, NOW, reason="")

    assert showing.carried == [LOT]
    assert (review.matter, review.verdict) == (proposal.pk, Verdict.PUBLISH)
    assert (review.proposed_by, review.reviewed_by) == (CLERK.account_id, COLLEAGUE.account_id)
    assert AuditEntry.objects.filter(
        deed="case.reviewed.publish_plan", account_id=COLLEAGUE.account_id
    ).exists()


@pytest.mark.usefixtures("showing")
class TestOnePersonAlone:
    """Every way round the second person is closed."""

    def test_the_proposer_cannot_confirm(self) -> None:
        refused(reasons.SAME_PERSON, proposed(at("publish_plan")), CLERK)

    def test_nor_return_what_is_his_own(self) -> None:
        proposal = proposed(at("publish_plan"))

        refused(reasons.SAME_PERSON, proposal, CLERK, verdict=Verdict.RETURN)

    def test_nor_advance_past_the_gate(self) -> None:
        walk = at("publish_plan")
        asked = {"case_id": walk.case.pk, "step": "publish_plan", "now": NOW}
        for actor, reason in ((CLERK, reasons.SECOND_PERSON), (COLLEAGUE, reasons.SECOND_PERSON)):
            with pytest.raises(Refusal) as refusal:
                actions.advance(**asked, actor=actor)
            assert refusal.value.reason is reason
        proposed(walk)

        with pytest.raises(Refusal) as himself:
            actions.advance(**asked, actor=CLERK)
        with pytest.raises(Refusal) as unseen:
            actions.advance(**asked, actor=COLLEAGUE)

        assert himself.value.reason is reasons.SAME_PERSON
        assert unseen.value.reason is reasons.NOT_REVIEWED

    def test_a_review_of_one_opens_nothing_for_another(self) -> None:
        walk = at("publish_plan")
        proposal = proposed(walk)
        Review.objects.create(
            region_code="530100",
            matter=proposal.matter,
            step="publish_plan",
            verdict=Verdict.PUBLISH,
            digest="0" * 64,
            proposed_by=CLERK.person_id,
            reviewed_by=COLLEAGUE.person_id,
            reviewed_at=NOW,
        )
        third = person("third", "clerk")

        with pytest.raises(Refusal) as refusal:
            actions.advance(case_id=walk.case.pk, step="publish_plan", actor=third, now=NOW)

        assert refusal.value.reason is reasons.NOT_REVIEWED

    def test_nor_split_a_matter_with_a_colleague_and_confirm_the_colleagues_half(self) -> None:
        first, second = at("publish_plan", code="LOT1"), at("publish_plan", code="LOT2")
        mine = proposed(first)

        with pytest.raises(RuntimeError, match="another person"), transaction.atomic():
            proposed(second, actor=COLLEAGUE, matter=mine.matter)

    def test_the_table_itself_refuses_such_a_review(self) -> None:
        with pytest.raises(IntegrityError, match="cases_review_by_another"):
            Review.objects.create(
                region_code="530100",
                matter=proposed(at("publish_plan")).matter,
                verdict=Verdict.PUBLISH,
                proposed_by=CLERK.person_id,
                reviewed_by=CLERK.person_id,
                reviewed_at=NOW,
            )

    @pytest.mark.parametrize(
        ("who", "reason"),
        [
            (OFFICER, reasons.NOT_YOURS),
            (SUPERVISOR, reasons.NOT_YOURS),
            (person("x", "clerk", organisation="12530000000000000X"), reasons.NOT_YOURS),
            (person("x", "clerk", region="530300"), reasons.OUT_OF_REACH),
        ],
        ids=["officer", "supervisor", "other organisation", "other region"],
    )
    def test_a_second_person_without_the_role_decides_nothing(
        self, who: Any, reason: Reason
    ) -> None:
        proposal = proposed(at("publish_plan"))

        refused(reason, proposal, who)
        refused(reason, proposal, who, verdict=Verdict.RETURN)

    def test_the_platform_itself_is_no_second_person(self) -> None:
        with pytest.raises(Refusal):
            confirmed(proposed(at("publish_plan")), SYSTEM, NOW)

    def test_a_stranger_takes_no_proposal_back(self) -> None:
        walk = at("publish_plan")
        proposed(walk)
        stranger = person("x", "clerk", organisation="12530000000000000X")

        with pytest.raises(Refusal) as refusal:
            actions.take_back(case_id=walk.case.pk, step="publish_plan", actor=stranger, now=NOW)

        assert refusal.value.reason is reasons.NOT_YOURS


def test_what_changed_after_it_was_seen_does_not_go_out(showing: Showing) -> None:
    proposal = proposed(at("publish_plan"))
    seen = gate.digest(showing.passage, [proposal])
    showing.passage = replace(showing.passage, facts=(("计划时间", "2026年12月"),))

    refused(reasons.OTHER_PASSAGE, proposal, seen=seen)

    assert showing.carried == []
    confirmed(proposal, COLLEAGUE, NOW)


def test_a_lot_that_joins_after_it_was_seen_does_not_go_out(showing: Showing) -> None:
    first, second = at("publish_plan", code="LOT1"), at("publish_plan", code="LOT2")
    proposal = proposed(first)
    seen = gate.digest(showing.passage, [proposal])
    proposed(second, matter=proposal.matter)

    refused(reasons.OTHER_PASSAGE, proposal, seen=seen)

    confirmed(proposal, COLLEAGUE, NOW)
    assert (first.fresh().awaits, second.fresh().awaits) == ("review_documents",) * 2
    assert showing.carried == ["LOT1"]


def test_a_returned_matter_is_told_to_the_first_person_and_proposed_anew(showing: Showing) -> None:
    walk = at("publish_plan")
    proposal = proposed(walk)

    refused(reasons.RETURN_REASON_MISSING, proposal, verdict=Verdict.RETURN, reason=" ")
    confirmed(proposal, COLLEAGUE, NOW, verdict=Verdict.RETURN, reason="金额有误，请核对。")

    assert showing.carried == []
    assert walk.fresh().awaits == "publish_plan"
    [(returned, _)] = queries.returned_to(CLERK)
    assert (returned.reason, returned.reviewed_by_name) == ("金额有误，请核对。", COLLEAGUE.name)
    assert not queries.returned_to(COLLEAGUE)
    refused(reasons.PROPOSAL_SETTLED, proposal)
    again = proposed(walk, matter=proposal.matter)
    assert not queries.returned_to(CLERK)
    confirmed(again, COLLEAGUE, NOW)
    assert walk.fresh().awaits == "review_documents"


def test_a_matter_goes_out_once(showing: Showing) -> None:
    proposal = proposed(at("publish_plan", code="LOT1"))
    confirmed(proposal, COLLEAGUE, NOW)

    refused(reasons.PROPOSAL_SETTLED, proposal)
    with pytest.raises(RuntimeError, match="went out"):
        proposed(at("publish_plan", code="LOT2"), matter=proposal.matter)
    assert showing.carried == ["LOT1"]


def test_a_room_that_forgets_a_lot_publishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = at("publish_plan")
    forgetful = gate.GatedDeed(lambda *_: gate.Passage(title="招标计划"), lambda *_: None)
    monkeypatch.setitem(gate._provided, "publish_plan", forgetful)
    proposal = proposed(walk)

    with pytest.raises(RuntimeError, match="was not advanced"), transaction.atomic():
        confirmed(proposal, COLLEAGUE, NOW)

    assert not Review.objects.exists()


def test_a_step_that_no_room_carries_out_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = proposed(at("publish_plan"))
    monkeypatch.setattr(gate, "_provided", {})

    with pytest.raises(gate.UnprovidedDeed):
        confirmed(proposal, COLLEAGUE, NOW)

    assert "publish_plan" in gate.unprovided(WORKS)


def test_two_rooms_do_not_carry_out_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_provided", {})
    gate.provide("publish_plan", _no_passage, plainly_advanced)
    gate.provide("publish_plan", _no_passage, plainly_advanced)

    with pytest.raises(ValueError, match="publish_plan"):
        gate.provide("publish_plan", lambda *_: gate.Passage(title=""), plainly_advanced)


def _no_passage(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  a room's preview asks for both
    return gate.Passage(title="")


class TestSecrecy:
    """Marks of fields and personal data are found, shown covered, and answered for."""

    def test_personal_data_in_any_text_needs_a_reason(self, showing: Showing) -> None:
        """A-09."""
        showing.passage = gate.Passage(
            title=f"联系 {MOBILE}", facts=(("说明", f"身份证 {IDENTITY}"),)
        )
        proposal = proposed(at("publish_plan"))

        refused(reasons.REASON_MISSING, proposal, reason="")

        review = confirmed(proposal, COLLEAGUE, NOW, reason="依法应当公开的联系方式")
        assert {finding["kind"] for finding in review.findings} == {"手机号码", "身份证号"}
        assert MOBILE not in str(review.findings)
        assert IDENTITY not in str(review.findings)
        assert review.reason == "依法应当公开的联系方式"

    def test_it_is_returned_without_a_word_on_the_findings(self, showing: Showing) -> None:
        showing.passage = gate.Passage(title=f"联系 {MOBILE}")

        review = confirmed(
            proposed(at("publish_plan")), COLLEAGUE, NOW, verdict=Verdict.RETURN, reason="含手机号"
        )

        assert review.verdict == Verdict.RETURN

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            (f"电话：{MOBILE}", "手机号码"),
            (f"证件 {IDENTITY}", "身份证号"),
            ("邮箱 zhang.san@qq.com", "电子邮箱"),
            ("卡号：6222021234567890128", "银行账号"),
        ],
    )
    def test_each_kind_is_found_and_covered(self, text: str, kind: str) -> None:
        """A-09."""
        [found] = secrecy.findings(gate.Passage(title="", facts=(("说明", text),)))

        assert (found.kind, found.label, found.is_open) == (kind, "说明", True)
        assert "*" in found.shown
        assert found.shown not in text

    def test_fields_that_are_not_public_are_found_by_their_mark(self) -> None:
        body = samples.valid("TENDER_LIST")
        found = secrecy.findings(gate.Passage(title="", records=(("TENDER_LIST", body),)))

        by_ground = {finding.ground: finding for finding in found}
        assert by_ground[secrecy.Ground.PERSONAL_FIELD].is_open
        assert body["PM_CODE"] not in str([finding.as_json() for finding in found])
        assert not by_ground[secrecy.Ground.WITHHELD].is_open
        assert found[0].is_open

    def test_what_holds_no_person_needs_no_reason(self) -> None:
        body = samples.valid("TENDER_CANDIDATE_ANNOUNCE")
        found = secrecy.findings(
            gate.Passage(title="公示", records=(("TENDER_CANDIDATE_ANNOUNCE", body),))
        )

        assert not [finding for finding in found if finding.is_open]

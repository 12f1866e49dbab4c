"""A works tender run by the engine: who, when, with whom, under which terms, and what is written."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from gongheng.data.records.models import Act
from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term, catalogue
from gongheng.procedures.tests.conftest import Provide
from gongheng.procedures.tests.support import (
    BIDDER,
    BY_ROLE,
    CITY,
    CLERK,
    COLLEAGUE,
    LOT,
    NOW,
    OFFICER,
    SUPERVISOR,
    SYSTEM,
    WORKS,
    Walk,
    advance_usually,
    at,
    begun,
    changed,
    confirmed,
    person,
)
from gongheng.registers.holds import (
    actions as holds,
    queries as holds_queries,
    reasons as hold_reasons,
)
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.cases import actions, canonical_form, graph, queries, reasons
from gongheng.trading.cases.guards import Question, UnprovidedGuard
from gongheng.trading.cases.kinds import Information, Party, Phase, Sight
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion
from gongheng.trading.cases.reasons import Unmet
from gongheng.trading.cases.standing import of
from gongheng.trust.identity.models import AuditEntry
from gongheng.trust.ledger.models import Leaf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provide"), pytest.mark.slow]


def refused(reason: Reason, walk: Walk, step: str, outcome: str = "", **facts: Any) -> Refusal:
    before = DoneStep.objects.count()
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        walk.do(step, outcome, **facts)
    assert refusal.value.reason is reason, refusal.value
    assert DoneStep.objects.count() == before
    return refusal.value


def test_a_case_runs_from_registration_to_the_archive() -> None:
    walk = at("archive")
    advance_usually(walk)

    assert (walk.case.awaits, walk.case.is_over, walk.case.over_at) == (
        "concluded",
        True,
        walk.now,
    )
    history = list(queries.history_of(walk.case))
    assert [row.number for row in history] == list(range(1, len(history) + 1))
    acts = Act.objects.filter(case_code=LOT, kind="case.step_done").order_by("id")
    assert [act.facts["step"] for act in acts] == [row.step for row in history]
    assert Leaf.objects.filter(subject_id__in=[act.pk for act in acts]).count() == len(history)


def test_each_step_says_who_did_it_when_and_from_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """E-15: in the history of the case and, with the network address, in the audit trail."""
    for role in BY_ROLE.keys() - {"system"}:
        first, second = (replace(who, address="192.0.2.7") for who in BY_ROLE[role])
        monkeypatch.setitem(BY_ROLE, role, (first, second))
    walk = at("archive")
    advance_usually(walk)

    history = list(queries.history_of(walk.case))
    entries = AuditEntry.objects.filter(object_id=str(walk.case.pk)).order_by("id")
    told = entries.values_list("deed", "account_id", "address", "happened_at")

    assert [row for row in told if row[0] in {f"case.{step.code}" for step in WORKS.steps}] == [
        (f"case.{row.step}", row.done_by, "192.0.2.7" if row.done_by else None, row.done_at)
        for row in history
    ]
    assert {row.done_by_name for row in history} >= {CLERK.name, OFFICER.name, SYSTEM.name}


def test_the_first_notice_fixes_the_terms_for_life() -> None:
    walk = at("publish_notice")
    assert walk.case.terms_on is None

    walk.do("publish_notice")

    assert walk.case.terms_on == date(2026, 10, 12)


@pytest.fixture
def stricter_from_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the law ask for 30 days to bid from 2027 on."""
    old = terms.in_force("W-06", date(2026, 10, 12))
    new_year = date(2027, 1, 1)
    changed_law = (
        replace(old, in_force_until=new_year),
        replace(old, value=30, in_force_from=new_year),
    )
    others: tuple[Term, ...] = tuple(term for term in terms.all_terms() if term is not old)
    monkeypatch.setattr(catalogue, "all_terms", lambda: (*others, *changed_law))


@pytest.mark.usefixtures("stricter_from_2027")
def test_a_case_begun_under_older_terms_keeps_them() -> None:
    old_case = at("publish_notice", code="OLD", now=datetime(2026, 12, 21, 9, tzinfo=BEIJING))
    old_case.do("publish_notice", **days_to_bid(old_case, 24))
    old_case.now = datetime(2027, 1, 14, 9, 30, tzinfo=BEIJING)
    old_case.do("close_bids", "too_few")
    for step in ("announce_failure", "return_bids"):
        old_case.do(step)
    old_case.do("decide_anew", "again")
    old_case.do("review_documents")
    new_case = at("publish_notice", code="NEW", now=old_case.now)

    old_case.do("publish_notice", **days_to_bid(old_case, 24))
    refusal = refused(
        reasons.TIME_TOO_SHORT, new_case, "publish_notice", **days_to_bid(new_case, 24)
    )

    assert old_case.case.terms_on == date(2026, 12, 21)
    assert refusal.facts["rule"] == "W-06"
    new_case.do("publish_notice", **days_to_bid(new_case, 40))
    assert new_case.case.terms_on == date(2027, 1, 14)


def days_to_bid(walk: Walk, days: int) -> dict[str, datetime]:
    due = walk.now + timedelta(days=days)
    return {"bids_due_at": due, "opening_at": due}


def test_a_period_below_its_term_is_refused_with_rule_date_and_law() -> None:
    """U-06."""
    walk = at("publish_notice")

    refusal = refused(reasons.TIME_TOO_SHORT, walk, "publish_notice", **days_to_bid(walk, 19))

    assert isinstance(refusal, Unmet)
    assert refusal.term.rule == "W-06"
    assert getattr(refusal.computed, "last_day", None) == date(2026, 11, 2)
    said = str(refusal)
    assert "W-06" in said
    assert "2026年11月2日" in said
    assert "《招标投标法》第二十四条" in said


def test_a_tender_that_no_law_demands_may_be_shorter() -> None:
    walk = begun()
    walk.do("register", is_statutory=False)
    while walk.case.awaits != "publish_notice":
        advance_usually(walk)

    walk.do("publish_notice", **days_to_bid(walk, 12))

    assert walk.case.awaits == "close_bids"


def test_candidates_stand_until_their_publicity_is_over() -> None:
    walk = at("award")
    published = walk.case.steps.get(step="publish_candidates").done_at

    walk.now = published + timedelta(days=1)
    refusal = refused(reasons.TOO_EARLY, walk, "award", "awarded")

    assert refusal.facts["rule"] == "W-28"


def test_a_late_duty_is_done_and_noted() -> None:
    walk = at("sign_contract").later(days=60)

    done = walk.do("sign_contract", "signed")

    (note,) = done.notes
    assert note["rule"] == "W-33"
    assert "《招标投标法》第四十六条" in note["text"]
    assert Act.objects.filter(kind="case.step_done").latest("id").facts["notes"] == [note]


def test_an_intake_is_due_within_a_working_day_and_a_later_one_is_noted() -> None:
    """U-01."""
    walk = begun()
    walk.do("register")
    in_time = begun(code="E5301000001000001009001", now=walk.now)
    in_time.do("register")

    (note,) = walk.later(days=2).do("accept", "accepted").notes

    assert note["rule"] == "U-01"
    assert in_time.later(days=1).do("accept", "accepted").notes == []


def test_a_step_has_its_turn() -> None:
    walk = begun()

    refusal = refused(reasons.NOT_NOW, walk, "accept", "accepted")

    assert refusal.facts["awaits"] == "项目登记"


def test_a_step_waits_for_what_it_needs() -> None:
    walk = at("evaluate")

    refusal = refused(reasons.NOT_YET, walk, "evaluate", "ranked")

    assert refusal.facts["missing"] == ("组建评标委员会",)
    walk.do("form_committee")
    walk.do("evaluate", "ranked")
    assert walk.case.awaits == "receive_report"


def test_what_is_done_once_is_not_done_again() -> None:
    walk = at("evaluate")
    walk.do("form_committee")

    refused(reasons.NOT_NOW, walk, "form_committee")


@pytest.mark.parametrize("moment", [-1, 0, 1])
def test_bids_end_and_the_deadline_begins_at_the_same_microsecond(moment: int) -> None:
    walk = at("close_bids")
    due = datetime.fromisoformat(str(of(walk.case).known["bids_due_at"]))
    walk.now = due + timedelta(microseconds=moment)

    if moment < 0:
        actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=walk.now)
        refused(reasons.TOO_EARLY, walk, "close_bids", "enough")
    else:
        with pytest.raises(Refusal) as refusal:
            actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=walk.now)
        assert refusal.value.reason is reasons.TOO_LATE
        walk.do("close_bids", "enough")


def test_a_bid_leaves_no_trace_in_the_case() -> None:
    walk = at("close_bids")
    before = (DoneStep.objects.count(), Act.objects.count(), Leaf.objects.count())

    for _ in range(3):
        actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=walk.now)

    assert (DoneStep.objects.count(), Act.objects.count(), Leaf.objects.count()) == before
    with pytest.raises(RuntimeError, match="require"):
        actions.advance(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=walk.now)
    with pytest.raises(RuntimeError, match="advance"):
        actions.require(case_id=walk.case.pk, step="register", actor=CLERK, now=walk.now)


@pytest.mark.parametrize(("bidders", "outcome"), [(2, "enough"), (3, "too_few")])
def test_an_outcome_must_fit_the_count(bidders: int, outcome: str) -> None:
    walk = at("close_bids").later(days=24)

    refusal = refused(reasons.COUNT_UNLAWFUL, walk, "close_bids", outcome, bidders=bidders)

    assert refusal.facts["rule"] == "W-19"
    assert refusal.facts["computed"] == bidders


def test_facts_must_be_stated_and_an_outcome_chosen() -> None:
    walk = at("close_bids").later(days=24)
    ask: dict[str, Any] = {
        "case_id": walk.case.pk,
        "step": "close_bids",
        "actor": SYSTEM,
        "now": walk.now,
    }

    with pytest.raises(Refusal) as missing:
        actions.advance(**ask, outcome="enough")
    with pytest.raises(Refusal) as unknown:
        actions.advance(**ask, facts={"bidders": 3})
    with pytest.raises(ValueError, match="nobody states"):
        actions.advance(**ask, facts={"bidders": 3, "now": NOW}, outcome="enough")

    assert missing.value.facts["missing"] == ("bidders",)
    assert unknown.value.reason is reasons.NO_SUCH_OUTCOME


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (OFFICER, reasons.NOT_YOURS),
        (SUPERVISOR, reasons.NOT_YOURS),
        (BIDDER, reasons.NOT_YOURS),
        (person("x", "clerk", region="530300"), reasons.OUT_OF_REACH),
        (person("x", "clerk", organisation="12530000000000000X"), reasons.NOT_YOURS),
        (person("x"), reasons.NOT_YOURS),
    ],
    ids=["officer", "supervisor", "bidder", "other region", "other organisation", "no role"],
)
def test_only_the_right_person_does_a_step(who: Any, reason: Reason) -> None:
    walk = begun()
    ask = {"case_id": walk.case.pk, "step": "register", "now": NOW, "facts": {"is_statutory": True}}

    with pytest.raises(Refusal) as refusal:
        actions.advance(**ask, actor=who)

    assert refusal.value.reason is reason
    actions.advance(**ask, actor=COLLEAGUE)


class TestTwoPeople:
    """Publishing, opening, awarding, terminating take two (U-07)."""

    def ask(self, walk: Walk, **changes: Any) -> dict[str, Any]:
        return {
            "case_id": walk.case.pk,
            "step": "publish_plan",
            "actor": CLERK,
            "now": NOW,
        } | changes

    def test_one_alone_cannot(self) -> None:
        walk = at("publish_plan")

        with pytest.raises(Refusal) as alone:
            actions.advance(**self.ask(walk))
        actions.propose(**self.ask(walk))
        with pytest.raises(Refusal) as himself:
            actions.advance(**self.ask(walk))
        with pytest.raises(Refusal) as again:
            actions.propose(**self.ask(walk, actor=COLLEAGUE))

        assert alone.value.reason is reasons.SECOND_PERSON
        assert himself.value.reason is reasons.SAME_PERSON
        assert again.value.reason is reasons.ALREADY_PROPOSED
        assert walk.fresh().awaits == "publish_plan"

    def test_the_second_confirms_and_both_are_written_down(self) -> None:
        walk = at("publish_plan")
        proposal = actions.propose(**self.ask(walk))

        confirmed(proposal, COLLEAGUE, NOW)

        done = walk.case.steps.latest("number")
        assert (done.proposed_by, done.done_by) == (CLERK.account_id, COLLEAGUE.account_id)
        assert walk.fresh().awaits == "review_documents"

    def test_the_second_confirms_exactly_what_the_first_stated(self) -> None:
        walk = at("publish_plan")
        proposal = actions.propose(**self.ask(walk, facts={"planned_on": date(2026, 11, 20)}))

        with pytest.raises(Refusal) as refusal:
            actions.advance(
                **self.ask(walk, actor=COLLEAGUE, facts={"planned_on": date(2026, 11, 21)})
            )

        assert refusal.value.reason is reasons.OTHER_FACTS
        confirmed(proposal, COLLEAGUE, NOW)

    def test_the_second_must_have_the_declared_role(self) -> None:
        walk = at("open_bids")
        facts = {"decrypted": 3}
        ask = self.ask(walk, step="open_bids", facts=facts, outcome="opened", now=walk.now)
        proposal = actions.propose(**ask)

        with pytest.raises(Refusal) as refusal:
            confirmed(proposal, COLLEAGUE, walk.now)

        assert refusal.value.reason is reasons.NOT_YOURS
        confirmed(proposal, OFFICER, walk.now)

    def test_a_proposal_is_taken_back_and_made_anew(self) -> None:
        walk = at("publish_plan")
        actions.propose(**self.ask(walk))

        actions.take_back(**self.ask(walk, actor=COLLEAGUE))

        with pytest.raises(Refusal):
            actions.advance(**self.ask(walk, actor=COLLEAGUE))
        proposal = actions.propose(**self.ask(walk, actor=COLLEAGUE))
        confirmed(proposal, CLERK, NOW)

    def test_a_proposal_does_not_outlive_the_moment_it_was_made_for(self) -> None:
        walk = at("award")
        award = self.ask(walk, step="award", outcome="awarded", now=walk.later(days=10).now)
        actions.propose(**award)

        walk.do("recheck_candidates")
        while walk.case.awaits != "award":
            advance_usually(walk)
        walk.later(days=10)

        with pytest.raises(Refusal) as refusal:
            actions.advance(**award | {"actor": COLLEAGUE, "now": walk.now})
        assert refusal.value.reason is reasons.SECOND_PERSON

    def test_a_step_for_one_takes_no_proposal(self) -> None:
        walk = at("receive_report")

        with pytest.raises(RuntimeError, match="one person"):
            actions.propose(**self.ask(walk, step="receive_report", now=walk.now))


def test_an_objection_suspends_until_it_is_answered() -> None:
    walk = at("close_bids")
    walk.do("object_documents", document="异〔2026〕1号")
    walk.do("object_documents", document="异〔2026〕2号")
    due = walk.now + timedelta(days=24)

    walk.do("answer_documents", "rejected", document="异〔2026〕1号", answer_document="复1号")
    walk.now = due
    refused(reasons.SUSPENDED, walk, "close_bids", "enough")
    with pytest.raises(Refusal) as bid:
        actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=NOW)
    with pytest.raises(Refusal) as elsewhere, transaction.atomic():
        holds.require_none(LOT)
    late = walk.do("answer_documents", "upheld", document="异〔2026〕2号", answer_document="复2号")
    walk.do("close_bids", "enough")

    assert bid.value.reason is reasons.SUSPENDED
    assert elsewhere.value.reason is hold_reasons.HELD
    assert [note["rule"] for note in late.notes] == ["W-10"]
    assert not holds_queries.standing_on(LOT).exists()


def test_an_objection_that_comes_too_late_is_refused() -> None:
    walk = at("close_bids").later(days=14, seconds=1)
    walk.do("object_documents", document="异1号")
    walk.later(days=1)

    refusal = refused(reasons.TOO_LATE, walk, "object_documents", document="异2号")

    assert (refusal.facts["rule"], refusal.facts["computed"]) == ("W-09", date(2026, 10, 26))


@pytest.mark.parametrize("document", ["", "异9号"])
def test_an_answer_names_the_open_matter(document: str) -> None:
    walk = at("close_bids")
    walk.do("object_documents", document="异1号")

    with pytest.raises(Refusal):
        walk.do("answer_documents", "rejected", document=document, answer_document="复1号")
    with pytest.raises(Refusal):
        walk.do("object_documents", document="异1号")


def test_a_hold_of_the_supervisor_stops_every_ordinary_step() -> None:
    walk = at("close_bids")
    holds.place(
        code=LOT,
        document="监〔2026〕7号",
        kind=HoldKind.DIRECTIVE,
        cause="核查",
        placed_by_code="11530100015100000J",
        now=NOW,
    )

    refused(hold_reasons.HELD, walk, "clarify")
    refused(hold_reasons.HELD, walk, "terminate")
    with pytest.raises(Refusal) as bid:
        actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=walk.now)

    assert bid.value.reason is hold_reasons.HELD
    holds.lift(
        code=LOT,
        document="监〔2026〕7号",
        by_document="监〔2026〕9号",
        lifted_by_code="11530100015100000J",
        now=NOW,
    )
    walk.do("terminate")
    assert walk.case.awaits == "refund_terminated"


def test_a_failed_round_is_followed_by_a_linked_one() -> None:
    walk = fail_a_round(begun())
    first, second = Case.objects.order_by("round_number")

    assert (first.awaits, first.is_over, second.previous) == ("failed", True, first)
    assert (second.round_number, second.awaits, second.phase) == (2, "review_documents", 1)
    assert second.terms_on == first.terms_on
    assert of(second).known == {"is_statutory": True}
    assert walk.case == second


def fail_a_round(walk: Walk) -> Walk:
    while walk.case.awaits != "close_bids":
        advance_usually(walk)
    walk.later(days=24).do("close_bids", "too_few")
    walk.do("announce_failure")
    walk.do("return_bids")
    walk.do("decide_anew", "again")
    return walk


def test_only_a_second_failure_lets_a_tender_be_dropped() -> None:
    walk = begun()
    while walk.case.awaits != "close_bids":
        advance_usually(walk)
    walk.later(days=24).do("close_bids", "too_few")
    walk.do("announce_failure")
    walk.do("return_bids")
    refusal = refused(reasons.COUNT_UNLAWFUL, walk, "decide_anew", "drop")
    walk.do("decide_anew", "again")
    while walk.case.awaits != "open_bids":
        advance_usually(walk)
    walk.do("open_bids", "too_few")
    walk.do("announce_failure")
    walk.do("return_bids")

    walk.do("decide_anew", "drop")

    assert refusal.facts["rule"] == "W-37"
    assert (walk.case.awaits, walk.case.round_number) == ("dropped", 2)


def test_a_guard_says_no_in_its_own_words(provide: Provide) -> None:
    def no(question: Question) -> None:
        assert (question.case_code, question.step) == (LOT, "review_documents")
        raise Refusal(reasons.NOT_YET)

    walk = at("review_documents")
    provide("documents.criteria_complete", no)

    refused(reasons.NOT_YET, walk, "review_documents")


def test_a_guard_that_nobody_provides_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = at("review_documents")
    monkeypatch.setattr("gongheng.trading.cases.guards._provided", {})

    with pytest.raises(UnprovidedGuard):
        walk.do("review_documents")

    assert walk.fresh().awaits == "review_documents"


class TestVersions:
    """A version of a declaration is adopted once, and a case keeps the one it began with."""

    def test_the_same_declaration_is_adopted_once(self) -> None:
        first = actions.adopt(WORKS, now=NOW)

        again = actions.adopt(WORKS, now=NOW + timedelta(days=1))

        assert again == first
        assert (first.number, first.digest) == (1, canonical_form.digest(WORKS))
        act = Act.objects.get(kind="procedure.adopted")
        assert act.facts["digest"] == first.digest
        assert canonical_form.of_json(act.facts["declaration"]) == WORKS
        assert Leaf.objects.filter(subject_id=act.pk).exists()

    def test_an_amended_declaration_binds_new_cases_only(self) -> None:
        old = at("accept", code="OLD")
        amended = changed(
            WORKS,
            "accept",
            label="受理审查",
            roles=WORKS.step("accept").second or WORKS.step("award").roles,
        )

        version = actions.adopt(amended, now=NOW)

        new = begun(amended, code="NEW")
        assert (version.number, new.case.version) == (2, version)
        assert queries.declaration_of(old.fresh()).step("accept").label == "项目受理"
        old.do("accept", "accepted")

    def test_an_unsound_declaration_is_not_adopted(self) -> None:
        unsound = changed(WORKS, "award", second=())

        with pytest.raises(actions.UnsoundProcedure, match="award: one_person"):
            actions.adopt(unsound, now=NOW)

        assert not ProcedureVersion.objects.exists()

    def test_a_case_needs_an_adopted_procedure(self) -> None:
        with pytest.raises(Refusal) as refusal:
            actions.begin(
                procedure="unknown",
                code=LOT,
                title="",
                region_code=CITY,
                tenderer_code=CLERK.organisation_code,
                actor=CLERK,
                now=NOW,
            )

        assert refusal.value.reason is reasons.NO_PROCEDURE

    def test_a_lot_has_one_case_under_way(self) -> None:
        begun()

        with pytest.raises(Refusal) as refusal:
            begun()

        assert refusal.value.reason is reasons.CASE_OPEN


def test_a_person_is_offered_what_is_theirs_to_do() -> None:
    walk = at("publish_plan")

    before = queries.offers(walk.case, actor=CLERK, now=NOW)
    actions.propose(case_id=walk.case.pk, step="publish_plan", actor=CLERK, now=NOW)
    own = queries.offers(walk.case, actor=CLERK, now=NOW)
    others = queries.offers(walk.case, actor=COLLEAGUE, now=NOW)

    assert [(o.step.code, o.is_second) for o in before] == [
        ("publish_plan", False),
        ("abandon", False),
    ]
    assert [o.step.code for o in own] == ["abandon"]
    assert [(o.step.code, o.is_second) for o in others] == [
        ("publish_plan", True),
        ("abandon", False),
    ]
    assert queries.offers(walk.case, actor=SUPERVISOR, now=NOW) == []


def test_a_person_reads_the_cases_within_reach() -> None:
    case = begun().case
    assert case.agency_code == ""
    who = {
        "clerk": CLERK,
        "officer": OFFICER,
        "supervisor": SUPERVISOR,
        "away": person("x", "officer", region="530300"),
        "other": person("x", "clerk", organisation="12530000000000000X"),
        "nobody's": person("x", "clerk", organisation=""),
        "bidder": BIDDER,
    }

    readers = {name: queries.cases_for(one).count() for name, one in who.items()}
    inside = {name: int(queries.is_inside(one, case)) for name, one in who.items()}

    assert readers == dict.fromkeys(who, 0) | {"clerk": 1, "officer": 1, "supervisor": 1}
    assert inside == readers


def test_what_is_seen_follows_the_phase_of_the_case() -> None:
    def seen(walk: Walk, party: Party = Party.TENDERER) -> list[Sight]:
        items = (Information.BID_CONTENT, Information.EXPERT_NAMES)
        return [queries.sight(walk.case, information=item, party=party) for item in items]

    walk = at("close_bids")
    assert seen(walk) == [Sight.NOTHING, Sight.NOTHING]
    while walk.case.awaits != "open_bids":
        advance_usually(walk)
    assert seen(walk) == [Sight.SUMMARY, Sight.NOTHING]
    while walk.case.awaits != "award":
        advance_usually(walk)
    assert seen(walk) == [Sight.FULL, Sight.NOTHING]
    advance_usually(walk)
    assert seen(walk) == [Sight.FULL, Sight.FULL]
    assert seen(walk, Party.OPERATOR) == [Sight.NOTHING, Sight.NOTHING]
    assert walk.case.phase == Phase.AWARDED


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices=st.lists(st.integers(min_value=0, max_value=1000), min_size=5, max_size=60))
def test_a_random_walk_through_the_engine_stays_within_the_declaration(choices: list[int]) -> None:
    declared = {step.code for step in WORKS.steps if not step.is_side}
    declared |= {ending.code for ending in WORKS.endings}
    reachable = graph.explore(WORKS)
    with transaction.atomic():
        walk = begun()
        for number, choice in enumerate(choices):
            standing = of(walk.fresh())
            assert walk.case.awaits in declared
            assert standing.state in reachable
            moves = [m for m in graph.moves(WORKS, standing.state) if m.outcome is not None]
            assert bool(moves) is not walk.case.is_over
            if not moves:
                break
            try_move(walk, moves[choice % len(moves)], number)
        transaction.set_rollback(True)


BY_TIME_OR_COUNT = {
    reasons.TOO_EARLY,
    reasons.TOO_LATE,
    reasons.COUNT_UNLAWFUL,
    reasons.TIME_TOO_SHORT,
    reasons.NOT_IDLE,
}


def try_move(walk: Walk, move: graph.Move, number: int) -> None:
    """Do what the graph offers; only times and counts may refuse it."""
    assert move.outcome is not None
    documents: dict[str, Any] = {}
    if move.step.suspends:
        documents = {"document": f"异{number}号"}
    if move.step.resumes:
        open_ones = of(walk.case).open_documents
        document = next(d for matter, d in open_ones if matter == move.step.resumes)
        documents = {"document": document, "answer_document": f"复{number}号"}
    expected = graph.follow(WORKS, of(walk.case).state, move.step, move.outcome)
    try:
        with transaction.atomic():
            walk.do(move.step.code, move.outcome.code, **documents)
    except Refusal as refusal:
        if refusal.reason not in BY_TIME_OR_COUNT:
            raise
        walk.later(days=3)
        return
    state = of(walk.case).state
    assert (state.awaits, state.done) == (expected.awaits, expected.done)
    assert expected.matters >= state.matters or move.step.resumes


def test_the_helpers_know_every_role() -> None:
    assert {role for step in WORKS.steps for role in step.roles} <= BY_ROLE.keys()

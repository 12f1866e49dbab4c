"""Objections and answers in the case: it stands still, goes on, and tells nobody who bids."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongheng.data.records.models import Act
from gongheng.kernel.identifiers import uuid7
from gongheng.registers.holds import actions as holds, queries as standing_holds
from gongheng.trading.bids.models import SealedEntry
from gongheng.trading.cases import actions as engine, reasons
from gongheng.trading.disputes import queries, rules
from gongheng.trading.disputes.kinds import Matter, Verdict
from gongheng.trading.disputes.models import Objection
from gongheng.trading.disputes.papers import PAPERS
from gongheng.trading.disputes.tests.support import FACTS, answer, object_to, reason_of
from gongheng.trading.notices import unlawful
from gongheng.trading.opening import objections as opening
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry
from gongheng.web import files
from gongheng.web.files import Paper
from tests.cases import (
    BIDDER,
    CLERK,
    SUPERVISOR,
    SYSTEM,
    Walk,
    case_at,
    everything_agreed,
)

pytestmark = pytest.mark.django_db
FIRM = BIDDER.organisation_code


@pytest.fixture
def bidding() -> Walk:
    return case_at("close_bids")


def _at(step: str) -> Walk:
    return case_at(step)


def test_while_bids_are_made_the_trail_names_no_firm_that_objects_nor_one_refused() -> None:
    """A-01: who objects to the documents means to bid."""
    walk = case_at("close_bids")
    firm = person("孙经理", role=Role.BIDDER, organisation_code=FIRM)
    client, address = browser(firm), f"/cases/{walk.case.pk}/object_documents/"

    answers = [client.post(address, FACTS).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert not AuditEntry.objects.filter(account=firm).exists()
    kept = SealedEntry.objects.filter(account_id=firm.pk).order_by("id")
    assert [(entry.deed, entry.outcome) for entry in kept] == [
        ("case.object_documents", "done"),
        ("objection.raised", "done"),
        ("objection.raised", "refused"),
    ]


def test_an_objection_stops_the_case_until_it_is_answered(bidding: Walk) -> None:
    raised = object_to(bidding)

    assert raised.document == f"YY-530100-{bidding.now:%Y%m%d}-000001"
    [hold] = standing_holds.standing_on(bidding.case.code)
    assert hold.document == raised.document
    due = bidding.now + timedelta(days=24)
    close = {"case_id": bidding.case.pk, "step": "close_bids", "facts": {"bidders": 3}}
    closing = close | {"outcome": "enough", "actor": SYSTEM, "now": due}
    assert reason_of(engine.advance, **closing) is reasons.SUSPENDED

    answered = answer(raised, bidding.now + timedelta(days=1))

    assert not standing_holds.standing_on(bidding.case.code)
    assert answered.answer_document.startswith("YD-530100-")
    assert not answered.is_late
    assert reason_of(engine.advance, **closing) is None


def test_w_09_an_objection_nine_days_before_the_deadline_is_too_late(bidding: Walk) -> None:
    facts = bidding.case.steps.get(step="publish_notice").facts
    due = bidding.now.fromisoformat(facts["bids_due_at"])

    late = reason_of(object_to, bidding, now=due - timedelta(days=9))

    assert late is reasons.TOO_LATE
    assert not Objection.objects.exists()
    assert not standing_holds.standing_on(bidding.case.code)
    assert reason_of(object_to, bidding, now=due - timedelta(days=10)) is None


def test_w_10_a_late_answer_is_taken_and_its_lateness_noted(bidding: Walk) -> None:
    raised = object_to(bidding)

    answered = answer(raised, raised.due_at)

    assert answered.is_late
    [note] = bidding.case.steps.get(step="answer_documents").notes
    assert note["rule"] == "W-10"


def test_an_answer_a_moment_before_the_end_is_in_time(bidding: Walk) -> None:
    raised = object_to(bidding)

    answered = answer(raised, raised.due_at - timedelta(microseconds=1))

    assert not answered.is_late
    assert bidding.case.steps.get(step="answer_documents").notes == []


def test_an_objection_without_its_contents_is_not_taken(bidding: Walk) -> None:
    missing = reason_of(object_to, bidding, evidence=" ", contact="")

    assert missing is rules.CONTENTS_MISSING
    assert not standing_holds.standing_on(bidding.case.code)


def test_evidence_is_kept_under_the_number_of_its_objection(
    bidding: Walk, settings: Any, tmp_path: Path
) -> None:
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)

    wrong = reason_of(object_to, bidding, paper=Paper(name="证据.pdf", pieces=[b"MZ"]))
    raised = object_to(bidding, paper=Paper(name="示例公司.PDF", pieces=[b"%PDF-", b"1.4"]))

    assert wrong is files.UNKNOWN_TYPE
    assert raised.paper_name == f"{raised.document}-证据.pdf"
    assert b"".join(PAPERS.read(raised.paper_digest)) == b"%PDF-1.4"


def test_a_firm_has_one_open_objection_to_a_matter_and_others_may_object_beside_it(
    bidding: Walk,
) -> None:
    other = replace(
        BIDDER, account_id=uuid7(), username="zheng", organisation_code="91530100MA6K000013"
    )
    Account.objects.create(pk=other.account_id, username="zheng", region_code="530100")
    first = object_to(bidding)

    assert reason_of(object_to, bidding) is rules.STILL_OPEN
    second = object_to(bidding, who=other)
    answer(first, bidding.now)
    assert [hold.document for hold in standing_holds.standing_on(bidding.case.code)] == [
        second.document
    ]
    answer(second, bidding.now)
    assert not standing_holds.standing_on(bidding.case.code)
    assert reason_of(object_to, bidding) is None


def test_an_answer_is_given_once_by_the_tenderer(bidding: Walk) -> None:
    raised = object_to(bidding)
    answer(raised, bidding.now)

    assert reason_of(answer, raised, bidding.now) is rules.ANSWERED
    assert reason_of(answer, raised, bidding.now, text=" ") is rules.NO_ANSWER


def test_nothing_outside_this_room_tells_which_firm_objected_before_the_opening(
    bidding: Walk,
) -> None:
    raised = object_to(bidding)

    acts = str(list(Act.objects.values_list("actor_code", "facts")))
    [hold] = standing_holds.standing_on(bidding.case.code)
    done = bidding.case.steps.get(step="object_documents")
    assert FIRM not in acts
    assert FIRM not in {hold.placed_by_code, done.organisation_code}
    assert done.done_by_name == "异议人"
    bidding.fresh()
    for reader in (CLERK, SUPERVISOR):
        [seen] = queries.objections_for(reader)
        assert queries.objector(seen, reader) == ""
    [own] = queries.own_objections(BIDDER)
    assert queries.objector(own, BIDDER) == raised.organisation_name


def test_the_clerk_learns_who_objected_to_the_result() -> None:
    walk = _at("award")
    with everything_agreed():
        raised = object_to(walk, Matter.RESULT)

    assert queries.objector(raised, CLERK) == BIDDER.organisation_name
    assert reason_of(answer, raised, walk.now, Verdict.UPHELD) is None
    assert walk.case.steps.get(step="answer_result").facts["upheld"] is True


def test_the_result_is_objected_to_only_while_candidates_are_on_view() -> None:
    walk = _at("award")

    assert reason_of(object_to, walk, Matter.RESULT) is not None
    assert not Objection.objects.exists()


def test_the_opening_is_objected_to_on_the_spot_by_who_has_a_bid_in_it() -> None:
    walk = _at("open_bids")

    assert reason_of(object_to, walk, Matter.OPENING) is rules.NOT_OPENED


def test_documents_are_void_only_after_an_upheld_objection_said_so(bidding: Walk) -> None:
    """Q-04, D-07."""

    def find() -> object:
        return reason_of(
            unlawful.find,
            case_id=bidding.case.pk,
            statement="排斥潜在投标人。",
            actor=CLERK,
            now=bidding.now,
        )

    assert find() is rules.NOT_FOUND_UNLAWFUL
    raised = object_to(bidding)
    answer(raised, bidding.now, Verdict.UPHELD)
    assert find() is rules.NOT_FOUND_UNLAWFUL
    again = object_to(bidding)
    answer(again, bidding.now, Verdict.UPHELD, finds_unlawful=True)

    assert find() is None
    assert bidding.fresh().awaits == "announce_failure"


def test_a_regulators_hold_does_not_keep_anybody_from_objecting(bidding: Walk) -> None:
    with transaction.atomic():
        holds.place(
            code=bidding.case.code,
            document="监督〔2026〕1号",
            kind=holds.HoldKind.DIRECTIVE,
            cause="调查",
            placed_by_code="11530100015100000J",
            now=bidding.now,
        )

    assert reason_of(object_to, bidding) is None


def test_the_opening_record_is_told_of_objections(bidding: Walk) -> None:
    raised = object_to(bidding)
    Objection.objects.filter(pk=raised.pk).update(matter=Matter.OPENING)

    [told] = opening.of(bidding.case)

    assert (told.by_name, told.words) == (BIDDER.organisation_name, raised.claims)

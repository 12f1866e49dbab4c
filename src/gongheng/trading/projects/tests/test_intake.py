from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.cases import queries as cases, reasons
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.projects import actions, deciding, intake, planning, queries, rules
from gongheng.trading.projects.kinds import Anew, IntakeVerdict, PlanFacts
from gongheng.trading.projects.models import Lot, LotDecision, TenderPlan, TenderProject
from gongheng.trading.projects.tests.support import (
    NOW,
    OTHER,
    actor,
    approval,
    filing_facts,
    lot_of,
    person,
    project_facts,
    tender_facts,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from tests.cases import CLERK, Walk, confirmed, everything_agreed, open_accounts

pytestmark = pytest.mark.django_db

PLAN = PlanFacts(planned_on=date(2026, 11, 20), scope="道路、排水、照明工程施工")


@pytest.fixture
def clerk() -> Actor:
    return actor(person("王芳"))


@pytest.fixture
def colleague() -> Actor:
    return actor(person("李娜"))


@pytest.fixture
def officer() -> Actor:
    return actor(person("赵强", role=Role.OFFICER))


@pytest.fixture
def tender(clerk: Actor) -> TenderProject:
    made = tender_of(clerk)
    lot_of(made, clerk)
    lot_of(made, clerk, name="施工二标段")
    return made


def _awaits(tender: TenderProject) -> list[str]:
    return [case.awaits for case in queries.latest_cases(tender)]


def _submit(tender: TenderProject, who: Actor, **changes: Any) -> None:
    intake.submit(tender_project_id=tender.pk, facts=filing_facts(**changes), actor=who, now=NOW)


def _decide(tender: TenderProject, who: Actor, verdict: IntakeVerdict, *corrections: str) -> None:
    intake.decide(
        tender_project_id=tender.pk,
        verdict=verdict,
        corrections=corrections,
        actor=who,
        now=NOW,
    )


def _refused(expected: Reason, deed: Any, /, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        deed(*arguments, **more)
    assert refusal.value.reason is expected


def test_all_lots_of_a_tender_are_submitted_and_accepted_together(
    tender: TenderProject, clerk: Actor, officer: Actor
) -> None:
    _submit(tender, clerk)
    assert _awaits(tender) == ["accept", "accept"]

    _decide(tender, officer, IntakeVerdict.ACCEPTED)

    assert _awaits(tender) == ["publish_plan", "publish_plan"]
    filing = queries.latest_filing(tender)
    assert filing is not None
    assert (filing.catalogue_code, filing.is_listed) == ("G-01", True)
    assert filing.total == Decimal("27000000.00")


def test_corrections_are_told_once_with_everything(
    tender: TenderProject, clerk: Actor, officer: Actor
) -> None:
    """U-01."""
    _submit(tender, clerk)
    _refused(rules.NO_CORRECTIONS, _decide, tender, officer, IntakeVerdict.RETURNED)
    _decide(tender, officer, IntakeVerdict.RETURNED, "补充批复附件", "更正建设地点")
    assert _awaits(tender) == ["register", "register"]
    _submit(tender, clerk)

    _refused(rules.RETURNED_ONCE, _decide, tender, officer, IntakeVerdict.RETURNED, "补充规划许可")
    _decide(tender, officer, IntakeVerdict.RETURNED, "更正建设地点")  # still not mended
    _submit(tender, clerk)
    _decide(tender, officer, IntakeVerdict.ACCEPTED)

    verdicts = list(queries.filings_of(tender).values_list("number", "verdict"))
    assert verdicts == [(3, "accepted"), (2, "returned"), (1, "returned")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"digest": ""}, rules.NO_APPROVAL),
        ({"approval": approval(number=" ")}, rules.NO_APPROVAL),
        ({"approval": approval(on=None)}, rules.NO_APPROVAL),
        ({"approval": approval(on=date(2026, 10, 13))}, rules.APPROVAL_LATER),
    ],
)
def test_a_tender_without_its_approval_is_not_submitted(
    tender: TenderProject, clerk: Actor, changes: dict[str, Any], reason: Reason
) -> None:
    _refused(reason, _submit, tender, clerk, **changes)
    assert _awaits(tender) == ["register", "register"]

    _submit(tender, clerk, approval=approval(on=date(2026, 10, 12)))


def test_an_exception_of_the_catalogue_needs_reason_and_approver(clerk: Actor) -> None:
    tender = tender_of(clerk, is_statutory=False)
    lot_of(tender, clerk, estimate=Decimal("4000000.00"))
    grounds = {
        "exception_reason": "涉及抢险救灾，不适宜招标",
        "exception_approver": "昆明市人民政府",
        "exception_document": "昆政复〔2026〕12号",
    }

    for missing in grounds:
        _refused(rules.EXCEPTION_UNFOUNDED, _submit, tender, clerk, **(grounds | {missing: ""}))

    _submit(tender, clerk, **grounds)
    assert _awaits(tender) == ["accept"]


def test_below_the_sum_of_the_catalogue_nothing_is_asked(clerk: Actor) -> None:
    tender = tender_of(clerk, is_statutory=False)
    lot_of(tender, clerk, estimate=Decimal("3999999.99"))

    _submit(tender, clerk)

    filing = queries.latest_filing(tender)
    assert filing is not None
    assert not filing.is_listed


def test_a_tender_split_into_lots_is_still_one_for_the_catalogue(clerk: Actor) -> None:
    """J-03: lots do not evade tendering."""
    tender = tender_of(clerk, is_statutory=False)
    for _ in range(2):
        lot_of(tender, clerk, estimate=Decimal("2000000.00"))

    _refused(rules.EXCEPTION_UNFOUNDED, _submit, tender, clerk)


def test_a_county_clerk_registers_and_sees_the_own_and_the_citys_officer_accepts(
    officer: Actor, clerk: Actor
) -> None:
    county = actor(person("杨洋", region_code="530103", organisation_code=OTHER))
    elsewhere = actor(person("马超", region_code="530102", organisation_code=OTHER))
    tender = tender_of(county, tenderer_code=OTHER)
    lot = lot_of(tender, county)
    with pytest.raises(Refusal) as refusal:
        actions.register(
            project=project_facts(region_code="530103"),
            tender_project=tender_facts(tenderer_code=OTHER),
            actor=elsewhere,
            now=NOW,
        )
    assert refusal.value.reason is rules.OUT_OF_REACH

    _submit(tender, county)
    _decide(tender, officer, IntakeVerdict.ACCEPTED)

    assert _awaits(tender) == ["publish_plan"]
    case = cases.case_of(lot.code)
    assert case in cases.cases_for(county)
    for stranger in (clerk, elsewhere):
        assert case not in cases.cases_for(stranger)
        with pytest.raises(TenderProject.DoesNotExist):
            _submit(tender, stranger)


def test_an_officer_cannot_submit_and_a_clerk_cannot_accept(
    tender: TenderProject, clerk: Actor, officer: Actor
) -> None:
    with pytest.raises(TenderProject.DoesNotExist):
        _submit(tender, officer)
    _submit(tender, clerk)
    _refused(reasons.NOT_YOURS, _decide, tender, clerk, IntakeVerdict.ACCEPTED)


def _accepted(tender: TenderProject, clerk: Actor, officer: Actor) -> None:
    _submit(tender, clerk)
    _decide(tender, officer, IntakeVerdict.ACCEPTED)


def test_a_plan_is_published_for_all_lots_by_a_second_person(
    tender: TenderProject, clerk: Actor, colleague: Actor, officer: Actor
) -> None:
    _accepted(tender, clerk, officer)

    proposals = planning.propose(tender_project_id=tender.pk, facts=PLAN, actor=clerk, now=NOW)
    _refused(reasons.SAME_PERSON, confirmed, proposals[0], clerk, NOW)
    twice = actor(person("clerk-again", display_name=f" {clerk.name} "))
    _refused(reasons.SAME_PERSON, confirmed, proposals[0], twice, NOW)  # one person, two accounts
    confirmed(proposals[0], colleague, NOW)

    assert _awaits(tender) == ["review_documents", "review_documents"]
    plan = TenderPlan.objects.get()
    assert plan.published_at == NOW
    words = dict(plan.content["facts"])
    assert words["估算价合计"] == "27,000,000.00 元"
    assert words["计划发布招标公告日期"] == "2026-11-20"
    acts = Act.objects.filter(kind="tender_plan.published", audience="public")
    assert {act.case_code for act in acts} == set(Lot.objects.values_list("code", flat=True))


def test_a_plan_that_was_returned_is_changed_and_proposed_again(
    tender: TenderProject, clerk: Actor, colleague: Actor, officer: Actor
) -> None:
    _accepted(tender, clerk, officer)
    first = planning.propose(tender_project_id=tender.pk, facts=PLAN, actor=clerk, now=NOW)
    confirmed(first[0], colleague, NOW, verdict=Verdict.RETURN, reason="招标内容不完整")

    other = PlanFacts(planned_on=PLAN.planned_on, scope="道路、排水、照明和绿化工程施工")
    second = planning.propose(tender_project_id=tender.pk, facts=other, actor=clerk, now=NOW)
    confirmed(second[1], colleague, NOW)

    assert TenderPlan.objects.get().scope == other.scope


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (PlanFacts(planned_on=date(2026, 10, 11), scope="道路"), rules.PLAN_PAST),
        (PlanFacts(planned_on=date(2026, 10, 12), scope=" "), rules.PLAN_EMPTY),
    ],
)
def test_a_wrong_plan_is_refused(
    tender: TenderProject, clerk: Actor, officer: Actor, facts: PlanFacts, reason: Reason
) -> None:
    _accepted(tender, clerk, officer)

    _refused(
        reason, planning.propose, tender_project_id=tender.pk, facts=facts, actor=clerk, now=NOW
    )


def test_lots_are_taken_back_before_the_notice_for_a_reason(
    tender: TenderProject, clerk: Actor
) -> None:
    _submit(tender, clerk)
    one, other = queries.lots_of(tender)

    def abandon(*codes: str, reason: str = "资金计划调整") -> None:
        intake.abandon(
            tender_project_id=tender.pk, lot_codes=codes, reason=reason, actor=clerk, now=NOW
        )

    _refused(rules.NO_REASON, abandon, one.code, reason=" ")
    _refused(rules.NOTHING_WAITS, abandon, "E5301000001000001001999")
    abandon(one.code)
    assert _awaits(tender) == ["abandoned", "accept"]
    abandon(other.code)

    assert _awaits(tender) == ["abandoned", "abandoned"]
    assert LotDecision.objects.filter(outcome="abandoned").count() == 2
    filing = queries.latest_filing(tender)
    assert filing is not None
    assert filing.verdict == IntakeVerdict.WITHDRAWN


def _failed(tender: TenderProject, rounds: int) -> Walk:
    """Bring the first lot to the decision after so many failed rounds."""
    case = queries.latest_cases(tender)[0]
    walk = Walk(case, NOW)
    with everything_agreed():
        while walk.case.round_number < rounds or walk.case.awaits != "decide_anew":
            step = walk.case.awaits
            if step == "close_bids":
                walk.later(days=25)
            outcome = {"accept": "accepted", "close_bids": "too_few", "decide_anew": "again"}
            walk.do(step, outcome.get(step, ""))
    return walk


def test_a_lot_is_dropped_only_after_two_failures_and_with_approval() -> None:
    open_accounts()
    clerk = CLERK

    def decide(walk: Walk, outcome: Anew, **changes: Any) -> None:
        said = {"reason": "投标人少于三个", "approval": approval(), **changes}
        deciding.decide_anew(
            case_id=walk.case.pk, outcome=outcome, actor=clerk, now=walk.now, **said
        )

    own = tender_of(clerk, tenderer_code=clerk.organisation_code)
    lot_of(own, clerk)
    walk = _failed(own, rounds=1)
    _refused(reasons.COUNT_UNLAWFUL, decide, walk, Anew.DROP)
    _refused(rules.NO_REASON, decide, walk, Anew.AGAIN, reason="")
    decide(walk, Anew.AGAIN)
    assert walk.fresh().round_number == 2
    walk = _failed(own, rounds=2)
    _refused(rules.DROPPING_NOT_APPROVED, decide, walk, Anew.DROP, approval=None)
    _refused(
        rules.DROPPING_NOT_APPROVED,
        decide,
        walk,
        Anew.DROP,
        approval=approval(on=(walk.now + timedelta(days=1)).date()),
    )

    decide(walk, Anew.DROP)

    assert walk.fresh().awaits == "dropped"
    assert [one.outcome for one in queries.decisions_of(walk.case.code)] == ["again", "drop"]

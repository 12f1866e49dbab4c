"""From the report to the award notice: what happens, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from gongheng.data.records.models import Act, Current
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import actions, bulletins, casework, queries, rules
from gongheng.trading.award.kinds import LetterKind, LossCause, RecheckCause, Statement
from gongheng.trading.award.models import Letter, SupervisorReport
from gongheng.trading.award.tests.support import (
    PAPER,
    PRICES,
    SECTIONS,
    notified,
    published,
    received,
    viewed,
)
from gongheng.trading.cases import actions as cases, reasons
from gongheng.web.files import UNKNOWN_TYPE, Paper
from tests.cases import BIDDER, CLERK, COLLEAGUE, person

pytestmark = pytest.mark.django_db


def refused(deed: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(**facts)
    return refusal.value


def test_candidates_go_on_view_as_records_with_everything_of_b_06() -> None:
    course = received()

    course.on_view()

    bulletin = queries.publicity_of(course.case)
    assert bulletin is not None
    body = Current.objects.get(dataset="TENDER_CANDIDATE_ANNOUNCE").version.body
    for word in ("第1名", "9,600,000.00", "日历天", "一级建造师", "资质齐全", "异议"):
        assert word in body["PUBLICITY_CONTENT"]
    assert Current.objects.filter(dataset="TENDER_CANDIDATE").count() == 3
    assert course.case.awaits == "award"
    assert bulletin.ends_at is not None
    assert bulletin.ends_at > course.now


def test_a_publicity_needs_what_the_law_lists_for_every_candidate() -> None:
    course = received()
    statements = course.publicity().statements
    statements[course.ranked[1]] = Statement(certificate=" ", qualification="资质齐全")

    refusal = refused(
        bulletins.propose_publicity, facts=course.publicity(statements=statements), **course.by
    )

    assert refusal.reason is rules.STATEMENT_MISSING


def test_a_publicity_that_waited_too_long_for_its_second_person_is_refused() -> None:
    course = received()
    proposal = bulletins.propose_publicity(facts=course.publicity(), **course.by)

    course.later(days=3)
    with pytest.raises(Refusal) as refusal:
        course.agree(proposal)

    assert refusal.value.reason is rules.VIEW_TOO_SHORT
    assert course.case.awaits == "publish_candidates"


def test_one_person_alone_shows_no_candidates() -> None:
    course = received()
    proposal = bulletins.propose_publicity(facts=course.publicity(), **course.by)

    with pytest.raises(Refusal) as refusal:
        course.agree(proposal, CLERK)

    assert refusal.value.reason is reasons.SAME_PERSON


def test_a_late_publicity_is_noted_with_w_28() -> None:
    course = received().later(days=20)

    course.on_view()

    [note] = course.case.steps.get(step="publish_candidates").notes
    assert note["rule"] == "W-28"


def test_the_first_candidate_is_awarded_by_two_people() -> None:
    course = received()

    course.awarded()

    award = queries.awarded(course.case.code)
    assert award is not None
    assert award.bidder_code == course.ranked[0]
    assert award.amount == PRICES[course.ranked[0]]
    assert course.case.awaits == "notify_award"


def test_nobody_is_awarded_while_candidates_are_on_view() -> None:
    course = received().on_view()
    bulletin = queries.publicity_of(course.case)
    assert bulletin is not None
    assert bulletin.ends_at is not None

    course.now = bulletin.ends_at - timedelta(seconds=1)
    refusal = refused(actions.propose_award, bidder_code=course.ranked[0], **course.by)

    assert refusal.reason is rules.STILL_ON_VIEW
    too_early = refused(
        actions.propose_award,
        **(course.by | {"bidder_code": course.ranked[0], "now": course.now - timedelta(days=1)}),
    )
    assert too_early.reason is reasons.TOO_EARLY


def test_a_longer_publicity_is_waited_for() -> None:
    course = received()
    ends_on = bulletins.earliest_end(course.case, course.now) + timedelta(days=14)
    course.on_view(ends_on=ends_on)
    first = course.ranked[0]

    refusal = refused(actions.propose_award, **(course.later(days=9).by | {"bidder_code": first}))

    assert refusal.reason is rules.STILL_ON_VIEW


@pytest.mark.parametrize("place", [1, 2])
def test_another_than_the_first_is_refused_without_a_cause(place: int) -> None:
    """W-29."""
    course = viewed()

    refusal = refused(actions.propose_award, bidder_code=course.ranked[place], **course.by)

    assert refusal.reason is rules.OUT_OF_ORDER


def test_the_next_is_awarded_for_a_cause_of_the_law() -> None:
    """W-29."""
    course = viewed()
    first, second, _ = course.ranked
    course.lose(first, LossCause.FORCE_MAJEURE)

    course.awarded(second)

    assert course.winner().bidder_code == second


def test_the_third_is_refused_while_only_the_first_is_lost() -> None:
    course = viewed()
    first, _, third = course.ranked
    course.lose(first)

    refusal = refused(actions.propose_award, bidder_code=third, **course.by)

    assert refusal.reason is rules.OUT_OF_ORDER


def test_a_cause_without_proof_is_none() -> None:
    """W-29."""
    course = viewed()
    first = course.ranked[0]

    for changes, reason in (
        ({"paper": None}, rules.NO_PROOF),
        ({"reason": " "}, rules.NO_PROOF),
        ({"paper": Paper(name="a.exe", pieces=[b"MZ"])}, UNKNOWN_TYPE),
    ):
        with pytest.raises(Refusal) as refusal:
            course.lose(first, **changes)
        assert refusal.value.reason is reason
    assert not queries.losses_of(course.case).exists()


def test_a_candidate_is_lost_once() -> None:
    course = viewed()
    course.lose(course.ranked[0])

    with pytest.raises(Refusal) as refusal:
        course.lose(course.ranked[0])

    assert refusal.value.reason is rules.ALREADY_LOST


def test_a_lot_is_tendered_anew_only_when_nobody_is_left() -> None:
    course = viewed()
    first, second, third = course.ranked
    course.lose(first)
    course.lose(second)

    refusal = refused(actions.propose_award, bidder_code="", **course.by)
    course.lose(third)
    course.agree(actions.propose_award(bidder_code="", **course.by))

    assert refusal.reason is rules.SOMEBODY_LEFT
    assert course.case.awaits == "announce_failure"


def test_what_changed_since_the_proposal_is_judged_again() -> None:
    course = viewed()
    first = course.ranked[0]
    proposal = actions.propose_award(bidder_code=first, **course.by)
    course.lose(first)

    with pytest.raises(Refusal) as refusal:
        course.agree(proposal)

    assert refusal.value.reason is rules.CANNOT_WIN
    assert queries.decision_of(course.case) is None


def test_bids_that_expired_are_awarded_with_consent_only() -> None:
    course = viewed(validity_days=1)
    first = course.ranked[0]

    refusal = refused(actions.propose_award, bidder_code=first, **course.by)
    course.agree(actions.propose_award(bidder_code=first, consent="同意延长函", **course.by))

    assert refusal.reason is rules.BIDS_EXPIRED
    assert queries.decision_of(course.case) is not None


def test_the_original_committee_looks_again_for_a_written_cause() -> None:
    course = viewed()
    facts = {
        "cause": RecheckCause.FINANCE,
        "bidder_code": course.ranked[0],
        "reason": "被申请破产重整",
        "paper": PAPER,
    }

    row = actions.recheck(**(course.by | facts))

    assert course.case.awaits == "evaluate"
    assert course.case.steps.get(step="recheck_candidates").facts == {"recheck": str(row.pk)}


def test_a_recheck_without_a_cause_is_refused() -> None:
    course = viewed()

    refusal = refused(
        cases.advance,
        step="recheck_candidates",
        facts={"recheck": "0190a000-0000-7000-8000-000000000000"},
        **course.by,
    )

    assert refusal.reason is rules.NO_CAUSE


def test_the_winner_gets_the_letter_and_everybody_else_the_result() -> None:
    course = received()

    course.notified()

    letters = Letter.objects.order_by("kind")
    assert [letter.kind for letter in letters] == [
        LetterKind.AWARD,
        LetterKind.RESULT,
        LetterKind.RESULT,
    ]
    assert {letter.sent_at for letter in letters} == {course.now}
    assert letters[0].bidder_code == course.ranked[0]
    assert course.case.awaits == "publish_result"


def test_a_bidder_reads_its_own_letter_only() -> None:
    course = notified()
    own = person("own", "bidder", organisation=course.ranked[1])

    assert [row.bidder_code for row in queries.letters_for(own)] == [course.ranked[1]]
    assert not queries.letters_for(BIDDER).exists()
    assert not queries.letters_for(CLERK).exists()


def test_the_award_notice_is_a_record_with_winner_and_price() -> None:
    """B-07."""
    course = received()

    course.published()

    body = Current.objects.get(dataset="WIN_RESULT_ANNO").version.body
    assert body["WIN_BIDDER_CODE"] == course.ranked[0]
    assert body["BID_AMOUNT"] == "9600000.00"
    assert course.case.awaits == "sign_contract"


def test_the_supervisor_gets_a_report_with_its_contents() -> None:
    course = published()

    report = actions.report_to_supervisor(sections=SECTIONS, **course.by)

    act = Act.objects.get(kind="award.reported")
    assert act.audience == "supervision"
    assert act.facts["sections"] == [list(section) for section in SECTIONS]
    assert act.facts["digest"] == report.digest
    assert not course.case.steps.get(step="report_to_supervisor").notes


def test_a_late_report_is_taken_and_noted_with_w_32() -> None:
    course = published().later(days=40)

    actions.report_to_supervisor(sections=SECTIONS, **course.by)

    [note] = course.case.steps.get(step="report_to_supervisor").notes
    assert note["rule"] == "W-32"


def test_a_report_without_its_parts_is_refused() -> None:
    course = published()

    refusal = refused(actions.report_to_supervisor, sections=[("招标范围", "")], **course.by)

    assert refusal.reason is rules.SECTION_EMPTY
    assert not SupervisorReport.objects.exists()


def test_another_organisations_clerk_does_nothing_here() -> None:
    course = viewed()
    stranger = person("stranger", "clerk", organisation="91530100MA6K000013")

    for deed, facts in (
        (bulletins.propose_publicity, {"facts": course.publicity()}),
        (actions.propose_award, {"bidder_code": course.ranked[0]}),
        (actions.notify, {}),
        (actions.report_to_supervisor, {"sections": SECTIONS}),
    ):
        refusal = refused(deed, **(course.by | facts | {"actor": stranger}))
        assert refusal.reason is casework.NOT_ALLOWED


def test_acts_of_an_award_name_no_bidder_and_no_expert() -> None:
    course = published()

    facts = str([row.facts for row in Act.objects.filter(case_code=course.case.code)])

    for bidder in queries.recommended(course.case):
        assert bidder.bidder_name not in facts
        assert bidder.bidder_code not in facts
    assert "专家" not in facts


def test_who_confirms_is_another_than_who_proposed() -> None:
    course = viewed()
    proposal = actions.propose_award(bidder_code=course.ranked[0], **course.by)

    with pytest.raises(Refusal) as refusal:
        course.agree(proposal, CLERK)
    course.agree(proposal, COLLEAGUE)

    assert refusal.value.reason is reasons.SAME_PERSON

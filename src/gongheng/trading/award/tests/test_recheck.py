"""The original committee looks again: the same members, their marks as they were, a new report (W-30)."""

import pytest

from gongheng.trading.award import actions, queries
from gongheng.trading.award.kinds import RecheckCause
from gongheng.trading.award.tests.support import PAPER, Course
from gongheng.trading.evaluation import actions as evaluation, queries as evaluations
from gongheng.trading.evaluation.models import Report
from gongheng.trading.evaluation.tests.support import TECHNICAL, A, C, submitted
from tests.cases import CLERK
from tests.worlds import once

pytestmark = pytest.mark.django_db


@pytest.fixture(name="again")
def _again() -> Course:
    return sent_back()


@once
def sent_back() -> Course:
    """Return a case that went back to the committee whose report is on view."""
    found, _ = submitted()
    evaluation.receive(case_id=found.case.pk, actor=CLERK, now=found.now)
    course = Course(found, found.now).viewed()
    actions.recheck(
        cause=RecheckCause.FINANCE,
        bidder_code=A,
        reason="评分汇总有误",
        paper=PAPER,
        **course.by,
    )
    found.now = course.now
    return course


def test_the_committee_and_its_marks_are_those_of_before(again: Course) -> None:
    committee = again.sitting.fresh()

    assert again.case.awaits == "evaluate"
    assert [member.name for member in evaluations.standing_members(committee)] == [
        f"专家{number}" for number in range(1, 6)
    ]
    assert len(evaluations.findings_of(committee).marks) == 60
    assert evaluations.open_report(committee) is None


def test_a_corrected_mark_leads_to_a_second_report_and_to_another_first(again: Course) -> None:
    room = again.sitting
    for member in room.members:
        room.mark(member, A, TECHNICAL, "20", number=1)

    report = evaluation.draw_up(**room.by(room.chair))
    for member in room.members:
        room.sign(member, report)
    evaluation.submit(**room.by(room.chair))
    evaluation.receive(case_id=again.case.pk, actor=CLERK, now=room.now)

    assert report.number == 2
    assert again.case.awaits == "publish_candidates"
    found = evaluations.report(again.case.code)
    assert found is not None
    assert (found.number, found.ranking[0].bidder_code) == (2, C)
    first = Report.objects.get(committee=room.fresh(), number=1)
    assert first.submitted_at is not None
    assert first.withdrawn_at is None
    assert queries.recommended(again.case)[0].bidder_code == C


def test_a_report_that_changes_nothing_goes_the_same_way(again: Course) -> None:
    room = again.sitting
    report = evaluation.draw_up(**room.by(room.chair))
    for member in room.members:
        room.sign(member, report)

    evaluation.submit(**room.by(room.chair))

    assert again.case.awaits == "receive_report"
    assert next(row["bidder"] for row in report.body["ranking"]) == A

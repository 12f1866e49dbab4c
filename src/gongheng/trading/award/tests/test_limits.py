"""At most so many lots for one bidder, in the order of the lots, if the documents say so (J-04)."""

from dataclasses import dataclass

import pytest

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import actions, limits, queries, rules
from gongheng.trading.award.models import Bulletin, Candidate, Decision
from gongheng.trading.award.tests.support import Course, viewed
from gongheng.trading.cases.models import Case
from gongheng.trading.projects.models import Lot

pytestmark = pytest.mark.django_db


@dataclass
class Sibling:
    """Another lot of the same tender, as its own steps would have left it."""

    course: Course
    code: str

    @classmethod
    def of(cls, course: Course, *, code: str) -> "Sibling":
        lot = Lot.objects.get(code=course.case.code)
        lot.pk, lot.code, lot.name = uuid7(), code, f"第{code[-3:]}标段"
        lot.transaction_code, lot.submission = f"{code[-4:]:0>40}", uuid7()
        lot.save(force_insert=True)
        case = Case.objects.get(pk=course.case.pk)
        case.pk, case.code = uuid7(), code
        case.save(force_insert=True)
        return cls(course, code)

    @property
    def case(self) -> Case:
        return Case.objects.get(code=self.code)

    def won_by(self, bidder: str) -> "Sibling":
        """Write the award of this lot as two people would have made it."""
        bulletin = Bulletin.objects.filter(case=self.course.case).get()
        candidate = bulletin.candidates.get(bidder_code=bidder)
        bulletin.pk, bulletin.case = uuid7(), self.case
        bulletin.save(force_insert=True)
        candidate.pk, candidate.bulletin = uuid7(), bulletin
        candidate.save(force_insert=True)
        Decision.objects.create(
            region_code=self.case.region_code,
            case=self.case,
            candidate=candidate,
            proposed_by_name="王芳",
            proposed_at=self.course.now,
            decided_by_name="李强",
            decided_at=self.course.now,
        )
        return self


def before(course: Course) -> str:
    """Return a lot's code that comes before the course's."""
    return f"{course.case.code[:-3]}000"


def after(course: Course) -> str:
    return f"{course.case.code[:-3]}999"


def refusal_of(course: Course, bidder: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        actions.propose_award(bidder_code=bidder, **course.by)
    return refused.value


def test_who_has_won_enough_lots_gives_way_to_the_next() -> None:
    """J-04."""
    course = viewed(most_lots=1)
    first, second, _ = course.ranked
    Sibling.of(course, code=before(course)).won_by(first)

    assert refusal_of(course, first).reason is rules.CANNOT_WIN
    course.awarded(second)

    assert course.winner().bidder_code == second


@pytest.mark.parametrize("most", [None, 2])
def test_without_a_limit_or_below_it_the_first_wins(most: int | None) -> None:
    """J-04, W-29: only if the documents say so."""
    course = viewed(most_lots=most)
    first, second, _ = course.ranked
    Sibling.of(course, code=before(course)).won_by(first)

    assert refusal_of(course, second).reason is rules.OUT_OF_ORDER
    assert course.awarded(first).winner().bidder_code == first


def test_lots_are_awarded_in_the_order_of_their_codes() -> None:
    """J-04: the order is fixed before the opening, so nobody chooses which lot a bidder gets."""
    course = viewed(most_lots=1)
    first = course.ranked[0]
    earlier = Sibling.of(course, code=before(course))
    Sibling.of(course, code=after(course))

    refusal = refusal_of(course, first)
    assert refusal.reason is rules.EARLIER_LOT_OPEN
    assert refusal.facts["lot"] == earlier.code
    Case.objects.filter(code=earlier.code).update(is_over=True, over_at=course.now)

    assert course.awarded(first).winner().bidder_code == first


def test_nobody_is_left_when_all_have_won_enough() -> None:
    """J-04, Q-06."""
    course = viewed(most_lots=1)
    for number, bidder in enumerate(course.ranked):
        Sibling.of(course, code=f"{course.case.code[:-3]}90{number}").won_by(bidder)

    assert limits.barred(course.case, 1) == set(course.ranked)
    proposal = actions.propose_award(bidder_code="", reason="均达到数量", **course.by)
    course.agree(proposal)
    assert queries.decision_of(course.case) is None


def test_the_list_says_why() -> None:
    course = viewed(most_lots=1)
    first = course.ranked[0]
    sibling = Sibling.of(course, code=before(course)).won_by(first)
    rows = limits.standing(course.case)

    [(candidate, why), *rest] = rows
    assert isinstance(candidate, Candidate)
    assert isinstance(why, limits.Full)
    assert candidate.bidder_code == first
    name = queries.lot_of(sibling.case).name
    assert why.cause_label == f"已中标 {name}，达到招标文件规定的最多 1 个标段"
    assert [found for _, found in rest] == [None, None]

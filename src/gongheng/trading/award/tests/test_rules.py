"""The order of candidates and the days of their publicity, with the handbook's dated examples."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import rules

W_28 = terms.in_force("W-28", date(2026, 10, 12))


@dataclass(frozen=True)
class Place:
    rank: int
    bidder_code: str
    bidder_name: str


FIRST, SECOND, THIRD = (Place(rank, f"code{rank}", f"firm{rank}") for rank in (1, 2, 3))
LIST = (FIRST, SECOND, THIRD)


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("published", "last_day"),
    [
        (at(2026, 2, 11), date(2026, 2, 14)),
        (at(2026, 2, 12), date(2026, 2, 24)),
        (at(2026, 9, 24), date(2026, 9, 28)),
    ],
)
def test_candidates_are_on_view_until_the_last_day_of_w_28(
    published: datetime, last_day: date
) -> None:
    ends_at = rules.require_view(starts_at=published, ends_on=last_day, term=W_28)

    assert ends_at == datetime.combine(
        last_day + timedelta(days=1), datetime.min.time(), tzinfo=BEIJING
    )


@pytest.mark.parametrize(
    ("published", "too_early"),
    [
        (at(2026, 2, 11), date(2026, 2, 13)),
        (at(2026, 2, 12), date(2026, 2, 15)),
        (at(2026, 9, 24), date(2026, 9, 27)),
    ],
)
def test_a_shorter_publicity_is_refused_with_the_earliest_day(
    published: datetime, too_early: date
) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_view(starts_at=published, ends_on=too_early, term=W_28)

    assert refusal.value.reason is rules.VIEW_TOO_SHORT
    assert refusal.value.facts["earliest"].last_day > too_early


def test_a_longer_publicity_must_end_on_a_working_day() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_view(starts_at=at(2026, 9, 21), ends_on=date(2026, 9, 26), term=W_28)

    assert refusal.value.reason is rules.ENDS_ON_REST_DAY
    assert refusal.value.facts["next_workday"] == date(2026, 9, 28)


def test_results_may_be_objected_to_until_a_microsecond_before_the_end() -> None:
    ends_at = at(2026, 2, 15, 0)

    rules.require_on_view(ends_at=ends_at, now=ends_at - timedelta(microseconds=1))
    for moment in (ends_at, ends_at + timedelta(microseconds=1)):
        with pytest.raises(Refusal) as refusal:
            rules.require_on_view(ends_at=ends_at, now=moment)
        assert refusal.value.reason is rules.NOT_ON_VIEW


def test_nobody_is_awarded_while_candidates_are_on_view() -> None:
    ends_at = at(2026, 2, 15, 0)

    with pytest.raises(Refusal) as refusal:
        rules.require_view_over(ends_at=ends_at, now=ends_at - timedelta(microseconds=1))
    rules.require_view_over(ends_at=ends_at, now=ends_at)

    assert refusal.value.reason is rules.STILL_ON_VIEW


def test_a_report_of_an_award_of_10_september_is_due_after_the_holiday() -> None:
    deadline = terms.in_force("W-32", date(2026, 9, 1)).deadline("确定中标人", at(2026, 9, 10))

    assert deadline.last_day == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("chosen", "lost", "reason"),
    [
        (SECOND, (), rules.OUT_OF_ORDER),
        (THIRD, (), rules.OUT_OF_ORDER),
        (THIRD, (FIRST,), rules.OUT_OF_ORDER),
        (THIRD, (SECOND,), rules.OUT_OF_ORDER),
        (FIRST, (FIRST,), rules.CANNOT_WIN),
        (SECOND, (FIRST, SECOND), rules.CANNOT_WIN),
        (Place(4, "code4", "firm4"), (), rules.NOT_A_CANDIDATE),
    ],
)
def test_every_wrong_order_is_refused(
    chosen: Place, lost: tuple[Place, ...], reason: object
) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_in_order(
            LIST, chosen=chosen.bidder_code, lost={row.bidder_code for row in lost}
        )

    assert refusal.value.reason is reason


@pytest.mark.parametrize(
    ("chosen", "lost"),
    [(FIRST, ()), (FIRST, (SECOND,)), (SECOND, (FIRST,)), (THIRD, (FIRST, SECOND))],
)
def test_the_first_who_is_left_wins(chosen: Place, lost: tuple[Place, ...]) -> None:
    """W-29."""
    codes = {row.bidder_code for row in lost}

    assert rules.require_in_order(LIST, chosen=chosen.bidder_code, lost=codes) is chosen
    assert rules.next_in_order(LIST, lost=codes) is chosen


@given(st.permutations(LIST), st.sets(st.sampled_from([row.bidder_code for row in LIST])))
def test_exactly_one_choice_is_lawful_while_somebody_is_left(
    listed: list[Place], lost: set[str]
) -> None:
    lawful = []
    for row in listed:
        try:
            rules.require_in_order(listed, chosen=row.bidder_code, lost=lost)
        except Refusal:
            continue
        lawful.append(row)

    assert lawful == [row for row in [rules.next_in_order(listed, lost=lost)] if row is not None]


def test_a_new_tender_needs_that_nobody_is_left() -> None:
    everybody = {row.bidder_code for row in LIST}

    rules.require_nobody_left(LIST, lost=everybody)
    for row in LIST:
        with pytest.raises(Refusal) as refusal:
            rules.require_nobody_left(LIST, lost=everybody - {row.bidder_code})
        assert refusal.value.reason is rules.SOMEBODY_LEFT


def test_an_award_must_fall_into_the_validity_of_the_bids() -> None:
    """W-12: it runs from the deadline. W-34: later only by consent."""
    last = date(2026, 9, 29)

    def judge(now: datetime, consent: str = "", agreed: date | None = None) -> None:
        rules.require_bids_valid(last_day=last, agreed_until=agreed, consent=consent, now=now)

    judge(at(2026, 9, 29, 23))
    judge(at(2026, 10, 31, 23), agreed=date(2026, 10, 31))
    judge(at(2026, 9, 30), consent="延长投标有效期同意书")
    with pytest.raises(Refusal) as refusal:
        judge(at(2026, 9, 30, 0), agreed=date(2026, 9, 1))
    assert refusal.value.reason is rules.BIDS_EXPIRED


def test_a_report_leaves_no_part_out() -> None:
    rules.require_sections([("招标范围", "全部工程")])

    for sections in ([], [("招标范围", "全部工程"), ("中标结果", " ")]):
        with pytest.raises(Refusal) as refusal:
            rules.require_sections(sections)
        assert refusal.value.reason is rules.SECTION_EMPTY

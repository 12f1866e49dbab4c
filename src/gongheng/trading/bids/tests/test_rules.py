"""The deadline by the rule alone, and whose envelope is taken."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import preparing, rules
from gongheng.trading.cases import rules as case_rules
from tests.cases import WORKS

DEADLINE = datetime(2026, 11, 20, 9, 0, tzinfo=BEIJING)


def is_taken_by_the_case(completed_at: datetime) -> bool:
    step = WORKS.step("submit_bid")
    try:
        case_rules.require_hours(step, facts={"bids_due_at": DEADLINE}, now=completed_at)
    except Refusal:
        return False
    return True


def test_ten_thousand_receipt_instants_fall_on_the_right_side() -> None:
    chance = random.Random(10)
    spans = (1, 1_000, 1_000_000, 3_600_000_000)
    offsets = [chance.randint(-span, span) for span in spans for _ in range(2_500)]

    wrong = [
        offset
        for offset in offsets
        if not (offset < 0)
        == rules.is_in_time(completed_at=(at := _at(offset)), deadline=DEADLINE)
        == is_taken_by_the_case(at)
    ]

    assert len(offsets) == 10_000
    assert wrong == []


def _at(microseconds: int) -> datetime:
    return DEADLINE + timedelta(microseconds=microseconds)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_what_is_complete_at_the_deadline_or_later_is_refused(late: timedelta) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_in_time(completed_at=DEADLINE + late, deadline=DEADLINE)

    assert refusal.value.reason is rules.TOO_LATE


@pytest.mark.parametrize(
    ("size", "reason"),
    [(0, rules.NOTHING_SENT), (rules.LARGEST + 1, rules.TOO_LARGE), (rules.LARGEST, None)],
)
def test_a_bid_has_at_most_500_megabytes(size: int, reason: object) -> None:
    if reason is None:
        rules.require_size(size)
        return
    with pytest.raises(Refusal) as refusal:
        rules.require_size(size)
    assert refusal.value.reason is reason


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=12, hours=3, minutes=5), "12 天 3 小时"),
        (timedelta(hours=3, minutes=5), "3 小时 5 分"),
        (timedelta(minutes=5, seconds=9), "5 分 9 秒"),
        (timedelta(0), "0 分 0 秒"),
    ],
)
def test_the_time_left_is_said_in_its_two_largest_units(left: timedelta, words: str) -> None:
    assert preparing.remaining(DEADLINE, DEADLINE - left) == words

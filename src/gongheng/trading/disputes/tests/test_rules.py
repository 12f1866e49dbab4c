"""The law's own dates for objections, and what an objection and its answer must say."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.disputes import rules

LAWFUL = {"异议请求": "删除", "事实和理由": "违法", "证据和线索": "原文", "联系方式": "电话"}


def test_w_09_the_last_day_is_ten_days_before_the_deadline() -> None:
    due = datetime(2026, 11, 2, 9, 0, tzinfo=BEIJING)
    last = rules.last_day_for_documents(bids_due_at=due, terms_on=date(2026, 10, 12))

    assert last == date(2026, 10, 23)
    term = terms.in_force("W-09", date(2026, 10, 12))
    in_time = datetime(2026, 10, 23, 23, 59, 59, 999_999, tzinfo=BEIJING)
    assert term.satisfied(in_time, due)
    assert not term.satisfied(in_time + timedelta(microseconds=1), due)


def test_w_09_a_last_day_that_is_a_day_of_rest_does_not_roll() -> None:
    due = datetime(2026, 10, 14, 9, 0, tzinfo=BEIJING)

    last = rules.last_day_for_documents(bids_due_at=due, terms_on=date(2026, 9, 1))

    assert last == date(2026, 10, 4)  # in the National Day holiday (T-05)


@pytest.mark.parametrize(
    ("raised", "ends"),
    [
        (datetime(2026, 10, 13, 15, 0, tzinfo=BEIJING), date(2026, 10, 16)),
        # The handbook's three days of publicity fall the same way: 2026-02-11, -02-12, -09-24.
        (datetime(2026, 2, 11, 9, 0, tzinfo=BEIJING), date(2026, 2, 14)),
        (datetime(2026, 2, 12, 9, 0, tzinfo=BEIJING), date(2026, 2, 24)),
        (datetime(2026, 9, 24, 9, 0, tzinfo=BEIJING), date(2026, 9, 28)),
    ],
)
def test_w_10_an_answer_is_due_three_days_after_the_objection(raised: datetime, ends: date) -> None:
    due = rules.answer_due(raised_at=raised, terms_on=raised.date())

    assert due.last_day == ends
    assert due.ends_at == datetime.combine(ends, datetime.min.time(), BEIJING) + timedelta(days=1)


@given(st.sets(st.sampled_from(sorted(LAWFUL)), min_size=1))
def test_everything_that_an_objection_leaves_out_is_told_at_once(missing: set[str]) -> None:
    parts = {name: " " if name in missing else text for name, text in LAWFUL.items()}

    with pytest.raises(Refusal) as refusal:
        rules.require_contents(parts)

    assert refusal.value.reason is rules.CONTENTS_MISSING
    assert set(refusal.value.facts["missing"]) == missing  # type: ignore[call-overload]
    rules.require_contents(LAWFUL)


def test_an_answer_says_something_and_does_not_contradict_itself() -> None:
    rules.require_answer(text="按原文执行。", is_upheld=False, finds_unlawful=False)
    rules.require_answer(text="违法，改正。", is_upheld=True, finds_unlawful=True)
    with pytest.raises(Refusal) as refusal:
        rules.require_answer(text="  ", is_upheld=True, finds_unlawful=False)
    assert refusal.value.reason is rules.NO_ANSWER
    with pytest.raises(Refusal) as refusal:
        rules.require_answer(text="不成立。", is_upheld=False, finds_unlawful=True)
    assert refusal.value.reason is rules.UNLAWFUL_BUT_REJECTED

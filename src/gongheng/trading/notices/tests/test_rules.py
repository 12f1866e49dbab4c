from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.notices import rules

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
TICK = timedelta(microseconds=1)


def _at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BEIJING)


def _reason(check: Callable[[], None]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        check()
    return refusal.value.reason


def test_twenty_days_of_bidding_are_enough_and_nineteen_are_not() -> None:
    def require(due: datetime) -> None:
        rules.require_bidding_time(
            documents_from=_at(10, 13), bids_due_at=due, is_statutory=True, now=NOW
        )

    require(_at(11, 2, 0))  # the clock time of the deadline is free

    assert _reason(lambda: require(_at(11, 1, 23))) is rules.BIDDING_TOO_SHORT


def test_bidding_that_would_end_on_a_holiday_runs_to_the_next_working_day() -> None:
    def require(due: datetime) -> None:
        rules.require_bidding_time(
            documents_from=_at(9, 12), bids_due_at=due, is_statutory=True, now=_at(9, 11)
        )

    require(_at(10, 8))

    assert _reason(lambda: require(_at(10, 7, 23))) is rules.BIDDING_TOO_SHORT
    earliest = rules.earliest_bids_due(_at(9, 12), now=_at(9, 11))
    assert earliest.last_day == date(2026, 10, 8)


def test_a_tender_that_no_law_asks_for_may_be_shorter() -> None:
    rules.require_bidding_time(
        documents_from=_at(10, 13), bids_due_at=_at(10, 20), is_statutory=False, now=NOW
    )


def test_five_days_of_sale_are_enough_and_four_are_not() -> None:
    def require(until: datetime) -> None:
        rules.require_documents_on_sale(documents_from=_at(10, 14), documents_until=until, now=NOW)

    require(_at(10, 19, 0))

    assert _reason(lambda: require(_at(10, 18, 23))) is rules.SALE_TOO_SHORT


def test_documents_are_issued_with_the_notice_or_after() -> None:
    rules.require_documents_after_notice(now=NOW, documents_from=NOW)

    early = NOW - TICK
    refused = _reason(lambda: rules.require_documents_after_notice(now=NOW, documents_from=early))
    assert refused is rules.DOCUMENTS_BEFORE_NOTICE


@given(st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=30)))
def test_bids_are_opened_at_the_deadline_and_at_no_other_instant(apart: timedelta) -> None:
    due = _at(11, 2)

    def require() -> None:
        rules.require_opening_at_deadline(bids_due_at=due, opening_at=due + apart)

    if apart:
        assert _reason(require) is rules.OPENING_APART
    else:
        require()


@given(length=st.integers(min_value=0, max_value=60), begin=st.integers(min_value=0, max_value=60))
def test_the_earliest_day_shown_is_the_first_that_is_not_refused(length: int, begin: int) -> None:
    documents_from = NOW + timedelta(days=begin)
    due = documents_from + timedelta(days=length)
    earliest = rules.earliest_bids_due(documents_from, now=NOW).last_day

    def require() -> None:
        rules.require_bidding_time(
            documents_from=documents_from, bids_due_at=due, is_statutory=True, now=NOW
        )

    if due.date() >= earliest:
        require()
    else:
        assert _reason(require) is rules.BIDDING_TOO_SHORT


@pytest.mark.parametrize(
    ("chosen", "taken", "reason"),
    [((), (), rules.NO_LOT), (("c",), (), rules.UNKNOWN_LOT), (("a",), ("a",), rules.LOT_TAKEN)],
)
def test_a_notice_is_for_lots_with_codes_that_no_other_notice_has(
    chosen: tuple[str, ...], taken: tuple[str, ...], reason: Reason
) -> None:
    coded = ("a", "b")

    rules.require_lots(chosen=("a", "b"), coded=coded, taken=())

    assert _reason(lambda: rules.require_lots(chosen=chosen, coded=coded, taken=taken)) is reason


def test_every_item_that_the_law_asks_for_must_be_said() -> None:
    """B-03."""
    items = {"招标条件": "批准建设", "联系方式": "电话"}
    rules.require_contents(items)

    with pytest.raises(Refusal) as refusal:
        rules.require_contents(items | {"联系方式": " \n"})
    assert refusal.value.reason is rules.CONTENTS_MISSING
    assert refusal.value.facts["missing"] == ("联系方式",)


def test_a_change_that_may_affect_bids_leaves_fifteen_days() -> None:
    def require(due: datetime, *, may_affect_bids: bool = True) -> None:
        rules.require_change_in_time(now=NOW, bids_due_at=due, may_affect_bids=may_affect_bids)

    require(_at(10, 27, 0))
    require(_at(10, 13), may_affect_bids=False)

    assert _reason(lambda: require(_at(10, 26, 23))) is rules.CHANGE_TOO_LATE


def test_an_announced_time_is_never_moved_forward() -> None:
    announced = _at(11, 2)
    rules.require_not_shortened(announced=announced, changed=announced)

    refused = _reason(
        lambda: rules.require_not_shortened(announced=announced, changed=announced - TICK)
    )
    assert refused is rules.DEADLINE_SHORTENED


def test_a_notice_is_open_until_just_before_its_deadline() -> None:
    due = _at(11, 2)
    rules.require_open(now=due - TICK, bids_due_at=due, is_standing=True)

    late = _reason(lambda: rules.require_open(now=due, bids_due_at=due, is_standing=True))
    gone = _reason(lambda: rules.require_open(now=NOW, bids_due_at=due, is_standing=False))
    assert (late, gone) == (rules.DEADLINE_PASSED, rules.WITHDRAWN)


@given(stated=st.integers(0, 50), current=st.integers(0, 50))
def test_only_the_version_that_was_read_is_written_over(stated: int, current: int) -> None:
    if stated == current:
        rules.require_current(stated=stated, current=current)
    else:
        assert (
            _reason(lambda: rules.require_current(stated=stated, current=current))
            is rules.STALE_DRAFT
        )


@pytest.mark.parametrize(
    ("method", "is_doubtful"),
    [
        ("登录本平台下载，无需报名和审批。", False),
        ("请持介绍信现场购买。", True),
        ("报名后发售。", True),
    ],
)
def test_documents_that_seem_to_ask_for_a_registration_are_doubted(
    method: str, *, is_doubtful: bool
) -> None:
    assert rules.seems_to_ask_first(method) is is_doubtful

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.venues import reasons, rules
from gongheng.registers.venues.kinds import Purpose

NOW = datetime(2026, 11, 9, 8, 0, tzinfo=BEIJING)
NINE = NOW + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ((NINE + timedelta(minutes=10), ELEVEN), reasons.HALF_HOURS),
        ((NINE, ELEVEN + MICROSECOND), reasons.HALF_HOURS),
        ((NINE, NINE), reasons.BACKWARDS),
        ((ELEVEN, NINE), reasons.BACKWARDS),
        ((NINE, NINE + rules.LONGEST + rules.SLOT), reasons.TOO_LONG),
        ((NOW - rules.SLOT, ELEVEN), reasons.PAST),
    ],
)
def test_hours_that_nobody_can_book_are_refused(hours: Any, reason: Any) -> None:
    rules.require_hours(starts_at=NOW, ends_at=NOW + rules.LONGEST, now=NOW)

    with pytest.raises(Refusal) as refusal:
        rules.require_hours(starts_at=hours[0], ends_at=hours[1], now=NOW)
    assert refusal.value.reason is reason


@pytest.mark.parametrize(
    ("purpose", "opening_at", "reason"),
    [
        (Purpose.OPENING, NINE, None),
        (Purpose.OPENING, ELEVEN - MICROSECOND, None),
        (Purpose.OPENING, ELEVEN, reasons.MISSES_OPENING),
        (Purpose.OPENING, NINE - MICROSECOND, reasons.MISSES_OPENING),
        (Purpose.OPENING, None, None),
        (Purpose.EVALUATION, NINE, None),
        (Purpose.EVALUATION, NINE + MICROSECOND, reasons.BEFORE_OPENING),
        (Purpose.OTHER, ELEVEN, None),
    ],
)
def test_an_opening_room_holds_the_hour_and_an_evaluation_comes_after_it(
    purpose: Purpose, opening_at: datetime | None, reason: Any
) -> None:
    hours = {"starts_at": NINE, "ends_at": ELEVEN, "opening_at": opening_at}
    if reason is None:
        rules.require_fit(purpose, **hours)  # type: ignore[arg-type]  # a mapping of the three
        return

    with pytest.raises(Refusal) as refusal:
        rules.require_fit(purpose, **hours)  # type: ignore[arg-type]  # a mapping of the three
    assert refusal.value.reason is reason


def test_hours_are_taken_by_halves_and_the_last_is_left_to_the_next() -> None:
    halves = rules.slots(NINE, ELEVEN)

    assert len(halves) == 4
    assert halves[0] == NINE
    assert ELEVEN not in halves


@given(
    taken=st.sets(st.integers(min_value=0, max_value=300), max_size=200),
    length=st.integers(min_value=1, max_value=30),
    minutes=st.integers(min_value=0, max_value=3000),
)
def test_what_is_said_to_be_free_is_free_and_in_future(
    taken: set[int], length: int, minutes: int
) -> None:
    busy = {NOW + number * rules.SLOT for number in taken}
    after = NOW + timedelta(minutes=minutes)

    found = rules.free_hours(busy, length=length * rules.SLOT, after=after, most=3)

    for starts_at, ends_at in found:
        assert starts_at >= after
        assert ends_at - starts_at == length * rules.SLOT
        assert busy.isdisjoint(rules.slots(starts_at, ends_at))
        assert rules.DAY_BEGINS <= starts_at.time() < rules.DAY_ENDS
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(found))
    assert busy or len(found) == 3

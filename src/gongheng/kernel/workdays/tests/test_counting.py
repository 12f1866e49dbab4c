from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.units import Unit
from gongheng.kernel.workdays.calendar import national
from gongheng.kernel.workdays.counting import (
    Pause,
    add_months,
    add_workdays,
    day_of,
    end_at,
    end_of,
    end_of_paused,
    latest_before,
    midnight_after,
    roll,
    workdays_between,
)

CALENDAR = national()
WITHOUT_ZONE = datetime(2026, 5, 1, 9, tzinfo=BEIJING).replace(tzinfo=None)
days = st.dates(min_value=date(2019, 1, 1), max_value=date(2026, 6, 30))
lengths = st.integers(min_value=0, max_value=90)
day_units = st.sampled_from([Unit.CD, Unit.WD, Unit.M])


@given(days, lengths)
def test_the_last_of_n_working_days_has_n_working_days_behind_it(start: date, n: int) -> None:
    """T-04."""
    end = add_workdays(start, n, CALENDAR)

    assert workdays_between(start, end, CALENDAR) == n
    assert n == 0 or CALENDAR.is_workday(end)


@given(days, st.integers(min_value=1, max_value=60))
def test_working_days_are_counted_as_the_foreign_calendar_counts_them(start: date, n: int) -> None:
    """T-04, T-16."""
    following = chinese_calendar.get_workdays(
        start + timedelta(days=1), start + timedelta(days=180)
    )

    assert add_workdays(start, n, CALENDAR) == following[n - 1]


@given(days, st.integers(min_value=1, max_value=30).filter(lambda n: n < 19))
def test_a_period_ends_on_a_working_day_and_never_early(start: date, n: int) -> None:
    """T-02, T-03."""
    end = end_of(start, n, Unit.CD, CALENDAR)

    assert CALENDAR.is_workday(end)
    assert end >= start + timedelta(days=n)
    assert workdays_between(start + timedelta(days=n - 1), end - timedelta(days=1), CALENDAR) == 0


@given(days, days, lengths, day_units)
def test_who_starts_later_never_ends_earlier(one: date, other: date, n: int, unit: Unit) -> None:
    """T-02."""
    early, late = sorted((one, other))

    assert end_of(early, n % 6, unit, CALENDAR) <= end_of(late, n % 6, unit, CALENDAR)


@given(days)
def test_rolling_twice_is_rolling_once(day: date) -> None:
    """T-03."""
    rolled = roll(day, CALENDAR)

    assert roll(rolled, CALENDAR) == rolled
    assert rolled == day or not CALENDAR.is_workday(day)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_months_last(
    start: date, n: int, expected: date
) -> None:
    """T-08."""
    assert add_months(start, n) == expected


def test_a_year_rolls_off_a_rest_day() -> None:
    """T-03, T-08."""
    assert end_of(date(2025, 10, 1), 1, Unit.Y, CALENDAR) == date(2026, 10, 8)


def test_hours_are_counted_from_the_instant_and_never_rolled() -> None:
    """T-01, T-03."""
    eve_of_holiday = datetime(2026, 9, 30, 20, 0, tzinfo=BEIJING)

    assert end_at(eve_of_holiday, 24, Unit.H, CALENDAR) == datetime(
        2026, 10, 1, 20, 0, tzinfo=BEIJING
    )
    assert end_at(eve_of_holiday, 30, Unit.MIN, CALENDAR) == eve_of_holiday + timedelta(minutes=30)
    assert end_at(eve_of_holiday, 2, Unit.SECOND, CALENDAR) == eve_of_holiday + timedelta(seconds=2)


def test_the_day_of_an_instant_is_beijings_day() -> None:
    late_in_london = datetime(2026, 9, 21, 17, 0, tzinfo=UTC)

    assert day_of(late_in_london) == date(2026, 9, 22)
    assert end_at(late_in_london, 7, Unit.WD, CALENDAR) == midnight_after(date(2026, 10, 9))


@pytest.mark.parametrize("start", [WITHOUT_ZONE, date(2026, 5, 1)])
def test_hours_need_an_instant_with_a_zone(start: date) -> None:
    with pytest.raises(ValueError, match=r"zone|counted"):
        end_at(start, 1, Unit.H, CALENDAR)


def test_working_days_before_an_event_are_counted_backwards_over_a_holiday() -> None:
    """T-05."""
    assert latest_before(date(2026, 10, 9), 2, CALENDAR, Unit.WD) == date(2026, 9, 30)


@given(days, lengths)
def test_an_act_on_the_latest_day_leaves_all_the_days_before_the_event(event: date, n: int) -> None:
    """T-05."""
    event += timedelta(days=150)

    assert (event - latest_before(event, n, CALENDAR)).days == n
    latest = latest_before(event, n % 60, CALENDAR, Unit.WD)
    assert (
        workdays_between(latest - timedelta(days=1), event - timedelta(days=1), CALENDAR) >= n % 60
    )


def test_the_time_of_an_objection_is_not_counted_in_the_complaint_period() -> None:
    """T-11."""
    known, objected, answered = date(2026, 6, 1), date(2026, 6, 3), date(2026, 6, 5)

    end = end_of_paused(known, 10, Unit.CD, [Pause(objected, answered)], CALENDAR)

    assert end == date(2026, 6, 15)  # the 13th is a Saturday
    assert end_of(known, 10, Unit.CD, CALENDAR) == date(2026, 6, 11)


def test_a_period_does_not_end_inside_a_pause() -> None:
    """T-11."""
    start = date(2026, 6, 1)

    end = end_of_paused(start, 0, Unit.WD, [Pause(date(2026, 5, 31), date(2026, 6, 2))], CALENDAR)

    assert end == date(2026, 6, 3)


@given(days, lengths, st.integers(0, 40), st.integers(0, 30), st.sampled_from([Unit.CD, Unit.WD]))
def test_a_pause_never_shortens_a_period(
    start: date, n: int, after: int, length: int, unit: Unit
) -> None:
    """T-11."""
    begins = start + timedelta(days=after)
    pause = Pause(begins, begins + timedelta(days=length))
    n = max(n, 1)

    paused = end_of_paused(start, n, unit, [pause], CALENDAR)

    assert paused >= end_of_paused(start, n, unit, [], CALENDAR) == end_of(start, n, unit, CALENDAR)


def test_pauses_that_overlap_are_not_subtracted_twice() -> None:
    """T-11."""
    pause = Pause(date(2026, 6, 3), date(2026, 6, 5))

    once = end_of_paused(date(2026, 6, 1), 10, Unit.CD, [pause], CALENDAR)

    assert end_of_paused(date(2026, 6, 1), 10, Unit.CD, [pause, pause], CALENDAR) == once


def test_what_cannot_be_counted_is_a_fault() -> None:
    day = date(2026, 6, 1)

    with pytest.raises(ValueError, match="negative"):
        end_of(day, -1, Unit.CD, CALENDAR)
    with pytest.raises(ValueError, match="last day"):
        end_of(day, 1, Unit.H, CALENDAR)
    with pytest.raises(ValueError, match="backwards"):
        latest_before(day, 1, CALENDAR, Unit.M)
    with pytest.raises(ValueError, match="paused"):
        end_of_paused(day, 1, Unit.M, [], CALENDAR)
    with pytest.raises(ValueError, match="pause"):
        Pause(day, day - timedelta(days=1))

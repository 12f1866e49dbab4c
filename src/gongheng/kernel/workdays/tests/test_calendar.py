from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.calendar import NO_CALENDAR, Day, Kind, Status, WorkCalendar, national

CALENDAR = national()
SWAPPED_2026 = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}


def test_every_official_day_agrees_with_a_foreign_calendar() -> None:
    """T-15, T-16."""
    days = [day for day in CALENDAR.days.values() if day.status is Status.OFFICIAL]

    assert (days[0].on, days[-1].on) == (date(2019, 1, 1), date(2026, 12, 31))
    assert [d.on for d in days if d.is_workday != chinese_calendar.is_workday(d.on)] == []


def test_the_working_weekends_of_2026_are_those_of_the_notice() -> None:
    """T-15."""
    swapped = {
        d.on.strftime("%m-%d")
        for d in CALENDAR.days.values()
        if d.kind is Kind.SWAPPED and d.on.year == 2026
    }

    assert swapped == SWAPPED_2026


def test_a_year_without_a_notice_is_provisional_and_has_no_swapped_weekend() -> None:
    """T-14, T-16."""
    year = [day for day in CALENDAR.days.values() if day.on.year == 2027]

    assert len(year) == 365
    assert {day.status for day in year} == {Status.PROVISIONAL}
    assert Kind.SWAPPED not in {day.kind for day in year}
    assert sum(day.kind is Kind.HOLIDAY for day in year) == 13


@pytest.mark.parametrize("outside", [date(2018, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_table_is_refused(outside: date) -> None:
    with pytest.raises(Refusal) as refusal:
        CALENDAR.is_workday(outside)

    assert refusal.value.reason is NO_CALENDAR
    assert refusal.value.facts["day"] == outside


def regional(on: date) -> Day:
    return Day(
        on,
        is_workday=False,
        kind=Kind.REGIONAL,
        source="云政办发〔2026〕1号",
        status=Status.OFFICIAL,
    )


def test_a_regional_holiday_is_an_overlay_and_leaves_the_national_calendar_alone() -> None:
    """T-17."""
    torch_festival = date(2026, 8, 6)

    province = CALENDAR.overlaid([regional(torch_festival)])

    assert not province.is_workday(torch_festival)
    assert CALENDAR.is_workday(torch_festival)
    assert province.version != CALENDAR.version
    assert CALENDAR.overlaid([]).version == CALENDAR.version


def test_a_calendar_with_a_gap_or_a_double_day_is_refused() -> None:
    monday, wednesday = regional(date(2026, 6, 1)), regional(date(2026, 6, 3))

    for broken in ([monday, wednesday], [monday, monday], []):
        with pytest.raises(ValueError, match="calendar"):
            WorkCalendar.of(broken)


@given(st.integers(min_value=1, max_value=3000))
def test_the_version_depends_on_the_days_and_not_on_their_order(cut: int) -> None:
    days = list(CALENDAR.days.values())

    assert WorkCalendar.of(days[cut:] + days[:cut]).version == CALENDAR.version


def test_a_period_is_provisional_when_one_of_its_days_is() -> None:
    """T-14."""
    new_year = date(2027, 1, 1)

    assert CALENDAR.is_provisional(date(2026, 12, 31), new_year)
    assert not CALENDAR.is_provisional(date(2026, 12, 30), new_year - timedelta(days=1))


def test_every_kind_of_day_has_a_chinese_label() -> None:
    assert all(kind.label for kind in Kind)

import json
from datetime import date, datetime, timedelta

import pytest

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.units import Unit
from gongheng.kernel.workdays.calendar import Day, Kind, Status, national
from gongheng.kernel.workdays.counting import Pause
from gongheng.kernel.workdays.deadlines import Deadline, deadline, recomputed

CALENDAR = national()


def complaint(start: date = date(2026, 10, 9), *, pauses: tuple[Pause, ...] = ()) -> Deadline:
    return deadline(
        event="答复期满",
        start=start,
        amount=15,
        unit=Unit.WD,
        rule="D-13",
        calendar=CALENDAR,
        pauses=pauses,
    )


def test_a_deadline_tells_all_it_rests_on() -> None:
    """T-18."""
    announced = complaint()

    assert announced.last_day == date(2026, 10, 29)
    assert announced.calendar == CALENDAR.version
    assert str(announced) == (
        "自2026年10月9日答复期满起15个工作日，至2026年10月29日24:00止。"
        f"规则D-13，工作日历{CALENDAR.version}。"
    )
    assert canonical(announced.as_json())


@pytest.mark.parametrize(("moment", "is_over"), [(-1, False), (0, True), (1, True)])
def test_an_act_at_the_very_end_is_late(moment: int, *, is_over: bool) -> None:
    """T-10."""
    announced = complaint()

    now = announced.ends_at + timedelta(microseconds=moment)

    assert announced.is_over(now) is is_over


def test_a_paused_deadline_says_so() -> None:
    paused = complaint(pauses=(Pause(date(2026, 10, 12), date(2026, 10, 14)),))

    assert paused.last_day == date(2026, 11, 2)
    assert "其间不计入的时间已扣除" in str(paused)
    assert paused.as_json()["pauses"] == [["2026-10-12", "2026-10-14"]]


def test_a_deadline_in_a_year_without_notice_is_marked() -> None:
    """T-14."""
    next_year = complaint(date(2026, 12, 28))

    assert next_year.is_provisional
    assert "暂定" in str(next_year)


def test_a_deadline_of_minutes_shows_its_clock_time() -> None:
    opened = datetime(2026, 11, 12, 9, 30, tzinfo=BEIJING)

    window = deadline(
        event="开始解密", start=opened, amount=30, unit=Unit.MIN, rule="E-06", calendar=CALENDAR
    )

    assert window.ends_at == opened + timedelta(minutes=30)
    assert "2026年11月12日10:00:00止" in str(window)
    assert window.last_day == opened.date()


def with_day(on: date, *, is_workday: bool) -> Day:
    kind = Kind.SWAPPED if is_workday else Kind.BRIDGE
    return Day(on, is_workday=is_workday, kind=kind, source="notice", status=Status.OFFICIAL)


def test_a_new_calendar_lengthens_an_announced_deadline() -> None:
    """T-16."""
    longer = CALENDAR.overlaid([with_day(date(2026, 10, 20), is_workday=False)])

    again = recomputed(complaint(), longer)

    assert again.last_day == date(2026, 10, 30)
    assert again.calendar == longer.version


def test_a_new_calendar_never_shortens_an_announced_deadline() -> None:
    """T-16."""
    shorter = CALENDAR.overlaid([with_day(date(2026, 10, 24), is_workday=True)])

    again = recomputed(complaint(), shorter)

    assert again.last_day == date(2026, 10, 29)
    assert again.calendar == shorter.version


def test_a_stored_deadline_is_read_back() -> None:
    pause = Pause(date(2026, 10, 12), date(2026, 10, 14))
    opened = datetime(2026, 11, 12, 9, 30, tzinfo=BEIJING)
    minutes = deadline(
        event="开始解密", start=opened, amount=30, unit=Unit.MIN, rule="E-06", calendar=CALENDAR
    )

    for announced in (complaint(), complaint(pauses=(pause,)), minutes):
        assert Deadline.of_json(json.loads(canonical(announced.as_json()))) == announced

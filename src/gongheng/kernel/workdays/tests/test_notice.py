"""The notices of 2025 and 2026 as the State Council's office worded them, beside a foreign calendar."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from gongheng.kernel import terms
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.calendar import Day, Kind, Status
from gongheng.kernel.workdays.notice import (
    HOLIDAY_MISSING,
    NO_SUCH_DAY,
    NOT_NEXT_YEAR,
    NOTHING_READ,
    OTHER_NUMBER,
    OTHER_WEEKDAY,
    OTHER_YEAR,
    SAID_TWICE,
    WORKS_ALREADY,
    days_of_notice,
)

NOTICE_2025 = """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""
NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。"""
NOTICE_2023 = """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。"""
SHIPPED = calendar.shipped()


def read(text: str, year: int) -> tuple[Day, ...]:
    return days_of_notice(text, year=year, source="国办发明电", known=SHIPPED)


@pytest.mark.parametrize(
    ("text", "year"), [(NOTICE_2023, 2023), (NOTICE_2025, 2025), (NOTICE_2026, 2026)]
)
def test_a_real_notice_gives_the_days_of_a_foreign_calendar(text: str, year: int) -> None:
    """T-14, T-16."""
    days = read(text, year)

    assert sum(day.on.year == year for day in days) == 365
    assert [d.on for d in days if d.is_workday != chinese_calendar.is_workday(d.on)] == []
    assert {day.status for day in days} == {Status.OFFICIAL}
    # Where the two differ, it is in the word for a day off on a weekend.
    kinds = {(day.kind, SHIPPED.day(day.on).kind) for day in days}
    assert {pair for pair in kinds if pair[0] is not pair[1]} <= {
        (Kind.WEEKEND, Kind.BRIDGE),
        (Kind.WEEKEND, Kind.HOLIDAY),
    }


@pytest.mark.parametrize("mark", ["，", ",", "；"])
def test_days_of_work_behind_a_comma_are_read(mark: str) -> None:
    """T-16."""
    in_one_sentence = NOTICE_2026.replace("天。", f"天{mark}")

    assert read(in_one_sentence, 2026) == read(NOTICE_2026, 2026)


def test_half_width_brackets_and_blanks_of_copying_do_not_matter() -> None:
    copied = NOTICE_2026.replace("（", " (").replace("）", ") ").replace("至", " 至 ")

    assert read(copied, 2026) == read(NOTICE_2026, 2026)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("1月1日（周四）", "1月1日（周五）", OTHER_WEEKDAY),
        ("至23日（农历正月初七、周一）", "至24日", OTHER_NUMBER),
        ("6月19日（周五）至21日", "6月31日至21日", NO_SUCH_DAY),
        ("2月14日（周六）、", "2月14日（周六）、2月17日、", SAID_TWICE),
        ("5月9日（周六）", "5月8日", WORKS_ALREADY),
        ("6月19日（周五）至21日（周日）", "2025年6月19日至21日", OTHER_YEAR),
        ("五、端午节：6月19日（周五）至21日（周日）放假，共3天。", "", HOLIDAY_MISSING),
        (NOTICE_2026, "各单位遵照执行。", NOTHING_READ),
    ],
)
def test_a_slip_of_the_pen_is_found(before: str, after: str, reason: Reason) -> None:
    """T-16."""
    assert before in NOTICE_2026
    with pytest.raises(Refusal) as refusal:
        read(NOTICE_2026.replace(before, after), 2026)

    assert refusal.value.reason is reason


def test_a_notice_of_another_year_is_found_by_its_weekdays() -> None:
    with pytest.raises(Refusal) as refusal:
        read(NOTICE_2026, 2027)

    assert refusal.value.reason is OTHER_WEEKDAY


@pytest.mark.parametrize("year", [2019, 2029])
def test_years_follow_each_other(year: int) -> None:
    """T-14."""
    with pytest.raises(Refusal) as refusal:
        read(NOTICE_2026, year)

    assert refusal.value.reason is NOT_NEXT_YEAR


LOADED_AT = datetime(2026, 12, 28, 2, tzinfo=UTC)


@pytest.fixture
def loaded() -> object:
    """Load a notice by which 1 January is followed by a bridge, and Saturday the 9th is worked."""

    def one(on: date, *, is_workday: bool) -> Day:
        kind = Kind.SWAPPED if is_workday else Kind.BRIDGE
        return Day(on, is_workday=is_workday, kind=kind, source="x", status=Status.OFFICIAL)

    days = (one(date(2027, 1, 4), is_workday=False), one(date(2027, 1, 9), is_workday=True))
    calendar.adopt([(LOADED_AT, days)])
    yield days
    calendar.adopt([])


def last_day(start: datetime) -> date:
    """Return the last day for the intake within one working day (U-01)."""
    return terms.in_force("U-01", date(2026, 10, 1)).deadline("提交", start).last_day


@pytest.mark.usefixtures("loaded")
def test_a_loaded_notice_lengthens_open_periods_and_shortens_none() -> None:
    """T-16: the 31st of December is the day of the event; the next working day was the 4th."""
    before, after = LOADED_AT - timedelta(hours=1), LOADED_AT + timedelta(hours=1)
    new_year = datetime(2026, 12, 31, 2, tzinfo=UTC)
    friday = datetime(2027, 1, 8, 2, tzinfo=UTC)

    assert last_day(new_year) == date(2027, 1, 5)
    assert last_day(friday) == date(2027, 1, 9)
    assert calendar.national().version != SHIPPED.version
    assert len(calendar.since(before)) == 2
    assert calendar.since(after) == (calendar.national(),)


@pytest.mark.usefixtures("loaded")
def test_what_was_announced_by_the_earlier_calendar_stays() -> None:
    """T-16: ten working days from before the loading ended on the 13th; the worked Saturday and the bridge cancel out."""
    week = terms.in_force("W-33", date(2026, 10, 1))
    begun = LOADED_AT - timedelta(days=1)

    for n in range(40):
        start = begun - timedelta(days=n)
        announced = week.deadline("发出", start, calendar=SHIPPED)
        assert week.deadline("发出", start).ends_at >= announced.ends_at


@pytest.mark.usefixtures("loaded")
def test_what_a_notice_moved_is_what_is_counted_otherwise_without_it() -> None:
    """T-16."""
    friday = datetime(2027, 1, 8, 2, tzinfo=UTC)

    with calendar.as_before(LOADED_AT):
        assert calendar.national() is SHIPPED
        assert last_day(friday) == date(2027, 1, 11)
    with calendar.as_before(LOADED_AT + timedelta(microseconds=1)):
        assert last_day(friday) == date(2027, 1, 9)
    assert last_day(friday) == date(2027, 1, 9)


def test_without_notices_the_shipped_calendar_counts() -> None:
    calendar.adopt([])

    assert calendar.national() is SHIPPED
    assert calendar.since(date(2026, 1, 1)) == (SHIPPED,)

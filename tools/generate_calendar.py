"""Write the national table of working days.

Columns: date, is_workday, kind, source, status; one row per day. The years with an official notice
come from the package chinesecalendar, which is needed here and in tests only. The following year is
provisional: the statutory days of T-15 and their compensation, without swapped weekends, which only
the yearly notice can give.

    python tools/generate_calendar.py            writes src/gongheng/kernel/workdays/days.csv
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
from chinese_calendar import constants

TABLE = Path(__file__).parents[1] / "src/gongheng/kernel/workdays/days.csv"
FIRST_YEAR, LAST_OFFICIAL_YEAR = 2019, 2026
SATURDAY = 5

# Statutory days of 2027 (T-15): first day and number of days of each holiday. The lunar ones are
# New Year's eve, the 5th of the 5th and the 15th of the 8th month.
STATUTORY_2027 = (
    (date(2027, 1, 1), 1),
    (date(2027, 2, 5), 4),
    (date(2027, 4, 5), 1),
    (date(2027, 5, 1), 2),
    (date(2027, 6, 9), 1),
    (date(2027, 9, 15), 1),
    (date(2027, 10, 1), 3),
)


def days_of(year: int) -> Iterator[date]:
    """Yield every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def official(day: date) -> tuple[str, str, str, str, str]:
    """Return the row of a day whose year has an official notice."""
    is_workday = chinese_calendar.is_workday(day)
    is_weekend = day.weekday() >= SATURDAY
    if is_workday:
        kind = "swapped" if is_weekend else "workday"
    elif day in constants.in_lieu_days:
        kind = "bridge"
    else:
        kind = "holiday" if day in constants.holidays else "weekend"
    source = f"chinesecalendar {version('chinesecalendar')}"
    return day.isoformat(), str(int(is_workday)), kind, source, "official"


def provisional_2027() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of 2027: statutory days, and a weekday for each that falls on a weekend."""
    holidays: set[date] = set()
    compensation: set[date] = set()
    for first, count in STATUTORY_2027:
        block = [first + timedelta(days=n) for n in range(count)]
        holidays.update(block)
        following = block[-1] + timedelta(days=1)
        for _ in (day for day in block if day.weekday() >= SATURDAY):
            while following.weekday() >= SATURDAY or following in holidays | compensation:
                following += timedelta(days=1)
            compensation.add(following)
    for day in days_of(2027):
        kind = "weekend" if day.weekday() >= SATURDAY else "workday"
        kind = "bridge" if day in compensation else kind
        kind = "holiday" if day in holidays else kind
        yield day.isoformat(), str(int(kind == "workday")), kind, "T-15", "provisional"


def main() -> None:
    """Write the table."""
    years = range(FIRST_YEAR, LAST_OFFICIAL_YEAR + 1)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["date", "is_workday", "kind", "source", "status"])
        table.writerows(official(day) for year in years for day in days_of(year))
        table.writerows(provisional_2027())
    print(TABLE.name)


if __name__ == "__main__":
    main()

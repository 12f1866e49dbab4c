"""The twelve dated examples of the handbook (T), computed on the calendar that is shipped."""

from collections.abc import Callable
from datetime import date

import pytest

from gongheng.kernel.units import Unit
from gongheng.kernel.workdays.calendar import national
from gongheng.kernel.workdays.counting import end_of, latest_before, midnight_after, notice_end

CALENDAR = national()


def period(start: str, n: int, unit: Unit) -> Callable[[], date]:
    return lambda: end_of(date.fromisoformat(start), n, unit, CALENDAR)


def before(event: str, n: int) -> Callable[[], date]:
    return lambda: latest_before(date.fromisoformat(event), n, CALENDAR)


EXAMPLES = [
    ("T-04: 7 WD of a challenge", period("2026-09-22", 7, Unit.WD), "2026-10-09"),
    ("T-04: then 15 WD of a complaint", period("2026-10-09", 15, Unit.WD), "2026-10-29"),
    ("T-04: 5 WD notice over Labour Day", period("2026-04-28", 5, Unit.WD), "2026-05-08"),
    (
        "T-01, T-02, T-06: 20 CD to the bid deadline",
        period("2026-09-10", 20, Unit.CD),
        "2026-09-30",
    ),
    ("T-03: 20 CD ending in a holiday", period("2026-09-12", 20, Unit.CD), "2026-10-08"),
    ("T-03: 3 CD ending on a working Saturday", period("2026-02-11", 3, Unit.CD), "2026-02-14"),
    ("T-03: 3 CD ending before a holiday", period("2026-02-12", 3, Unit.CD), "2026-02-24"),
    ("T-03: 3 CD ending on a Sunday", period("2026-09-24", 3, Unit.CD), "2026-09-28"),
    ("T-04: 20 WD of disclosure", period("2026-09-14", 20, Unit.WD), "2026-10-16"),
    ("T-03: 30 CD to the contract", period("2026-09-01", 30, Unit.CD), "2026-10-08"),
    ("T-05: 15 CD before the deadline", before("2026-05-20", 15), "2026-05-05"),
    ("T-04: 7 WD review of the exam key", period("2025-05-06", 7, Unit.WD), "2025-05-15"),
]


@pytest.mark.parametrize(
    ("compute", "expected"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES]
)
def test_the_handbooks_dated_examples_come_out(compute: Callable[[], date], expected: str) -> None:
    assert compute() == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("published", "last_day"),
    [("2026-02-11", "2026-02-14"), ("2026-02-12", "2026-02-24"), ("2026-09-24", "2026-09-28")],
)
def test_a_publicity_of_three_days_runs_to_midnight(published: str, last_day: str) -> None:
    """T-07."""
    end = notice_end(date.fromisoformat(published), 3, CALENDAR)

    assert end == midnight_after(date.fromisoformat(last_day))

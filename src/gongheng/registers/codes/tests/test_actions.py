from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from gongheng.kernel.codes import transaction as deals, works
from gongheng.kernel.reasons import Refusal
from gongheng.registers.codes import actions, rules
from gongheng.registers.codes.models import Counter

CITY = "530100"
PLATFORM = "12530000MB1X000010"
DAY = date(2024, 3, 1)


def _transaction_code(day: date = DAY, category: str = "A01") -> str:
    return actions.issue_transaction_code(
        category=category, region_code=CITY, platform_code=PLATFORM, day=day
    )


@pytest.mark.django_db
def test_the_first_transaction_code_of_a_day_is_the_worked_example() -> None:
    assert _transaction_code() == deals.EXAMPLE


@pytest.mark.django_db
def test_serials_count_by_category_and_day() -> None:
    codes = [
        _transaction_code(),
        _transaction_code(),
        _transaction_code(category="A02"),
        _transaction_code(day=date(2024, 3, 2)),
    ]

    assert [deals.parse(code).serial for code in codes] == ["000001", "000002", "000001", "000001"]
    assert len(set(codes)) == len(codes)


@pytest.mark.django_db
def test_codes_of_works_nest() -> None:
    project = actions.issue_project_code(region_code=CITY)
    tender_project = actions.issue_tender_project_code(region_code=CITY, project_code=project)
    lots = [
        actions.issue_section_code(region_code=CITY, tender_project_code=tender_project)
        for _ in range(2)
    ]

    assert project == "E5301000001000001"
    assert tender_project == project + "001"
    assert lots == [tender_project + "001", tender_project + "002"]
    assert all(works.is_valid(lot, works.Level.LOT) for lot in lots)


@pytest.mark.django_db
def test_a_code_of_a_deed_that_was_rolled_back_is_issued_again() -> None:
    with transaction.atomic():
        first = actions.issue_project_code(region_code=CITY)
        transaction.set_rollback(True)

    assert actions.issue_project_code(region_code=CITY) == first


@pytest.mark.django_db
def test_a_series_that_is_used_up_is_refused_and_the_one_before_is_not() -> None:
    Counter.objects.create(
        region_code=CITY, series="parent", issued_on=actions.EVER, last=rules.LARGEST_ORDINAL - 1
    )

    assert actions._next(CITY, "parent", issued_on=actions.EVER, largest=rules.LARGEST_ORDINAL)
    with pytest.raises(Refusal) as refusal:
        actions._next(CITY, "parent", issued_on=actions.EVER, largest=rules.LARGEST_ORDINAL)
    assert refusal.value.reason is rules.USED_UP


@pytest.mark.django_db(transaction=True)
def test_codes_asked_for_at_the_same_moment_are_all_different() -> None:
    def ask(_: int) -> str:
        try:
            return _transaction_code()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        codes = list(people.map(ask, range(40)))

    assert sorted(deals.parse(code).serial for code in codes) == [
        f"{serial:06d}" for serial in range(1, 41)
    ]

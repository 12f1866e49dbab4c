import pkgutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel import terms as package
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Counting, Evidence, Kind, Term, all_terms, in_force, tightened
from gongheng.kernel.terms.archive import Z_02
from gongheng.kernel.terms.bulletins import B_09
from gongheng.kernel.terms.catalogue import NOT_IN_FORCE
from gongheng.kernel.terms.deposits import F_01
from gongheng.kernel.terms.electronic import E_06, E_06_LONGEST
from gongheng.kernel.terms.exchange import KM_02
from gongheng.kernel.terms.sources import (
    HOUSE_RULES,
    PENALTY_LAW,
    RANKS,
    REVIEW_LAW,
    TENDERING_LAW,
)
from gongheng.kernel.terms.term import LOOSENED
from gongheng.kernel.terms.works import (
    W_03,
    W_06,
    W_07,
    W_09,
    W_10,
    W_18,
    W_19,
    W_21,
    W_21_EXPERTS,
    W_23,
    W_27,
    W_28,
    W_33,
)
from gongheng.kernel.units import Unit

ISSUED = date(2026, 9, 10)
PROVINCE = Law("云南省招标投标条例", "第二十条")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("bids_due", "is_long_enough"),
    [("2026-09-29T23:59:59", False), ("2026-09-30T00:00:00", True), ("2026-09-30T09:30:00", True)],
)
def test_twenty_days_to_make_a_bid_are_counted_in_days(
    bids_due: str, *, is_long_enough: bool
) -> None:
    assert W_06.satisfied(at("2026-09-10T17:00:00"), at(bids_due)) is is_long_enough
    assert W_06.satisfied(ISSUED, at(bids_due).date()) is is_long_enough


def test_strict_hours_ask_for_twenty_times_twenty_four() -> None:
    issued, due = at("2026-09-10T17:00:00"), at("2026-09-30T09:30:00")

    assert W_06.satisfied(issued, due)
    assert not W_06.satisfied(issued, due, strict_hours=True)
    assert W_06.satisfied(issued, at("2026-09-30T17:00:00"), strict_hours=True)


@pytest.mark.parametrize(
    ("term", "start", "last_day"),
    [
        (W_06, "2026-09-10", "2026-09-30"),
        (W_06, "2026-09-12", "2026-10-08"),
        (W_28, "2026-02-11", "2026-02-14"),
        (W_28, "2026-02-12", "2026-02-24"),
        (W_28, "2026-09-24", "2026-09-28"),
        (W_33, "2026-09-01", "2026-10-08"),
    ],
)
def test_terms_reach_the_days_of_the_handbook(term: Term, start: str, last_day: str) -> None:
    announced = term.deadline("公告发布", date.fromisoformat(start))

    assert announced.last_day == date.fromisoformat(last_day)
    assert announced.rule == term.rule
    assert announced.amount == term.value


def test_a_deadline_inside_a_holiday_comes_too_early() -> None:
    assert not W_06.satisfied(date(2026, 9, 12), date(2026, 10, 3))
    assert W_06.satisfied(date(2026, 9, 12), date(2026, 10, 8))


@pytest.mark.parametrize(
    ("ends_at", "is_long_enough"),
    [
        ("2026-02-14T23:59:58", False),
        ("2026-02-14T23:59:59", True),
        ("2026-02-15T00:00:00", True),
        ("2026-02-14T17:00:00", False),
    ],
)
def test_a_publicity_stands_until_midnight(ends_at: str, *, is_long_enough: bool) -> None:
    assert W_28.satisfied(at("2026-02-11T16:30:00"), at(ends_at)) is is_long_enough


def test_a_publicity_that_ends_on_a_day_ends_at_its_midnight() -> None:
    assert W_28.satisfied(date(2026, 2, 11), date(2026, 2, 14))
    assert not W_28.satisfied(date(2026, 2, 11), date(2026, 2, 13))


@pytest.mark.parametrize(("act", "is_in_time"), [("2026-05-05", True), ("2026-05-06", False)])
def test_a_clarification_comes_fifteen_days_before_the_deadline(
    act: str, *, is_in_time: bool
) -> None:
    bids_due = at("2026-05-20T09:00:00")

    assert W_07.latest(bids_due) == date(2026, 5, 5)
    assert W_07.satisfied(date.fromisoformat(act), bids_due) is is_in_time


def test_an_objection_may_be_raised_on_the_last_day_though_it_is_a_rest_day() -> None:
    assert W_09.latest(date(2026, 10, 14)) == date(2026, 10, 4)


@pytest.mark.parametrize(
    ("answered_at", "is_in_time"),
    [("2026-06-04T23:59:59.999999", True), ("2026-06-05T00:00:00", False)],
)
def test_an_answer_is_in_time_until_midnight(answered_at: str, *, is_in_time: bool) -> None:
    assert W_10.satisfied(at("2026-06-01T08:00:00"), at(answered_at)) is is_in_time


def test_working_days_of_a_maximum_skip_the_holidays() -> None:
    signed = date(2026, 9, 14)

    assert B_09.satisfied(signed, date(2026, 10, 16))
    assert not B_09.satisfied(signed, date(2026, 10, 17))


def test_bids_are_opened_at_the_deadline() -> None:
    due = at("2026-11-12T09:30:00")

    assert W_18.satisfied(due, due)
    assert not W_18.satisfied(due, due + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("minutes", "is_right"), [(29, False), (30, True), (60, True), (61, False)]
)
def test_the_window_of_decryption_has_two_bounds(minutes: int, *, is_right: bool) -> None:
    opened = at("2026-11-12T09:30:00")
    closes = opened + timedelta(minutes=minutes)

    both = E_06.satisfied(opened, closes) and E_06_LONGEST.satisfied(opened, closes)

    assert both is is_right


def test_ten_minutes_exactly_is_late_for_the_nation() -> None:
    published = at("2026-11-12T09:30:00")

    assert KM_02.satisfied(published, published + timedelta(minutes=9, seconds=59))
    assert not KM_02.satisfied(published, published + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("term", "quantity", "is_admitted"),
    [
        (W_19, 2, False),
        (W_19, 3, True),
        (W_21, 4, False),
        (W_21, 5, True),
        (W_21_EXPERTS, Fraction(4, 6), True),
        (W_21_EXPERTS, Fraction(3, 5), False),
        (W_23, Fraction(1, 3), False),
        (W_23, Fraction(2, 5), True),
        (W_27, 3, True),
        (W_27, 4, False),
        (F_01, Decimal("2.00"), True),
        (F_01, Decimal("2.01"), False),
    ],
)
def test_the_number_itself_is_included_unless_the_law_says_more(
    term: Term, quantity: int | Fraction | Decimal, *, is_admitted: bool
) -> None:
    """T-09."""
    assert term.admits(quantity) is is_admitted


def test_a_deposit_is_two_percent_of_the_estimate_at_most() -> None:
    assert F_01.share_of(Decimal("30000000.00")) == Decimal(600000)


@given(
    st.dates(date(2019, 1, 1), date(2026, 9, 1)),
    st.sampled_from([W_03, W_06, W_28, W_10, W_33, B_09]),
)
def test_the_computed_end_satisfies_its_own_term_and_a_day_beside_does_not(
    start: date, term: Term
) -> None:
    announced = term.deadline("起算", start)

    beside = timedelta(days=-1 if term.kind is Kind.MIN else 1)

    assert term.satisfied(start, announced.last_day)
    assert not term.satisfied(start, announced.last_day + beside)


def test_every_term_is_found_and_cites_a_source_of_known_rank() -> None:
    terms = all_terms()

    assert len(terms) >= 60
    assert terms.count(W_06) == 1
    assert {term.law.title for term in terms} <= set(RANKS)


def test_constants_are_named_as_their_rules() -> None:
    for module in pkgutil.iter_modules(package.__path__):
        if module.name == "tests":
            continue
        for name, term in vars(import_module(f"gongheng.kernel.terms.{module.name}")).items():
            if isinstance(term, Term):
                expected = "_".join(filter(None, [term.rule.replace("-", "_"), term.key.upper()]))
                assert name == expected or name.startswith(expected + "_FROM_")


def test_versions_of_a_number_never_overlap() -> None:
    for earlier, later in zip(all_terms(), all_terms()[1:], strict=False):
        if (earlier.rule, earlier.key) == (later.rule, later.key):
            assert earlier.in_force_until == later.in_force_from


def test_the_day_of_the_first_notice_chooses_the_version() -> None:
    assert in_force("W-06", date(2026, 10, 12)) is W_06
    assert in_force("W-09", date(2026, 10, 12), "prequalification").value == 2


def test_before_its_first_day_no_term_is_in_force() -> None:
    with pytest.raises(Refusal) as refusal:
        in_force("W-03", date(2012, 1, 31))

    assert refusal.value.reason is NOT_IN_FORCE
    assert in_force("W-03", date(2012, 2, 1)) is W_03


def test_an_unknown_rule_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError, match="W-99"):
        in_force("W-99", date(2026, 10, 12))


def test_a_period_ends_on_the_first_day_it_no_longer_binds() -> None:
    old = replace(W_06, in_force_until=date(2028, 1, 1))

    assert old.is_in_force(date(2027, 12, 31))
    assert not old.is_in_force(date(2028, 1, 1))


def provincial(term: Term, value: int) -> Term:
    return tightened(
        term, value=value, law=PROVINCE, in_force_from=date(2026, 1, 1), evidence=Evidence.VERIFIED
    )


@pytest.mark.parametrize(
    ("term", "value"), [(W_06, 25), (W_06, 20), (W_10, 2), (W_27, 1), (W_18, 0)]
)
def test_a_province_may_tighten(term: Term, value: int) -> None:
    assert provincial(term, value).value == value
    assert provincial(term, value).law is PROVINCE


@pytest.mark.parametrize(("term", "value"), [(W_06, 19), (W_10, 4), (W_27, 4), (W_18, 5)])
def test_a_province_may_not_loosen(term: Term, value: int) -> None:
    with pytest.raises(Refusal) as refusal:
        provincial(term, value)

    assert refusal.value.reason is LOOSENED


def test_a_higher_source_may_loosen_a_lower_one() -> None:
    house_rule = replace(W_06, law=Law(HOUSE_RULES))

    loosened = tightened(
        house_rule,
        value=15,
        law=Law(TENDERING_LAW, "第二十四条"),
        in_force_from=date(2028, 1, 1),
        evidence=Evidence.VERIFIED,
    )

    assert loosened.value == 15


def test_a_term_speaks_chinese_and_cites_its_article() -> None:
    assert str(W_06) == "自招标文件开始发出至投标截止的时间不少于20日（《招标投标法》第二十四条）"
    assert "超过1/3" in str(W_23)


@pytest.mark.parametrize(
    "wrong",
    [{"counting": None}, {"unit": Unit.COUNT}, {"value": Decimal("1.5")}],
)
def test_a_term_that_cannot_be_counted_is_a_fault(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        replace(W_06, **wrong)


@pytest.mark.parametrize(
    ("title", "days", "is_working_days"),
    [
        (PENALTY_LAW, 2, True),
        (PENALTY_LAW, 7, True),
        (PENALTY_LAW, 10, False),
        (REVIEW_LAW, 2, False),
        (REVIEW_LAW, 10, True),
        (REVIEW_LAW, 60, False),
        (TENDERING_LAW, 3, False),
    ],
)
def test_days_that_a_law_means_as_working_days_are_no_calendar_days(
    title: str, days: int, *, is_working_days: bool
) -> None:
    """T-13."""
    term = replace(W_10, value=days, unit=Unit.WD, law=Law(title))

    if is_working_days:
        with pytest.raises(ValueError, match="T-13"):
            replace(term, unit=Unit.CD)
    else:
        assert replace(term, unit=Unit.CD).unit is Unit.CD


@pytest.mark.parametrize(
    ("looked_at", "is_long_enough"), [("2057-02-27", False), ("2057-02-28", True)]
)
def test_an_archive_is_kept_to_the_corresponding_day(
    looked_at: str, *, is_long_enough: bool
) -> None:
    closed = date(2027, 2, 28)

    assert Z_02.kept_until(closed) == date(2057, 2, 28)
    assert Z_02.satisfied(closed, date.fromisoformat(looked_at)) is is_long_enough


def test_what_is_counted_backwards_or_kept_has_no_deadline() -> None:
    for term in (W_07, Z_02):
        with pytest.raises(TypeError, match=term.rule):
            term.deadline("起算", ISSUED)
    with pytest.raises(TypeError, match="W-06"):
        W_06.kept_until(ISSUED)


def test_periods_and_quantities_are_not_mistaken_for_each_other() -> None:
    with pytest.raises(TypeError):
        W_06.admits(20)
    with pytest.raises(TypeError):
        W_19.satisfied(ISSUED, ISSUED)
    with pytest.raises(TypeError):
        W_06.share_of(Decimal(1))
    with pytest.raises(TypeError):
        E_06.satisfied(at("2026-11-12T09:30:00"), ISSUED)
    assert W_06.counting is Counting.BETWEEN

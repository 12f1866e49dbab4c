"""The worked examples of the scoring handbook, and their edges."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.trading.evaluation import arithmetic, correction, deciding
from gongheng.trading.evaluation.correction import Item, corrected
from gongheng.trading.evaluation.kinds import Conclusion, Ground, Manner
from gongheng.trading.evaluation.rules import COMPETITION_UNDECIDED, INCOMPLETE, UNEQUAL
from gongheng.trading.evaluation.shapes import Mark, Requirements, Result
from gongheng.trading.evaluation.tests.examples import (
    BUSINESS,
    EVENT,
    FORM,
    HANDBOOK_MARKS,
    HANDBOOK_PRICES,
    LATE,
    PRICE,
    SEED,
    TECHNICAL,
    A,
    B,
    C,
    D,
    comprehensive,
    findings,
    lowest,
    marks,
    passed,
    tenders,
)

DAY = date(2026, 10, 12)


def decided(
    requirements: Requirements, prices: dict[str, str], found: list[Mark], **changes: object
) -> Result:
    seats = int(str(changes.pop("seats", 5)))
    return deciding.decide(
        requirements,
        tenders(prices),
        findings(found, seats=seats, **changes),
        on=DAY,
        seed=SEED,
        event=EVENT,
    )


def handbook(**changes: object) -> Result:
    found = passed([A, B, C]) + marks(HANDBOOK_MARKS)
    return decided(comprehensive(**changes), HANDBOOK_PRICES, found)


def test_the_table_of_comprehensive_scoring_comes_out_as_the_handbook_has_it() -> None:
    """S-02, S-03, S-04."""
    result = handbook()

    rows = [
        (row.rank, row.line.bidder_code, row.line.technical, row.line.commercial)
        for row in result.ranking
    ]
    assert rows == [
        (1, A, D("43.00"), D("18.00")),
        (2, C, D("40.00"), D("19.00")),
        (3, B, D("46.00"), D("15.00")),
    ]
    points = [(row.line.price_points, row.line.total) for row in result.ranking]
    assert points == [
        (D("28.75"), D("89.75")),
        (D("30.00"), D("89.00")),
        (D("27.60"), D("88.60")),
    ]
    assert result.conclusion == Conclusion.RANKED
    assert result.candidates == 3
    assert result.base == D(9_200_000)


@pytest.mark.parametrize(
    ("price", "points"),
    [("950000", "30.00"), ("1000000", "28.50"), ("1180000", "24.15")],
)
def test_the_lowest_price_gets_all_points_and_others_their_share(price: str, points: str) -> None:
    """S-03."""
    found = arithmetic.price_points(D(price), base=D(950_000), weight=D(30))

    assert found == D(points)


@pytest.mark.parametrize(
    ("base", "price", "points"),
    [("3001", "6000", "15.01"), ("1000000", "1300000", "23.08"), ("1000000", "1100000", "27.27")],
    ids=["15.005 exactly", "23.0769...", "27.2727..."],
)
def test_points_of_a_price_are_rounded_half_up(base: str, price: str, points: str) -> None:
    """S-01, S-03: the handbook's own examples would come out by cutting off, too."""
    assert arithmetic.price_points(D(price), base=D(base), weight=D(30)) == D(points)


@pytest.mark.parametrize(
    ("price", "points"),
    [("950000", "26.84"), ("850000", "30.00"), ("1180000", "21.61")],
)
def test_a_lower_base_lowers_the_points_of_all_others(price: str, points: str) -> None:
    """S-07: the arithmetic of the base; works know no deduction."""
    assert arithmetic.price_points(D(price), base=D(850_000), weight=D(30)) == D(points)


def test_a_late_delivery_is_added_to_the_price_and_the_lower_one_wins() -> None:
    """S-11."""
    found = passed([A, B, C]) + marks(
        {(A, LATE.code): ["2"] * 5, (B, LATE.code): ["0"] * 5, (C, LATE.code): ["0"] * 5}
    )

    result = decided(lowest(), {A: "1000000", B: "1005000", C: "1300000"}, found)

    rows = [(row.line.bidder_code, row.line.evaluated_price) for row in result.ranking]
    assert rows == [(B, D("1005000.00")), (A, D("1010000.00")), (C, D("1300000.00"))]


def test_the_unit_price_prevails_over_the_total() -> None:
    """S-09, W-40: 120 x 85.50 printed 10,620.00 is 10,260.00."""
    row = Item(label="路缘石", quantity=D(120), unit_price=D("85.50"), total=D("10620.00"))

    assert row.product == D("10260.00")
    assert corrected(D("500000.00"), items=[row]).price == D("499640.00")


def test_words_prevail_over_figures_and_come_first() -> None:
    """S-09, W-40."""
    row = Item(label="路缘石", quantity=D(120), unit_price=D("85.50"), total=D("10620.00"))

    result = corrected(D("500000.00"), words=D("510000.00"), items=[row])

    assert result.price == D("509640.00")
    assert [difference for _, difference in result.steps] == [D("10000.00"), D("-360.00")]


def test_a_slipped_point_lets_the_total_stand() -> None:
    """S-09, W-40."""
    row = Item(
        label="沥青", quantity=D(100), unit_price=D("5.2"), total=D("5200.00"), has_slipped=True
    )

    assert corrected(D("5200.00"), items=[row]).price == D("5200.00")


def test_a_slip_that_is_none_is_refused() -> None:
    row = Item(
        label="沥青", quantity=D(100), unit_price=D("5.3"), total=D("5200.00"), has_slipped=True
    )

    with pytest.raises(Refusal) as refusal:
        corrected(D("5200.00"), items=[row])
    assert refusal.value.reason is correction.NO_SLIP


def test_a_correction_without_a_conflict_is_refused() -> None:
    row = Item(label="沥青", quantity=D(100), unit_price=D(52), total=D(5200))

    with pytest.raises(Refusal) as refusal:
        corrected(D(5200), words=D(5200), items=[row])
    assert refusal.value.reason is correction.NO_CONFLICT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "evaluation.price_not_positive"),
        ("0.00", "evaluation.price_not_positive"),
        ("-9200000.00", "evaluation.price_not_positive"),
        ("9200000.005", "money.too_precise"),
        ("8.5%", "money.unreadable"),
        ("下浮8.5", "money.unreadable"),
        ("9.2e6", "money.unreadable"),
        ("", "money.unreadable"),
    ],
)
def test_a_price_that_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        correction.read_price(text)
    assert refusal.value.reason.code == code


@pytest.mark.parametrize("price", ["0", "-1.00", "9200000.005", "NaN", "Infinity", "1e-3"])
def test_an_opened_price_that_is_no_amount_leaves_before_any_base(price: str) -> None:
    """S-01: three others are ranked as if the fourth were not there."""
    fourth = "91530100MA6K0000D4"
    found = passed([A, B, C, fourth]) + marks(HANDBOOK_MARKS)

    result = decided(comprehensive(), {**HANDBOOK_PRICES, fourth: price}, found)

    assert [row.ground for row in result.rejected] == [Ground.UNRESPONSIVE]
    assert [row.line for row in result.ranking] == [row.line for row in handbook().ranking]


def test_a_price_above_the_ceiling_leaves_and_the_ceiling_itself_stays() -> None:
    """W-24, S-01."""
    found = passed([A, B, C]) + marks(HANDBOOK_MARKS)

    at = decided(comprehensive(ceiling=D(10_000_000)), HANDBOOK_PRICES, found)
    below = decided(
        comprehensive(ceiling=D("9999999.99")), HANDBOOK_PRICES, found, competition=(False,) * 5
    )

    assert not at.rejected
    assert [(row.bidder_code, row.ground) for row in below.rejected] == [(B, Ground.PRICE)]


def test_equal_totals_are_told_apart_by_price_then_technique_then_the_draw() -> None:
    """S-04."""
    equal = {
        (A, TECHNICAL.code): ["40"] * 5,
        (B, TECHNICAL.code): ["40"] * 5,
        (C, TECHNICAL.code): ["38"] * 5,
        (A, BUSINESS.code): ["10"] * 5,
        (B, BUSINESS.code): ["10"] * 5,
        (C, BUSINESS.code): ["12"] * 5,
    }
    prices = dict.fromkeys([A, B, C], "9000000.00")

    result = decided(comprehensive(), prices, passed([A, B, C]) + marks(equal))

    assert result.ranking[2].line.bidder_code == C
    assert [row.is_drawn for row in result.ranking] == [True, True, False]
    assert [row.line.bidder_code for row in result.ranking[:2]] == arithmetic.drawn_order(
        [B, A], seed=SEED, event=EVENT
    )


def test_a_draw_is_the_same_for_everybody_and_another_one_for_another_event() -> None:
    """S-16: all orders of three come up, about equally often."""
    orders = [tuple(arithmetic.drawn_order([A, B, C], seed=SEED, event=str(n))) for n in range(600)]

    counts = {order: orders.count(order) for order in set(orders)}
    assert len(counts) == 6
    assert min(counts.values()) > 60
    assert arithmetic.drawn_order([C, B, A], seed=SEED, event="1") == list(orders[1])


def test_one_high_and_one_low_mark_go_only_in_a_large_committee_that_says_so() -> None:
    """S-02."""
    seven = [D(mark) for mark in ("10", "20", "20", "20", "20", "20", "50")]

    assert arithmetic.mean(seven, trim=True) == D("20.00")
    assert arithmetic.mean(seven) == D("22.86")
    assert arithmetic.mean(seven[:6], trim=True) == D("18.33")


@pytest.mark.parametrize(
    ("given_marks", "average"),
    [(["0", "0", "0"], "0.00"), (["0.01", "0.02"], "0.02"), (["50", "50"], "50.00")],
)
def test_means_are_rounded_half_up(given_marks: list[str], average: str) -> None:
    """S-01."""
    assert arithmetic.mean([D(mark) for mark in given_marks]) == D(average)


def test_fewer_than_three_valid_bids_ask_the_members_whether_competition_is_left() -> None:
    """W-26."""
    found = passed([A, B, C]) + marks(HANDBOOK_MARKS)
    few = comprehensive(ceiling=D(9_700_000))

    with pytest.raises(Refusal) as refusal:
        decided(few, HANDBOOK_PRICES, found)
    assert refusal.value.reason is COMPETITION_UNDECIDED

    left = decided(few, HANDBOOK_PRICES, found, competition=(True, True, False, False, False))
    gone = decided(few, HANDBOOK_PRICES, found, competition=(True, True, True, False, False))
    assert left.conclusion == Conclusion.RANKED
    assert left.candidates == 2
    assert gone.conclusion == Conclusion.NO_COMPETITION
    assert gone.candidates == 0


def test_all_rejected_by_the_majority_with_its_ground() -> None:
    """W-24: three of five suffice, two do not."""

    def against(bidder: str, members: int) -> list[Mark]:
        return [
            Mark(
                seat=seat,
                bidder_code=bidder,
                criterion=FORM.code,
                passes=seat > members,
                ground="" if seat > members else Ground.UNSIGNED,
                reason="" if seat > members else "投标函无单位负责人签字。",
            )
            for seat in range(1, 6)
        ]

    every = [mark for bidder in (A, B, C) for mark in against(bidder, 3)]
    some = [*against(A, 2), *against(B, 3), *against(C, 2)]

    gone = decided(comprehensive(), HANDBOOK_PRICES, every)
    left = decided(
        comprehensive(), HANDBOOK_PRICES, some + marks(HANDBOOK_MARKS), competition=(False,) * 5
    )

    assert gone.conclusion == Conclusion.ALL_REJECTED
    assert {row.ground for row in gone.rejected} == {Ground.UNSIGNED}
    assert [row.bidder_code for row in left.rejected] == [B]


def test_a_missing_mark_and_an_unequal_objective_item_block_the_result() -> None:
    """S-02."""
    missing = dict(HANDBOOK_MARKS) | {(A, TECHNICAL.code): ["42", "44", "43", "45"]}
    unequal = dict(HANDBOOK_MARKS) | {(A, BUSINESS.code): ["18", "18", "18", "18", "17.99"]}

    with pytest.raises(Refusal) as lacking:
        decided(comprehensive(), HANDBOOK_PRICES, passed([A, B, C]) + marks(missing))
    with pytest.raises(Refusal) as differing:
        decided(comprehensive(), HANDBOOK_PRICES, passed([A, B, C]) + marks(unequal))

    assert lacking.value.reason is INCOMPLETE
    assert differing.value.reason is UNEQUAL
    [gap] = differing.value.facts["gaps"]  # type: ignore[misc]
    assert (gap.bidder_code, gap.criterion) == (A, BUSINESS)


def test_a_bidder_who_does_not_accept_the_correction_is_out() -> None:
    """S-09."""
    found = passed([A, B, C]) + marks(HANDBOOK_MARKS)

    result = decided(
        comprehensive(), HANDBOOK_PRICES, found, unconfirmed=(A,), competition=(False,) * 5
    )

    assert [row.bidder_code for row in result.rejected] == [A]


@given(
    st.lists(
        st.decimals(min_value=1, max_value=10**9, places=2), min_size=3, max_size=8, unique=True
    )
)
def test_a_lower_price_never_has_fewer_points(prices: list[Decimal]) -> None:
    base = min(prices)

    points = [arithmetic.price_points(p, base=base, weight=D(30)) for p in sorted(prices)]

    assert points == sorted(points, reverse=True)
    assert points[0] == D("30.00")
    assert PRICE.manner is Manner.FORMULA

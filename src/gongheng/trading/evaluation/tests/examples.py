"""Evaluations on paper: requirements, bids and marks of the handbook's worked examples."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongheng.trading.evaluation.deciding import Findings
from gongheng.trading.evaluation.kinds import Group, Manner, Method
from gongheng.trading.evaluation.shapes import Criterion, Mark, Requirements, Tender

D = Decimal
FORM = Criterion(code="form-1", group=Group.FORM, title="签字盖章", manner=Manner.PASS)
TECHNICAL = Criterion(
    code="technical-1",
    group=Group.TECHNICAL,
    title="施工组织设计",
    manner=Manner.SUBJECTIVE,
    points=D(50),
)
BUSINESS = Criterion(
    code="commercial-1",
    group=Group.COMMERCIAL,
    title="类似业绩",
    manner=Manner.OBJECTIVE,
    points=D(20),
)
PRICE = Criterion(
    code="price-1", group=Group.PRICE, title="投标报价", manner=Manner.FORMULA, points=D(30)
)
LATE = Criterion(
    code="price-2",
    group=Group.PRICE,
    title="工期每延迟一周",
    manner=Manner.QUANTITY,
    percent=D("0.5"),
    unit="周",
)
A, B, C = "91530100MA6K0000A1", "91530100MA6K0000B2", "91530100MA6K0000C3"
SEED = bytes(range(32))
EVENT = "E5301000001000001001001/1"


def comprehensive(**changes: Any) -> Requirements:
    return Requirements(
        **{
            "method": Method.COMPREHENSIVE,
            "criteria": (FORM, TECHNICAL, BUSINESS, PRICE),
            "ceiling": D(100_000_000),
            **changes,
        }
    )


def lowest(**changes: Any) -> Requirements:
    return Requirements(
        **{
            "method": Method.LOWEST,
            "criteria": (FORM, LATE),
            "ceiling": D(100_000_000),
            **changes,
        }
    )


def tenders(prices: Mapping[str, str]) -> list[Tender]:
    return [
        Tender(bidder_code=code, opened_price=D(price), price=D(price))
        for code, price in prices.items()
    ]


def marks(values: Mapping[tuple[str, str], Sequence[str]]) -> list[Mark]:
    """Return marks by seats from 1 on, of each bidder and criterion."""
    return [
        Mark(seat=seat, bidder_code=bidder, criterion=criterion, value=D(value))
        for (bidder, criterion), found in values.items()
        for seat, value in enumerate(found, start=1)
    ]


def passed(bidders: Sequence[str], seats: int = 5) -> list[Mark]:
    return [
        Mark(seat=seat, bidder_code=bidder, criterion=FORM.code, passes=True)
        for bidder in bidders
        for seat in range(1, seats + 1)
    ]


def findings(found: Sequence[Mark], seats: int = 5, **changes: Any) -> Findings:
    return Findings(
        **{
            "seats": tuple(range(1, seats + 1)),
            "marks": tuple(found),
            "competition": (None,) * seats,
            **changes,
        }
    )


HANDBOOK_MARKS = {
    (A, TECHNICAL.code): ["42", "44", "43", "45", "41"],
    (C, TECHNICAL.code): ["40", "39", "41", "42", "38"],
    (B, TECHNICAL.code): ["46", "45", "47", "44", "48"],
    (A, BUSINESS.code): ["18"] * 5,
    (C, BUSINESS.code): ["19"] * 5,
    (B, BUSINESS.code): ["15"] * 5,
}
HANDBOOK_PRICES = {A: "9600000.00", B: "10000000.00", C: "9200000.00"}

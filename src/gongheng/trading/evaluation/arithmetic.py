"""The sums of an evaluation, exact: S-01 to S-04, S-09 (in ``correction``), S-11, S-16.

Money and points are decimals of two places; quotients are worked out to fifty digits and rounded
half up only where S-01 says so: item average, price score, evaluated price, total.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

from cryptography.hazmat.primitives import hashes, hmac

from gongheng.kernel.money import rounded
from gongheng.trading.evaluation.kinds import Group, Manner
from gongheng.trading.evaluation.shapes import Criterion, Line, Mark, Placed, Requirements, Tender

FORMULA_VERSION = "S/1"
RULES = {
    "comprehensive": ("S-01", "S-02", "S-03", "S-04", "S-09", "S-16"),
    "lowest": ("S-01", "S-09", "S-11", "S-16"),
}
DIGITS = 50
"""Working digits: two sums of money below 10**16 never come so near to a half."""
TRIMMED_FROM = 7
"""From this size of committee on a highest and a lowest mark may be dropped (S-02)."""
_BLOCK = 2**256


def mean(marks: Sequence[Decimal], *, trim: bool = False) -> Decimal:
    """Return the average of an item's marks, rounded half up to two places (S-02).

    ``trim`` leaves out one highest and one lowest. Raises ``ValueError`` without marks.
    """
    if not marks:
        msg = "no marks to average"
        raise ValueError(msg)
    counted = sorted(marks)
    if trim and len(counted) >= TRIMMED_FROM:
        counted = counted[1:-1]
    with localcontext(prec=DIGITS):
        return rounded(sum(counted, Decimal(0)) / len(counted))


def price_points(price: Decimal, *, base: Decimal, weight: Decimal) -> Decimal:
    """Return the points of a price: base / price * weight, the lowest price first (S-03)."""
    with localcontext(prec=DIGITS):
        return rounded(base * weight / price)


def evaluated_price(
    price: Decimal, *, quantities: Mapping[str, Decimal], criteria: Sequence[Criterion]
) -> Decimal:
    """Return the price with the documents' adjustments added (S-11), rounded to the fen."""
    with localcontext(prec=DIGITS):
        added = sum(
            (
                quantities.get(row.code, Decimal(0)) * (price * row.percent / 100 + row.amount)
                for row in criteria
                if row.manner is Manner.QUANTITY
            ),
            Decimal(0),
        )
        return rounded(price + added)


def lines_of(
    requirements: Requirements, tenders: Sequence[Tender], marks: Sequence[Mark]
) -> list[Line]:
    """Return the row of each bid, unordered; ``marks`` are complete and of these bids only."""
    prices = {row.bidder_code: row.price for row in tenders}
    base = min(prices.values(), default=Decimal(0))
    values: dict[tuple[str, str], list[Decimal]] = {}
    for mark in marks:
        if mark.value is not None:
            values.setdefault((mark.bidder_code, mark.criterion), []).append(mark.value)
    return [
        _line(
            requirements,
            row,
            base,
            {code: found for (who, code), found in values.items() if who == row.bidder_code},
        )
        for row in tenders
    ]


def _line(
    requirements: Requirements, tender: Tender, base: Decimal, values: Mapping[str, list[Decimal]]
) -> Line:
    counted = requirements.of_manner(Manner.OBJECTIVE, Manner.SUBJECTIVE)
    items = {
        row.code: mean(values[row.code], trim=requirements.trim and row.manner is Manner.SUBJECTIVE)
        for row in counted
    }
    quantities = {row.code: values[row.code][0] for row in requirements.of_manner(Manner.QUANTITY)}
    weight = requirements.price_weight
    points = price_points(tender.price, base=base, weight=weight) if weight else Decimal("0.00")
    total = rounded(sum(items.values(), Decimal(0)) + points)
    return Line(
        bidder_code=tender.bidder_code,
        price=tender.price,
        evaluated_price=evaluated_price(
            tender.price, quantities=quantities, criteria=requirements.criteria
        ),
        items=items,
        technical=_sum_of(Group.TECHNICAL, counted, items),
        commercial=_sum_of(Group.COMMERCIAL, counted, items),
        price_points=points,
        total=total,
    )


def _sum_of(group: Group, criteria: Sequence[Criterion], items: Mapping[str, Decimal]) -> Decimal:
    return sum((items[row.code] for row in criteria if row.group is group), Decimal("0.00"))


def ranked(
    requirements: Requirements, lines: Sequence[Line], *, seed: bytes, event: str
) -> tuple[Placed, ...]:
    """Return the lines in their order with ranks (S-04, S-11); what stays equal is drawn (S-16)."""
    order: dict[tuple[Decimal, ...], list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.bidder_code):
        order.setdefault(_key(requirements, line), []).append(line)
    placed: list[Placed] = []
    for key in sorted(order):
        equal = order[key]
        codes = [line.bidder_code for line in equal]
        drawn = drawn_order(codes, seed=seed, event=event) if len(equal) > 1 else codes
        by_code = {line.bidder_code: line for line in equal}
        placed += [
            Placed(rank=len(placed) + place, line=by_code[code], is_drawn=len(equal) > 1)
            for place, code in enumerate(drawn, start=1)
        ]
    return tuple(placed)


def _key(requirements: Requirements, line: Line) -> tuple[Decimal, ...]:
    ties = {"price": line.price, "technical": -line.technical}
    first = -line.total if requirements.method == "comprehensive" else line.evaluated_price
    return (first, *(ties[name] for name in requirements.ties))


def drawn_order(codes: Sequence[str], *, seed: bytes, event: str) -> list[str]:
    """Return codes in a drawn order that anybody can recompute from the seed (S-16, version 1).

    The sorted codes are shuffled from the last place to the second; the place is the next number
    HMAC-SM3(seed, event:counter), numbers above the last full multiple being passed over.
    """
    drawn = sorted(codes)
    counter = 0
    for last in range(len(drawn) - 1, 0, -1):
        choices = last + 1
        number = _BLOCK
        while number >= _BLOCK - _BLOCK % choices:
            number = _number(seed, f"{event}:{counter}")
            counter += 1
        place = number % choices
        drawn[last], drawn[place] = drawn[place], drawn[last]
    return drawn


def _number(seed: bytes, text: str) -> int:
    keyed = hmac.HMAC(seed, hashes.SM3())
    keyed.update(text.encode())
    return int.from_bytes(keyed.finalize())

"""Recompute the ranking of an exported evaluation from the scoring rules alone (S-01 ... S-16).

    python tools/recompute.py export.json

Imports nothing of gongheng; prints the ranking and exits 1 when it differs from the report's.
"""

import hmac
import json
import sys
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

Row = dict[str, Any]
TRIMMED_FROM = 7


def half_up(number: Fraction) -> Fraction:
    """Round at the points that S-01 names: two places, half up."""
    return Fraction(floor(number * 100 + Fraction(1, 2)), 100)


def written(number: Fraction) -> str:
    """Write two places."""
    whole, cents = divmod(int(number * 100), 100)
    return f"{whole}.{cents:02d}"


def mean(marks: list[Fraction], *, trim: bool) -> Fraction:
    """Average an item (S-02)."""
    counted = sorted(marks)
    if trim and len(counted) >= TRIMMED_FROM:
        counted = counted[1:-1]
    return half_up(sum(counted, Fraction(0)) / len(counted))


def number_of(seed: bytes, text: str) -> int:
    """Return HMAC-SM3 as a number (S-16)."""
    return int.from_bytes(hmac.digest(seed, text.encode(), "sm3"), "big")


def drawn(codes: list[str], draw: Row) -> list[str]:
    """Shuffle from the last place, without modulo bias (S-16)."""
    order, counter = sorted(codes), 0
    for last in range(len(order) - 1, 0, -1):
        limit = 2**256 - 2**256 % (last + 1)
        number = limit
        while number >= limit:
            number = number_of(bytes.fromhex(draw["seed"]), f"{draw['event']}:{counter}")
            counter += 1
        place = number % (last + 1)
        order[last], order[place] = order[place], order[last]
    return order


def line_of(case: Row, bid: Row, base: Fraction) -> tuple[Any, ...]:
    """Return a bid's place in the order, its code, total and evaluated price."""
    price, code, added = Fraction(bid["price"]), bid["bidder"], Fraction(0)
    points, technical = Fraction(0), Fraction(0)
    for row in case["criteria"]:
        marks = [
            Fraction(mark["value"])
            for mark in case["marks"]
            if (mark["bidder"], mark["criterion"]) == (code, row["code"]) and mark["value"]
        ]
        if row["manner"] == "formula":  # S-03: low price first
            points += half_up(base / price * Fraction(row["points"]))
        elif row["manner"] == "quantity":  # S-11: adjustments as listed
            added += marks[0] * (price * Fraction(row["percent"]) / 100 + Fraction(row["amount"]))
        elif row["manner"] in {"objective", "subjective"}:
            item = mean(marks, trim=case["trim"] and row["manner"] == "subjective")
            points, technical = points + item, technical + item * (row["group"] == "technical")
    evaluated = half_up(price + added)
    first = evaluated if case["method"] == "lowest" else -half_up(points)
    ties = {"price": price, "technical": -technical}
    return (first, *(ties[name] for name in case["ties"])), code, half_up(points), evaluated


def recompute(case: Row) -> list[list[Any]]:
    """Return [rank, bidder, total, evaluated price] of each valid bid, the first at the top."""
    out = {row["bidder"] for row in case["rejected"]}
    valid = [bid for bid in case["bids"] if bid["bidder"] not in out]
    if case["conclusion"] != "ranked":
        return []
    base = min(Fraction(bid["price"]) for bid in valid)
    lines = {
        code: (key, total, price)
        for key, code, total, price in (line_of(case, bid, base) for bid in valid)
    }
    ranking: list[list[Any]] = []
    for key in sorted({key for key, _, _ in lines.values()}):
        for code in drawn([code for code in lines if lines[code][0] == key], case["draw"]):
            _, total, price = lines[code]
            ranking.append([len(ranking) + 1, code, written(total), written(price)])
    return ranking


if __name__ == "__main__":
    exported = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    stated = [
        [row["rank"], row["bidder"], row["total"], row["evaluated_price"]]
        for row in exported["ranking"]
    ]
    for found in recompute(exported):
        print(*found)
    sys.exit(0 if recompute(exported) == stated else 1)

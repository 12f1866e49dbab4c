"""The trading catalogue (公共资源交易目录): what must be traded on the platform, as a table.

``catalogue.csv`` has one row per sort of contract: the trade categories it covers, the first letter
of the lot's classification, and the key of the sum from which it must be tendered (W-01).
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from gongheng.kernel import terms
from gongheng.kernel.terms import Term

RULE = "W-01"
_TABLE = Path(__file__).with_name("catalogue.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of the catalogue."""

    code: str
    title: str
    categories: frozenset[str]
    kind: str
    term: str

    def threshold(self, on: date) -> Term:
        """Return the sum from which such a contract must be tendered."""
        return terms.in_force(RULE, on, self.term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the catalogue says of a sum: the row, its threshold, and whether it is reached."""

    item: Item
    threshold: Term
    total: Decimal
    is_listed: bool


@cache
def items() -> tuple[Item, ...]:
    """Return the catalogue in its order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Item(
                code=row["code"],
                title=row["title"],
                categories=frozenset(row["categories"].split("|")),
                kind=row["kind"],
                term=row["term"],
            )
            for row in csv.DictReader(file)
        )


def listing(*, category: str, classification: str, total: Decimal, on: date) -> Listing | None:
    """Return what the catalogue says of a tender; nothing for what it does not know.

    ``total`` is the sum of all lots of the kind: splitting a contract does not take it out (J-03).
    """
    kind = classification[:1].upper()
    item = next((one for one in items() if category in one.categories and kind == one.kind), None)
    if item is None:
        return None
    threshold = item.threshold(on)
    return Listing(item=item, threshold=threshold, total=total, is_listed=threshold.admits(total))

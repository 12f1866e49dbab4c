"""What the arithmetic of an evaluation works on: plain facts, no tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongheng.trading.evaluation.kinds import Conclusion, Ground, Group, Manner, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the documents' table of criteria; ``code`` is its own within the documents.

    ``points`` is the full mark. Of a quantity ``percent`` of the price or ``amount`` in yuan is
    added for each unit (S-11). A bid that fails a criterion which ``rejects`` is out (W-24).
    """

    code: str
    group: Group
    title: str
    manner: Manner
    text: str = ""
    points: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    unit: str = ""
    rejects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What the tender documents fix for an evaluation.

    ``ties`` is the order in which equal bids are told apart (S-04): ``price``, ``technical``; the
    draw always comes last. ``trim`` drops one highest and one lowest mark in large committees.
    """

    method: Method
    criteria: Sequence[Criterion]
    ceiling: Decimal | None = None
    ties: tuple[str, ...] = ("price", "technical")
    trim: bool = False
    digest: str = ""
    is_blind: bool = False
    """Members judge the technical part without knowing whose it is (W-42)."""

    @property
    def price_weight(self) -> Decimal:
        """Return the points that the price is worth."""
        weights = (row.points for row in self.criteria if row.manner is Manner.FORMULA)
        return sum(weights, Decimal(0))

    def of_manner(self, *manners: Manner) -> list[Criterion]:
        """Return the criteria that are judged in one of these ways."""
        return [row for row in self.criteria if row.manner in manners]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """A bid as it was opened, with the price that is evaluated (S-09: the corrected one).

    ``is_sealed``: the price is not opened yet, nothing may be concluded from it.
    """

    bidder_code: str
    opened_price: Decimal
    price: Decimal
    is_sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one member (by seat) found for one criterion of one bid."""

    seat: int
    bidder_code: str
    criterion: str
    value: Decimal | None = None
    passes: bool | None = None
    ground: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A bid that is out: the ground of the law, and why, in words."""

    bidder_code: str
    ground: Ground
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A bid's row in the published table: every figure that the rank follows from."""

    bidder_code: str
    price: Decimal
    evaluated_price: Decimal
    items: Mapping[str, Decimal]
    technical: Decimal
    commercial: Decimal
    price_points: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line with its rank; ``is_drawn`` says that only the draw told it from another."""

    rank: int
    line: Line
    is_drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an evaluation comes to."""

    conclusion: Conclusion
    ranking: tuple[Placed, ...]
    rejected: tuple[Rejection, ...]
    base: Decimal | None = None
    candidates: int = 0
    marks: Sequence[Mark] = field(default_factory=tuple)

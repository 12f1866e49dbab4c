"""The form of one criterion of one bid, for the page that works with and without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from gongheng.kernel.clock import BEIJING
from gongheng.trading.evaluation.kinds import Ground, Manner
from gongheng.trading.evaluation.marking import Finding
from gongheng.trading.evaluation.models import Assessment
from gongheng.trading.evaluation.shapes import Criterion
from gongheng.trading.evaluation.sources import BidFile

YES, NO = "1", "0"
LONGEST_REASON = 4000


@dataclass(slots=True)
class Row:
    """A criterion as the page shows it: what is saved, what was typed, what is wrong with it.

    ``files`` are those in which the bidder answers it, each with the anchor of the page.
    """

    criterion: Criterion
    saved: Assessment | None
    files: Sequence[tuple[BidFile, str]] = ()
    is_open: bool = True
    passes: str = ""
    points: str = ""
    ground: str = ""
    reason: str = ""
    number: int = 0
    error: str = ""
    theirs: str = ""
    grounds: Sequence[tuple[str, str]] = field(default_factory=Ground.choices)

    def __post_init__(self) -> None:
        """Begin with what is saved."""
        if self.saved is not None:
            self.passes = {True: YES, False: NO, None: ""}[self.saved.passes]
            self.points = plain(self.saved.value)
            self.ground, self.reason = self.saved.ground, self.saved.reason
            self.number = self.saved.number

    @property
    def code(self) -> str:
        """Return the prefix of the row's fields."""
        return self.criterion.code

    @property
    def is_verdict(self) -> bool:
        """Tell whether the criterion is passed or failed."""
        return self.criterion.manner is Manner.PASS

    @property
    def full(self) -> str:
        """Return the full mark as people write it."""
        return plain(self.criterion.points)

    @property
    def stamp(self) -> str:
        """Return when it was saved, in words."""
        if self.saved is None:
            return "尚未保存"
        return f"已保存 {self.saved.saved_at.astimezone(BEIJING):%H:%M:%S}"

    def read(self, data: QueryDict) -> None:
        """Take over what was typed."""
        self.passes = data.get(f"{self.code}-passes", "")
        self.points = data.get(f"{self.code}-points", "").strip()
        self.ground = data.get(f"{self.code}-ground", "")
        self.reason = data.get(f"{self.code}-reason", "").replace("\x00", "")[:LONGEST_REASON]
        text = data.get(f"{self.code}-number", "")
        is_number = text.isascii() and text.isdigit() and len(text) < len("2147483647")
        self.number = int(text) if is_number else -1

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed and nothing is saved."""
        return self.saved is None and not (self.passes or self.points)

    def finding(self) -> Finding:
        """Return what was typed as a finding."""
        return Finding(
            criterion=self.code,
            number=self.number,
            passes={YES: True, NO: False}.get(self.passes),
            points=self.points,
            ground=self.ground,
            reason=self.reason,
        )


def plain(value: Decimal | None) -> str:
    """Return a mark without needless zeros."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def words_of(row: Assessment) -> str:
    """Return a saved finding in words, for the other window."""
    if row.passes is None:
        return f"{plain(row.value)} 分"
    if row.passes:
        return "通过"
    return f"不通过（{Ground(row.ground).label}）：{row.reason}"

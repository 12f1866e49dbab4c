"""Bids that lapse because their bidders did not let them stand longer: their deposits go back (W-34).

Who was asked, who replied and who has won is known to rooms that come later in a case: one of them
provides its reader in its ``ways.py``; ``node`` imports these modules when it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gongheng.trading.cases.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """From when a bid no longer stands; ``is_refused``: its bidder said no, else it said nothing."""

    at: datetime
    is_refused: bool

    @property
    def why(self) -> str:
        """Return the event in Chinese."""
        said = (
            "不同意延长投标有效期" if self.is_refused else "没有答复是否延长投标有效期，视为不同意"
        )
        return f"{said}，投标失效"


Reader = Callable[[Case, str], Lapse | None]
"""``reader(case, bidder_code)``: nothing while the bid stands, or is accepted by the award letter."""

_readers: list[Reader] = []


def provides_way(reader: Reader) -> Reader:
    """Enter who knows of lapses (decorator)."""
    _readers.append(reader)
    return reader


def of(case: Case, bidder_code: str) -> Lapse | None:
    """Return when the bid of a bidder lapses for want of its consent."""
    found = [lapse for reader in _readers if (lapse := reader(case, bidder_code))]
    return min(found, key=lambda lapse: lapse.at, default=None)

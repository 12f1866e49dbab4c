"""A deadline as people read it: the last moment, what is left of it, and how pressing it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongheng.kernel.clock import to_end
from gongheng.kernel.terms.catalogue import all_terms
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.trading.cases.hours import Hours

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Due:
    """An instant at which something is due, seen at ``now``; ``rule`` fixes it."""

    at: datetime
    now: datetime
    rule: str = ""
    words: str = ""

    @property
    def is_late(self) -> bool:
        """Tell whether it is over: at exactly the instant it is late (T-10)."""
        return self.now >= self.at

    @property
    def shown(self) -> str:
        """Return the last moment in Beijing time; the end of a day is its 24:00."""
        return to_end(self.at)

    @property
    def left(self) -> str:
        """Return what is left, or by how much it is late."""
        apart = abs(self.at - self.now)
        if apart >= timedelta(days=1):
            length = f"{apart.days} 天"
        elif apart >= timedelta(hours=1):
            length = f"{apart // timedelta(hours=1)} 小时"
        else:
            length = f"{apart // timedelta(minutes=1)} 分钟"
        return f"已超过 {length}" if self.is_late else f"还有 {length}"

    @property
    def law(self) -> str:
        """Return the article that fixes it, empty for a rule of the house."""
        found = (str(term.law) for term in all_terms() if term.rule == self.rule)
        return next((law for law in found if HOUSE_RULES not in law), "")

    @property
    def tone(self) -> str:
        """Return the colour of its mark."""
        if self.is_late:
            return "red"
        return "amber" if self.at - self.now <= SOON else "grey"


def due_of(hours: Hours, *, now: datetime) -> Due | None:
    """Return when a step is due, if anything says so."""
    if hours.due_at is None:
        return None
    return Due(hours.due_at, now, hours.rule, hours.words)

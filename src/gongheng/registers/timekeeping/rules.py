"""What the answers of time servers say of this node's clock (T-10)."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gongheng.kernel.terms.services import T_10
from gongheng.registers.timekeeping.sntp import Answer

MOST = timedelta(seconds=int(T_10.value))
"""How far the clock may be off."""
SILENCE = timedelta(hours=1)
"""How long nobody need answer before that is told: servers rest, and lines break for minutes."""


class State(StrEnum):
    """How the clock stands."""

    GOOD = "good"
    OFF = "off"
    DISAGREE = "disagree"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """Return the state in Chinese."""
        return _LABELS[self]


_LABELS = {
    State.GOOD: "与国家授时一致",
    State.OFF: f"偏差超过 {T_10.value} 秒",
    State.DISAGREE: "各时间源不一致",
    State.UNKNOWN: "时间源没有可用的应答",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """How the clock stands, and how far the nation's time is ahead of it, where that is known."""

    state: State
    ahead: timedelta | None = None

    @property
    def said(self) -> str:
        """Return the state in Chinese, with the offset where it is known."""
        off = "" if self.ahead is None else f"，相差 {self.ahead.total_seconds():+.3f} 秒"
        return self.state.label + off


def judge(answers: Sequence[Answer]) -> Finding:
    """Judge the clock by the median of the answers, if more than half of them stand by it.

    An answer may be wrong by half its delay: what took longer than the clock may be off is no use.
    """
    ahead = [each.ahead for each in answers if each.ahead is not None and each.delay <= MOST]
    if not ahead:
        return Finding(State.UNKNOWN)
    middle = timedelta(seconds=statistics.median(each.total_seconds() for each in ahead))
    if 2 * sum(abs(each - middle) <= MOST for each in ahead) <= len(ahead):
        return Finding(State.DISAGREE)
    return Finding(State.GOOD if abs(middle) <= MOST else State.OFF, middle)


def to_tell(state: State, *, said: State, known_at: datetime, now: datetime) -> bool:
    """Tell whether officers must hear of a state: it is another than they were last told of.

    ``known_at``: when the state was last known. Silence counts when it has lasted.
    """
    if state is State.UNKNOWN and now - known_at < SILENCE:
        return False
    return state is not said

"""How many numbers a series has, and when a node asks for more of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongheng.kernel.codes import works
from gongheng.kernel.reasons import Reason, Refusal

LARGEST_TRANSACTION_SERIAL = 999_999
LARGEST_PROJECT_SERIAL = works.LARGEST_SERIAL
LARGEST_ORDINAL = works.LARGEST_ORDINAL

DAYS_AHEAD = 400
"""How far ahead numbers of daily series are reserved."""
FEWEST_DAYS_AHEAD = 100
SIZE = 500
LOW = 100
"""Numbers left at which a node asks for more: on the heaviest day a city begins some dozens."""

USED_UP = Reason(
    code="codes.used_up",
    message="该编号段的序号已经用完，不能再赋码。",
    remedy="请联系平台运维人员核对编号段；已赋的编号不受影响。",
)
RANGE_EXHAUSTED = Reason(
    code="codes.range_exhausted",
    message="省级统一赋码服务分配给本平台的号段已经用完，暂时不能赋新的编号。",
    remedy="恢复与省级平台的连接后系统会自动取得新的号段，届时请重新提交；已赋的编号不受影响。",
)
FORGED_RANGE = Reason(
    code="codes.forged_range",
    message="本平台保存的号段与省级平台的签名不符，不能据以赋码。",
    remedy="请联系平台运维人员核查号段记录，并向省级平台重新取得号段。",
)
BAD_SERIES = Reason(
    code="codes.bad_series",
    message="申请的编号序列不存在，或属于其他平台。",
    remedy="请核对平台标识码、交易类别和申请的天数。",
)

_PROJECT_SERIES = re.compile(r"[A-Z][0-9]{10}")
_DAILY_SERIES = re.compile(r"[A-Z][0-9]{2}-[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers of a series on some days: what a range says."""

    first: int
    last: int
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Tell whether the numbers may be used on a day."""
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        """Tell whether the span has a day in common with others."""
        return self.starts_on <= ends_on and starts_on <= self.ends_on


def require_left(*, serial: int, largest: int) -> None:
    """Refuse a serial beyond the width of its place. Raises ``Refusal`` (USED_UP)."""
    if serial > largest:
        raise Refusal(USED_UP, serial=serial, largest=largest)


def is_daily(series: str) -> bool:
    """Tell whether a series begins anew every day."""
    return _DAILY_SERIES.fullmatch(series) is not None


def require_series(series: str) -> int:
    """Return the largest number of a series that is reserved. Raises ``Refusal`` (BAD_SERIES)."""
    if is_daily(series):
        return LARGEST_TRANSACTION_SERIAL
    if _PROJECT_SERIES.fullmatch(series):
        return LARGEST_PROJECT_SERIAL
    raise Refusal(BAD_SERIES, series=series)


def granted(
    *, spans: Sequence[Span], starts_on: date, ends_on: date, used: int, largest: int
) -> Span:
    """Return the next numbers that nobody was given on those days.

    ``spans`` are those already given; ``used`` is the last number that the node issued before it
    was served. Raises ``Refusal`` (BAD_SERIES, USED_UP).
    """
    if starts_on > ends_on or used < 0:
        raise Refusal(BAD_SERIES, starts_on=starts_on, ends_on=ends_on)
    taken = [span.last for span in spans if span.overlaps(starts_on, ends_on)]
    first = max([used, *taken]) + 1
    require_left(serial=first, largest=largest)
    return Span(first, min(first + SIZE - 1, largest), starts_on, ends_on)


def next_serial(*, spans: Sequence[Span], last: int, day: date) -> int:
    """Return the number after ``last`` within what was reserved for a day.

    Raises ``Refusal`` (RANGE_EXHAUSTED).
    """
    following = [
        max(last + 1, span.first) for span in spans if span.covers(day) and span.last > last
    ]
    if not following:
        raise Refusal(RANGE_EXHAUSTED, last=last, day=day)
    return min(following)


def left(*, spans: Sequence[Span], last: int, day: date) -> int:
    """Return how many numbers are left on a day."""
    return sum(
        span.last - max(last, span.first - 1)
        for span in spans
        if span.covers(day) and span.last > last
    )


def wanted(
    *, spans: Sequence[Span], last: int, today: date, is_daily: bool
) -> tuple[date, date] | None:
    """Return the days for which a node should ask for numbers now, or nothing."""
    if not is_daily:
        is_low = left(spans=spans, last=last, day=today) < LOW
        return (date.min, date.max) if is_low else None
    ahead = max((span.ends_on for span in spans), default=date.min)
    if ahead < today + timedelta(days=FEWEST_DAYS_AHEAD):
        begins = max(today, ahead + timedelta(days=1))
        return begins, today + timedelta(days=DAYS_AHEAD)
    return (today, today) if left(spans=spans, last=last, day=today) < LOW else None

"""Times on the wire: ASCII digits of a real calendar second, minute or day, in Beijing's zone."""

import re
from datetime import datetime

from gongheng.kernel.clock import BEIJING

_DIGITS = re.compile(r"[0-9]+")
_SIZES = {"yyyyMMddHHmmss": 14, "yyyyMMddHHmm": 12, "yyyyMMdd": 8, "yyyyMM": 6}


def moment_of(text: str) -> datetime | None:
    """Return the naive calendar time of 8, 12 or 14 digits; None when there is no such time.

    24:00 and second 60 are no times, and neither are full-width digits.
    """
    size = len(text)
    if size not in {8, 12, 14} or _DIGITS.fullmatch(text) is None:
        return None
    try:
        return datetime(  # noqa: DTZ001  # a wall clock reading; the zone is added by instant_of
            int(text[:4]),
            int(text[4:6]),
            int(text[6:8]),
            int(text[8:10] or 0),
            int(text[10:12] or 0),
            int(text[12:14] or 0),
        )
    except ValueError:
        return None


def instant_of(text: str) -> datetime | None:
    """Return the instant of a time on the wire, aware, in Beijing's zone; None when it is wrong."""
    moment = moment_of(text)
    return moment and moment.replace(tzinfo=BEIJING)


def is_time(text: str, pattern: str) -> bool:
    """Tell whether ``text`` is a time written as ``pattern`` (``yyyyMMddHHmmss`` or shorter)."""
    return len(text) == _SIZES[pattern] and moment_of(text) is not None


def wire_time(instant: datetime) -> str:
    """Return an aware instant as the fourteen digits of Beijing's time."""
    return instant.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")

"""Times on the wire: ASCII digits of a real calendar second, minute or day, in Beijing's zone."""

import re
from datetime import datetime

from gongheng.kernel.clock import BEIJING

_SIZES = {"yyyyMMddHHmmss": 14, "yyyyMMddHHmm": 12, "yyyyMMdd": 8}
_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = (
    f"(?:{_YEAR}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    f"|02(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP_YEAR}0229)"
)
_HOUR = "(?:[01][0-9]|2[0-3])"
_WRITTEN = {
    "yyyyMMdd": re.compile(_DAY),
    "yyyyMMddHHmm": re.compile(f"{_DAY}{_HOUR}[0-5][0-9]"),
    "yyyyMMddHHmmss": re.compile(f"{_DAY}{_HOUR}[0-5][0-9][0-5][0-9]"),
}
_BY_SIZE = {size: _WRITTEN[pattern] for pattern, size in _SIZES.items()}


def pattern_of(written: str) -> str:
    """Return the regular expression of times written so, leap years and all."""
    return _WRITTEN[written].pattern


def moment_of(text: str) -> datetime | None:
    """Return the naive calendar time of 8, 12 or 14 digits; None when there is no such time.

    24:00 and second 60 are no times, and neither are full-width digits.
    """
    pattern = _BY_SIZE.get(len(text))
    if pattern is None or pattern.fullmatch(text) is None:
        return None
    return datetime(  # noqa: DTZ001  # a wall clock reading; the zone is added by instant_of
        int(text[:4]),
        int(text[4:6]),
        int(text[6:8]),
        int(text[8:10] or 0),
        int(text[10:12] or 0),
        int(text[12:14] or 0),
    )


def instant_of(text: str) -> datetime | None:
    """Return the instant of a time on the wire, aware, in Beijing's zone; None when it is wrong."""
    moment = moment_of(text)
    return moment and moment.replace(tzinfo=BEIJING)


def wire_time(instant: datetime) -> str:
    """Return an aware instant as the fourteen digits of Beijing's time."""
    return instant.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")

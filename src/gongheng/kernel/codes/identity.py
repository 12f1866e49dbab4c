"""公民身份号码, GB 11643: region, day of birth, order, check character."""

import re
from datetime import date

from gongheng.kernel.codes import region

MODULUS = 11
BODY_LENGTH = 17
EXAMPLE = "11010519491231002X"
"""The number printed in the standard; no living person."""

_CHECKS = "10X98765432"
_BODY = re.compile(r"[0-9]{17}")
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_FIRST_YEAR = 1800


def check_character(body: str) -> str:
    """Return the 18th character for the first 17 digits. Raises ``ValueError`` otherwise."""
    if _BODY.fullmatch(body) is None:
        msg = "an identity number begins with 17 digits"
        raise ValueError(msg)
    total = sum(
        int(digit) * pow(2, BODY_LENGTH - position, MODULUS) for position, digit in enumerate(body)
    )
    return _CHECKS[total % MODULUS]


def birthday_of(code: str) -> date | None:
    """Return the day of birth, or nothing when digits 7 to 14 are not a day of the calendar."""
    try:
        birthday = date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None
    return birthday if birthday.year >= _FIRST_YEAR else None


def is_plausible(code: str) -> bool:
    """Tell whether the number has the shape, a province and a day of birth; check it not.

    A mistyped number is still somebody's: the detector of personal data asks this.
    """
    return (
        _SHAPE.fullmatch(code) is not None
        and region.is_valid(code[:6])
        and birthday_of(code) is not None
    )


def is_valid(code: str) -> bool:
    """Tell whether shape, province, day of birth and check character are right."""
    return is_plausible(code) and check_character(code[:BODY_LENGTH]) == code[-1]

"""组织机构代码, GB 11714: eight characters and a check character, on the wire without hyphen."""

import re
import string

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
MODULUS = 11
BODY_LENGTH = 8
EXAMPLE = "D2143569X"

_VALUES = string.digits + string.ascii_uppercase
_CHECKS = "0123456789X"
_BODY = re.compile(r"[0-9A-Z]{8}")
_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")


def check_character(body: str) -> str:
    """Return the ninth character for the first eight. Raises ``ValueError`` for another shape."""
    if _BODY.fullmatch(body) is None:
        msg = "an organisation code begins with eight digits or capitals"
        raise ValueError(msg)
    total = sum(
        _VALUES.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True)
    )
    return _CHECKS[-total % MODULUS]


def is_valid(code: str) -> bool:
    """Tell whether shape and check character are right."""
    return _SHAPE.fullmatch(code) is not None and check_character(code[:BODY_LENGTH]) == code[-1]

"""统一社会信用代码, GB 32100: who registers, what kind, region, organisation code, check character."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters by value; I, O, S, V and Z are left out."""

MODULUS = 31
BODY_LENGTH = 17
EXAMPLE = "12530000MB1X000010"

_BODY = re.compile(r"[1-9ANY][1-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}")
SHAPE = _BODY.pattern + r"[0-9A-HJ-NPQRTUWXY]"
"""What a code looks like, as a pattern; the check character is not in it."""

_SHAPE = re.compile(SHAPE)


def check_character(body: str) -> str:
    """Return the 18th character for the first 17. Raises ``ValueError`` for another shape."""
    if _BODY.fullmatch(body) is None:
        msg = "a credit code begins with 17 characters of its alphabet"
        raise ValueError(msg)
    total = sum(
        ALPHABET.index(character) * pow(3, position, MODULUS)
        for position, character in enumerate(body)
    )
    return ALPHABET[-total % MODULUS]


def is_valid(code: str) -> bool:
    """Tell whether shape and check character are right.

    The organisation code inside is not judged: newer registers fill its place by rules of their
    own, so that its check character need not fit.
    """
    return _SHAPE.fullmatch(code) is not None and check_character(code[:BODY_LENGTH]) == code[-1]


def region_of(code: str) -> str:
    """Return the region of registration, six digits."""
    return code[2:8]


def organisation_code_of(code: str) -> str:
    """Return the organisation code inside: characters 9 to 17."""
    return code[8:BODY_LENGTH]

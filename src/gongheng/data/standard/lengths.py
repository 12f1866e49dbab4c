"""What the length column of the standard says: ``C18``, ``C..200``, ``N..20,6``, ``yyyyMMdd``."""

import re
from dataclasses import dataclass
from functools import cache

_PATTERN = re.compile(r"(?P<sort>[CN])(?P<most>\.\.)?(?P<size>ul|[0-9]+)(?:,(?P<scale>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Length:
    """A length in Unicode code points (text), in digits (numbers), or a pattern of digits (times).

    ``size`` is 0 when the length is unlimited. ``scale`` is how many of ``size`` digits are
    decimals. A number with decimals is never of exact length, whatever the source says: ``N22,6``
    would ask for sixteen digits before the point.
    """

    text: str
    size: int
    is_exact: bool
    scale: int = 0


@cache
def length_of(text: str) -> Length:
    """Read one length. Raises ``ValueError`` when it is not written as the standard does."""
    if text.startswith("yyyy"):
        return Length(text, len(text), is_exact=True)
    found = _PATTERN.fullmatch(text)
    if found is None:
        msg = f"not a length: {text}"
        raise ValueError(msg)
    size = 0 if found["size"] == "ul" else int(found["size"])
    scale = int(found["scale"] or 0)
    return Length(text, size, is_exact=not found["most"] and not scale, scale=scale)

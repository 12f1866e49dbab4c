"""Region codes, GB/T 2260: six digits, province, city, county.

Only the shape and the province are checked: development zones, retired counties and municipal
"city levels" are in use though the national table does not list them; the table itself is data.
"""

import re

_FIRST_TWO = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 66 71 81 82"
)
PROVINCES = frozenset(_FIRST_TWO.split())
"""First two digits in use; 66 is the Xinjiang construction corps."""

NATION = "000000"
"""The tier above the provinces: a place in the platform, not a code of GB/T 2260."""

EXAMPLE = "530102"

_SHAPE = re.compile(r"[0-9]{6}")


def is_valid(code: str) -> bool:
    """Tell whether the code has six digits and begins with a province."""
    return _SHAPE.fullmatch(code) is not None and code[:2] in PROVINCES


def province_of(code: str) -> str:
    """Return the code of the province."""
    return code[:2] + "0000"


def city_of(code: str) -> str:
    """Return the code of the city."""
    return code[:4] + "00"


def is_within(code: str, area: str) -> bool:
    """Tell whether the region lies in the area: the same, its city, its province, the nation."""
    return area in {code, city_of(code), province_of(code), NATION}

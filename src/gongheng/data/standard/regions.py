"""Administrative divisions as people name, pick and read them."""

import re
from dataclasses import dataclass
from functools import cache

from gongheng.data.standard import registry

NATION = "000000"
_EMPTY_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_USUAL_ENDINGS = "省市县区州"
"""What people leave out at the end of a name."""


def reach_of(region: str) -> str:
    """Return the beginning that all codes within a region share: 530100 -> 5301, 000000 -> ``""``."""
    for size in (0, 2, 4):
        if region[size:] == "0" * (6 - size):
            return region[:size]
    return region


def is_known(region: str) -> bool:
    """Tell whether this is a division in use or retired, or the whole nation."""
    return region == NATION or registry.code_list("REGION").accepts(region)


def full_name(region: str) -> str:
    """Return the name with everything above it: 云南省昆明市官渡区."""
    return "".join(_names(region)) or "全国"


def named(words: str) -> list[str]:
    """Return the codes in use of what somebody means: a code, or a name with as much above as typed.

    官渡区 and 昆明市官渡区 are one, 昆明 is 昆明市; 鼓楼区 there are several, 五华 is a 县 and a 区.
    """
    code = re.fullmatch(r".*?([0-9]{6})\D?", words)
    if code:
        return [code[1]] if code[1] in registry.code_list("REGION").labels else []
    plain = re.sub(r"\s", "", words)
    return _ending_in([plain]) or _ending_in([plain + ending for ending in _USUAL_ENDINGS])


def _ending_in(names: list[str]) -> list[str]:
    found = {
        code: full
        for name in names
        for full, code in _by_ending().get(name[-1:], ())
        if full.endswith(name)
    }
    return [code for code, full in found.items() if full in names] or list(found)


@cache
def _by_ending() -> dict[str, list[tuple[str, str]]]:
    """Return full names and codes of what is in use, by the last letter of the name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, label in registry.code_list("REGION").labels.items():
        if label not in _EMPTY_NAMES:
            name = full_name(code)
            found.setdefault(name[-1], []).append((name, code))
    return found


def short_name(region: str, *, within: str) -> str:
    """Return the name as lists show it: at most two levels below ``within``, never empty."""
    names = _names(region)
    above = len(_names(within))
    return "".join(names[above:][:2] or names[-1:]) or "全国"


@cache
def _names(region: str) -> tuple[str, ...]:
    labels = registry.code_list("REGION")
    chain = dict.fromkeys([f"{region[:2]}0000", f"{region[:4]}00", region])
    found = [labels.label(code) for code in chain if code != NATION and labels.accepts(code)]
    return tuple(name for name in found if name not in _EMPTY_NAMES)


@dataclass(frozen=True, slots=True)
class Choice:
    """A division in a list of choices."""

    code: str
    name: str


@cache
def within(region: str) -> tuple[Choice, ...]:
    """Return the divisions directly below a region, in the order of their codes."""
    reach = reach_of(region)
    if len(reach) == len(region):
        return ()
    labels = registry.code_list("REGION").labels
    width = len(reach) + 2
    below = [
        Choice(code, name)
        for code, name in labels.items()
        if code.startswith(reach) and len(reach_of(code)) == width and name not in _EMPTY_NAMES
    ]
    if not below:  # a municipality such as 上海市 has no cities between itself and its districts
        below = [
            Choice(code, name)
            for code, name in labels.items()
            if code.startswith(reach) and code != region and name not in _EMPTY_NAMES
        ]
    return tuple(below)


def above(region: str, *, top: str) -> list[Choice]:
    """Return the way from ``top`` down to a region, both included."""
    chain = [f"{region[:2]}0000", f"{region[:4]}00", region]
    known = [code for code in dict.fromkeys(chain) if code.startswith(reach_of(top))]
    return [
        Choice(code, full_name(code)) for code in dict.fromkeys([top, *known]) if is_known(code)
    ]

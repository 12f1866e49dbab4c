"""The code tree of works: project 17 in tender project 20 in lot 23 in document 26 characters (J-03).

A project code is the platform's identifier (letter, region, four digits) and a serial of six;
each level below adds three characters to its parent's code.
"""

import re
from enum import IntEnum

from gongheng.kernel.codes import region

PLATFORM_LENGTH = 11
STEP = 3
LARGEST_SERIAL = 999_999
LARGEST_ORDINAL = 999

EXAMPLES = ("E3507210701100001", "E3508220201122496870")


class Level(IntEnum):
    """A level of the tree; its number is the length of its codes."""

    PROJECT = 17
    TENDER_PROJECT = 20
    LOT = 23
    DOCUMENT = 26


_PLATFORM = re.compile(r"[A-Z][0-9]{10}")
# The three characters of a level are digits in most codes; the sheets widen them to 0-9 and a-z.
_SHAPE = re.compile(r"[A-Z][0-9]{16}(?:[0-9a-z]{3}){0,3}")


def is_platform(identifier: str) -> bool:
    """Tell whether an identifier of a tendering platform is right: letter, region, four digits."""
    return _PLATFORM.fullmatch(identifier) is not None and region.is_valid(identifier[1:7])


def is_valid(code: str, level: Level) -> bool:
    """Tell whether the code has the shape of its level and a real province inside."""
    return (
        len(code) == level
        and _SHAPE.fullmatch(code) is not None
        and is_platform(code[:PLATFORM_LENGTH])
    )


def project_code(platform: str, serial: int) -> str:
    """Make a project code. Raises ``ValueError`` for a wrong platform or serial."""
    if not is_platform(platform) or not 1 <= serial <= LARGEST_SERIAL:
        msg = f"no project code can be made of {platform} and {serial}"
        raise ValueError(msg)
    return f"{platform}{serial:06d}"


def child_code(parent: str, ordinal: int) -> str:
    """Make the code one level below: tender project, lot or document."""
    if Level(len(parent)) is Level.DOCUMENT or not 1 <= ordinal <= LARGEST_ORDINAL:
        msg = f"no code can be made below {parent} with {ordinal}"
        raise ValueError(msg)
    return f"{parent}{ordinal:03d}"


def is_within(code: str, parent: str) -> bool:
    """Tell whether the code lies below the parent in the tree, at any distance."""
    lengths = {level.value for level in Level}
    return (
        {len(code), len(parent)} <= lengths and len(code) > len(parent) and code.startswith(parent)
    )

"""投资项目代码: year, region, industry, type, serial, 24 characters with their hyphens."""

import re

from gongheng.kernel.codes import region

EXAMPLE = "2409-530102-04-01-123456"

_SHAPE = re.compile(r"[0-9]{4}-(?P<region>[0-9]{6})-[0-9]{2}-[0-9]{2}-[0-9]{6}")


def is_valid(code: str) -> bool:
    """Tell whether the code has its shape and the region a province or the nation.

    The serial is made by the investment platform; there is no check character.
    """
    parts = _SHAPE.fullmatch(code)
    return parts is not None and (
        region.is_valid(parts["region"]) or parts["region"] == region.NATION
    )

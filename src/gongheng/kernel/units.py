"""What the numbers of the law are counted in."""

from enum import StrEnum


class Unit(StrEnum):
    """A unit of a period or of a quantity (T-01)."""

    CD = "CD"
    WD = "WD"
    M = "M"
    Y = "Y"
    H = "H"
    MIN = "MIN"
    SECOND = "SECOND"
    COUNT = "COUNT"
    SHARE = "SHARE"
    PERCENT = "PERCENT"
    YUAN = "YUAN"

    @property
    def label(self) -> str:
        """Return the unit as it is printed after a number."""
        return _LABELS[self]


_LABELS = {
    Unit.CD: "日",
    Unit.WD: "个工作日",
    Unit.M: "个月",
    Unit.Y: "年",
    Unit.H: "小时",
    Unit.MIN: "分钟",
    Unit.SECOND: "秒",
    Unit.COUNT: "个",
    Unit.SHARE: "",
    Unit.PERCENT: "%",
    Unit.YUAN: "元",
}

DAYS = frozenset({Unit.CD, Unit.WD, Unit.M, Unit.Y})
"""Units whose periods begin on the next day and end at 24:00 of a day."""

INSTANTS = frozenset({Unit.H, Unit.MIN, Unit.SECOND})
"""Units counted from instant to instant: no working days, no rolling (T-03)."""

"""The small numbers that stand for what a value is: right, blank, or wrong in one way."""

from typing import Final

from gongheng.data.standard import faults
from gongheng.data.standard.faults import Fault
from gongheng.kernel.findings import Severity

RIGHT: Final = 0
BLANK: Final = 1
WRONG: Final[tuple[Fault, ...]] = (
    faults.CONTROL,
    faults.ENCODING,
    faults.NOT_TEXT,
    faults.TOO_LONG,
    faults.EXACT_LENGTH,
    faults.NUMBER,
    faults.TIME,
    faults.CODE,
    faults.REGION,
    faults.EMPTY_PART,
    faults.USCC,
    faults.SUBJECT,
    faults.IDENTITY,
    faults.DEAL_CODE,
    faults.DEAL_CATEGORY,
    faults.DEAL_CHECK,
)
_FIRST: Final = 2
LABEL_OF: Final = {fault.name: number for number, fault in enumerate(WRONG, _FIRST)}
CONTROL, ENCODING, NOT_TEXT, TOO_LONG = range(_FIRST, _FIRST + 4)
WHATEVER_LENGTH: Final = ENCODING
"""Labels up to this one are not changed by a length that is too long, ``RIGHT`` apart."""

COUNT: Final = _FIRST + len(WRONG)
IS_RIGHT: Final = tuple(
    label == RIGHT or (label >= _FIRST and WRONG[label - _FIRST].severity is Severity.WARNING)
    for label in range(COUNT)
)
"""By label: whether the value may be reckoned with; doubts do not hinder."""


def fault_of(label: int) -> Fault:
    """Return the fault of a label beyond ``BLANK``."""
    return WRONG[label - _FIRST]

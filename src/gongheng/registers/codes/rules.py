"""How many numbers a series has."""

from gongheng.kernel.codes import works
from gongheng.kernel.reasons import Reason, Refusal

LARGEST_TRANSACTION_SERIAL = 999_999
LARGEST_PROJECT_SERIAL = works.LARGEST_SERIAL
LARGEST_ORDINAL = works.LARGEST_ORDINAL

USED_UP = Reason(
    code="codes.used_up",
    message="该编号段的序号已经用完，不能再赋码。",
    remedy="请联系平台运维人员核对编号段；已赋的编号不受影响。",
)


def require_left(*, serial: int, largest: int) -> None:
    """Refuse a serial beyond the width of its place. Raises ``Refusal`` (USED_UP)."""
    if serial > largest:
        raise Refusal(USED_UP, serial=serial, largest=largest)

"""What search refuses."""

from gongheng.kernel.reasons import Reason, Refusal

TOO_MANY_SAVED = Reason(
    code="search.too_many_saved",
    message="保存的查询已满 50 个。",
    remedy="请在“我的查询”中删除不再需要的，再保存新的。",
)


def require_room(number: int, *, most: int) -> None:
    """Refuse to keep more than ``most``. Raises ``Refusal`` (``TOO_MANY_SAVED``)."""
    if number >= most:
        raise Refusal(TOO_MANY_SAVED)

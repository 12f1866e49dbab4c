"""How often a password may be tried, and what makes an address safe to return to."""

from datetime import datetime, timedelta

from gongheng.kernel.reasons import Reason, Refusal

WINDOW = timedelta(hours=1)
NAME_LIMIT = 10
"""Guesses in a window for one name from strange devices; one known device has as many again."""
ADDRESS_LIMIT = 100
"""Guesses in a window from one address, whatever the names: many people share an office's line."""

WRONG = Reason(
    code="identity.wrong_credentials",
    message="账号或密码不正确。",
    remedy="请检查大小写和输入法后重试；忘记密码请联系本单位的平台管理员。",
)
TOO_OFTEN = Reason(
    code="identity.too_many_attempts",
    message="登录尝试次数过多，本账号暂停接受新的尝试。",
    remedy="请在一小时后重试；在常用设备上登录不受他人尝试的影响。",
)
SIGN_IN_FIRST = Reason(
    code="identity.sign_in_first",
    message="这个页面需要登录后才能查看。",
    remedy="请登录后继续。",
)


def is_expired(*, since: datetime, now: datetime) -> bool:
    """Tell whether failures counted since then no longer matter."""
    return now - since >= WINDOW


def require_may_try(*, failures: int, limit: int) -> None:
    """Refuse a further guess once as many as allowed have failed. Raises ``Refusal`` (TOO_OFTEN)."""
    if failures >= limit:
        raise Refusal(TOO_OFTEN, failures=failures, limit=limit)

"""What a message needs, when it is tried again, and when it counts as received (T-12)."""

import re
from datetime import timedelta

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.kinds import Recipient

RECEIVED_ON_ENTRY = Law("电子签名法", "第十一条", rule="T-12")
"""A message counts as received when it enters the addressee's inbox (E-26); a reading is proof."""

NOBODY_TO_TELL = Reason(
    code="messages.nobody",
    message="消息没有收件人，或收件人没有任何可用的地址。",
    remedy="请为每个收件人填写账号、单位、邮箱或手机中的至少一项。",
)
EMPTY = Reason(
    code="messages.empty",
    message="消息没有标题或正文。",
    remedy="请填写标题和正文。",
)

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 8

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")


def require_sendable(recipients: list[Recipient], *, subject: str, body: str) -> None:
    """Refuse a message for nobody or without words. Raises ``Refusal`` (NOBODY_TO_TELL, EMPTY)."""
    if not recipients or any(
        not (one.account_id or one.organisation_code or one.email or one.phone)
        for one in recipients
    ):
        raise Refusal(NOBODY_TO_TELL)
    if not subject.strip() or not body.strip():
        raise Refusal(EMPTY)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts that failed; none when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)


def is_address(text: str) -> bool:
    """Tell whether a text may be an e-mail address; it goes into a header, so no line ends."""
    return _EMAIL.fullmatch(text) is not None


def is_mobile(text: str) -> bool:
    """Tell whether a text is a mobile number of the mainland."""
    return _MOBILE.fullmatch(text) is not None


def one_line(text: str) -> str:
    """Return a text as one line, for a subject."""
    return " ".join(text.split())

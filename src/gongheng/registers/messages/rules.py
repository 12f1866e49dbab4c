"""What a message needs, when it is tried again, and when it counts as received (T-12)."""

import re
from datetime import datetime, timedelta

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.kinds import Channel, Recipient

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

NOT_AN_ADDRESS = Reason(
    code="messages.not_an_address",
    message="这不是可以使用的邮箱地址或内地手机号码。",
    remedy="邮箱如 name@example.cn；手机号为 1 开头的 11 位数字，不写区号。",
)
ALREADY_CONFIRMED = Reason(
    code="messages.already_confirmed",
    message="这个地址已经验证，正在使用。",
    remedy="无需再次验证；如要更换，请填写另一个地址。",
)
CODE_NOT_SENT = Reason(
    code="messages.code_not_sent",
    message="验证码没有发出，原有的联系方式没有变化。",
    remedy="请核对地址后重试；多次失败的，请联系平台运维人员。站内消息不受影响。",
)
TOO_MANY_CODES = Reason(
    code="messages.too_many_codes",
    message="一小时内发出的验证码已达上限，没有再发送。",
    remedy="请先填写已收到的验证码，或在一小时后重新获取。",
)
NO_CODE_WAITS = Reason(
    code="messages.no_code_waits",
    message="没有等待验证的地址，或验证码已经过期、试错次数过多。",
    remedy="请重新填写地址，获取新的验证码。",
)
WRONG_CONTACT_CODE = Reason(
    code="messages.wrong_contact_code",
    message="验证码不正确。",
    remedy="请填写最近一次收到的 6 位验证码。",
)

CODE_LASTS = timedelta(minutes=10)
CODE_DIGITS = 6
MOST_GUESSES = 5
"""Codes tried for one that was sent; then a new one is needed."""
MOST_CODES = 5
"""Codes sent in an hour to one address, and for one account."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 8

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
MOBILE_DIGITS = 11
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


def address_for(channel: Channel, text: str) -> str:
    """Return an address as it is kept. Raises ``Refusal`` (NOT_AN_ADDRESS)."""
    plain = "".join(text.split())
    if channel is Channel.EMAIL and is_address(plain):
        name, _, domain = plain.partition("@")
        return f"{name}@{domain.lower()}"
    if channel is Channel.SMS:
        number = plain.replace("-", "")
        if is_mobile(number):
            return number[-MOBILE_DIGITS:]
    raise Refusal(NOT_AN_ADDRESS, channel=channel.label)


def require_new(*, text: str, address: str, is_refused: bool) -> None:
    """Refuse what is confirmed and in use. Raises ``Refusal`` (ALREADY_CONFIRMED)."""
    if text == address and not is_refused:
        raise Refusal(ALREADY_CONFIRMED)


def require_code_waits(*, until: datetime | None, guesses: int, now: datetime) -> None:
    """Refuse a guess at no code, or an old one, or one too many. Raises ``Refusal``."""
    if until is None or now >= until or guesses >= MOST_GUESSES:
        raise Refusal(NO_CODE_WAITS)

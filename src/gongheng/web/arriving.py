"""Bodies of requests that are still on their way, and why one is ended before it has come.

The server in front (``node/reception.py``) puts a long body into the environment of its request;
whoever learns who asks says so, since a person's upload goes before one of nobody.
"""

from typing import Protocol

from django.http import HttpRequest

from gongheng.kernel.reasons import Reason

KEY = "gongheng.body"
"""Where in the environment of a request its long body stands."""
LEAST = 16 * 1024
WITHIN = 60.0
"""So many bytes, or the rest, must come while the node waits so many seconds: 273 a second."""

TOO_SLOW = Reason(
    code="web.body_too_slow",
    message="发送中断过久：60 秒内收到的内容不足 16 KB，平台结束了这次发送。",
    remedy="请检查网络后重新发送；用 gongheng bid submit 递交的，会从中断处继续，已送达的部分不用再发。",
)
TOO_MANY = Reason(
    code="web.too_many_bodies",
    message="同时发送的大文件过多，平台先结束了同一来源中最慢的一个，即这一个。",
    remedy="请立即重新发送；用 gongheng bid submit 递交的，会从中断处继续，已送达的部分不用再发。",
)


class Ended(OSError):
    """A body that does not come to its end: the line broke, or ``reason`` says why it was ended."""

    def __init__(self, reason: Reason | None = None) -> None:
        super().__init__(str(reason) if reason else "the line broke")
        self.reason = reason


class Coming(Protocol):
    """A long body on its way."""

    def belongs_to(self, sender: str) -> None:
        """Say who sends it, by a name of the account; empty for nobody who is known."""


def tell_sender(request: HttpRequest, sender: str) -> None:
    """Say whose a request's long body is; to be called before it is read."""
    body: Coming = request.META[KEY]
    body.belongs_to(sender)

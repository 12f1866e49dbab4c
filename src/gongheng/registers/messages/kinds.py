"""Channels and states of deliveries, with their Chinese labels, and whom a message is for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How a message reaches a person; the inbox is the one that counts in law (T-12)."""

    INBOX = "inbox"
    EMAIL = "email"
    SMS = "sms"

    @property
    def label(self) -> str:
        """Return the channel in Chinese."""
        return _CHANNELS[self]


_CHANNELS = {Channel.INBOX: "站内消息", Channel.EMAIL: "电子邮件", Channel.SMS: "短信"}


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """Return the state in Chinese."""
        return _STATES[self]


_STATES = {
    State.WAITING: "待发送",
    State.SENT: "已发出",
    State.DELIVERED: "已送达",
    State.FAILED: "未送达",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person or organisation, and the addresses to use besides the inbox.

    A message for an organisation lies in an inbox that all of its people read.
    """

    account_id: UUID | None = None
    organisation_code: str = ""
    email: str = ""
    phone: str = ""

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

    @property
    def address_label(self) -> str:
        """Return in Chinese what an address of the channel is called."""
        return _ADDRESSES.get(self, "")


_CHANNELS = {Channel.INBOX: "站内消息", Channel.EMAIL: "电子邮件", Channel.SMS: "短信"}
_ADDRESSES = {Channel.EMAIL: "邮箱", Channel.SMS: "手机号码"}


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


class Outside(StrEnum):
    """How much of a message leaves the house; whoever carries it can read that much."""

    TEXT = "text"
    """Subject and text: both are public anyway."""
    SUBJECT = "subject"
    """The subject, and where to read the rest after signing in."""
    NOTICE = "notice"
    """Only that there is a message: the very subject says something protected."""


_OUTSIDE = {
    "award.candidates": Outside.TEXT,
    "award.letter": Outside.SUBJECT,
    "award.report": Outside.SUBJECT,
    "case.deadlines_moved": Outside.SUBJECT,
    "case.held": Outside.SUBJECT,
    "case.idle": Outside.NOTICE,
    "case.idle_closed": Outside.NOTICE,
    "case.returned": Outside.SUBJECT,
    "contact.changed": Outside.NOTICE,
    "contact.refused": Outside.NOTICE,
    "contract.drafted": Outside.SUBJECT,
    "deposit.kept": Outside.NOTICE,
    "deposit.returned": Outside.NOTICE,
    "emergency.audit": Outside.NOTICE,
    "emergency.told": Outside.NOTICE,
    "evaluation.member_invited": Outside.NOTICE,
    "evaluation.member_stepped_back": Outside.NOTICE,
    "evaluation.report_submitted": Outside.SUBJECT,
    "evaluation.report_to_sign": Outside.NOTICE,
    "evaluation.request_sent": Outside.NOTICE,
    "evaluation.time_extended": Outside.NOTICE,
    "evaluation.time_short": Outside.NOTICE,
    "identity.right": Outside.NOTICE,
    "invitation.sent": Outside.NOTICE,
    "notice.changed": Outside.TEXT,
    "notice.failure": Outside.TEXT,
    "notice.resumption": Outside.TEXT,
    "notice.suspension": Outside.TEXT,
    "notice.termination": Outside.TEXT,
    "objection.answered": Outside.NOTICE,
    "opening": Outside.SUBJECT,
    "question.answered": Outside.TEXT,
    "subject.decided": Outside.NOTICE,
    "time.state": Outside.TEXT,
    "validity.asked": Outside.SUBJECT,
    "validity.refused": Outside.NOTICE,
    "venue.released": Outside.NOTICE,
}


def outside(kind: str) -> Outside:
    """Return how much of messages of a kind leaves the house; of an unknown kind the least.

    Why each stands where it does: ``docs/decisions/0021-what-of-a-message-leaves-the-house.md``.
    """
    return _OUTSIDE.get(kind, Outside.NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person or organisation, and the addresses to use for this message alone.

    A message for an organisation lies in an inbox that all of its people read. Without an address
    given here it goes to those that the persons themselves confirmed.
    """

    account_id: UUID | None = None
    organisation_code: str = ""
    email: str = ""
    phone: str = ""

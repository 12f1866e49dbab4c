"""Channels and states of deliveries, with their Chinese labels, and whom a message is for."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models


class Channel(models.TextChoices):
    """How a message reaches a person; the inbox is the one that counts in law (T-12)."""

    INBOX = "inbox", "站内消息"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发出"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "未送达"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person or organisation, and the addresses to use besides the inbox.

    A message for an organisation lies in an inbox that all of its people read.
    """

    account_id: UUID | None = None
    organisation_code: str = ""
    email: str = ""
    phone: str = ""

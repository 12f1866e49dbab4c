"""The facts of a tender notice, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

DATASET = "TENDER_ANN_QUA_INQUERY_ANN"
EXCEPTIONS = "TENDER_ABNORMITY_REPORT"
PUBLISH_NOTICE = "publish_notice"
CLARIFY = "clarify"
LETTERS = "TENDER_INVITATION"
"""The dataset of letters of invitation: a row for each firm, made known with the opening."""
INVITED = "invited"
"""The fact of how many are invited, which a letter states (W-02)."""


class NoticeState(models.TextChoices):
    """Whether a published notice stands."""

    STANDING = "standing", "已发布"
    WITHDRAWN = "withdrawn", "已终止"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who can be asked: of the tenderer or the agency."""

    address: str
    person: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a tender notice says beyond its project and lots; instants are aware.

    ``lot_codes`` are the lots it invites bids for; ``document_price`` in yuan, none when free.
    """

    title: str
    lot_codes: tuple[str, ...]
    documents_from: datetime
    documents_until: datetime
    documents_method: str
    document_price: Decimal | None
    bids_due_at: datetime
    bids_method: str
    opening_at: datetime
    opening_method: str
    consortium_allowed: bool
    tenderer: Contact
    agency: Contact | None
    other: str
    responsible: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """What a clarification of a standing notice says, and the times from now on (B-04).

    ``old_text`` is empty where something is only made clear; ``answers`` are answers to questions
    by the question's id.
    """

    old_text: str
    new_text: str
    reason: str
    may_affect_bids: bool
    documents_until: datetime
    bids_due_at: datetime
    opening_at: datetime
    answers: tuple[tuple[UUID, str], ...] = ()


class AnnouncementKind(models.TextChoices):
    """What an announcement beside the usual course says (B-08)."""

    FAILURE = "failure", "招标失败公告"
    TERMINATION = "termination", "终止招标公告"
    SUSPENSION = "suspension", "暂停招标公告"
    RESUMPTION = "resumption", "恢复招标公告"


class Cause(models.TextChoices):
    """Why a tender fails, ends or stands still."""

    TOO_FEW_BIDDERS = "Q-01", "投标截止时投标人少于三个"
    NO_COMPETITION = "Q-02", "有效投标不足三个且明显缺乏竞争，评标委员会否决全部投标"
    ALL_REJECTED = "Q-03", "评标委员会否决了全部投标"
    DOCUMENTS_UNLAWFUL = "Q-04", "招标文件内容违反强制性规定或者有关原则，影响了投标"
    TERMINATED = "Q-05", "招标人终止招标"
    WINNER_LOST = "Q-06", "中标候选人均不能中标"
    SUSPENDED = "Q-07", "系统故障等原因使招标活动暂停"
    TOO_FEW_DECRYPTED = "Q-08", "成功解密的投标文件少于三个"
    IDLE = "U-05", "经提醒后项目仍长期没有进展，由交易中心终止"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementFacts:
    """What somebody announces of a lot: what happened, what follows, and the times of a stop.

    ``since`` when an outage began, ``bids_due_at`` the deadline after it.
    """

    statement: str
    duties: str = ""
    since: datetime | None = None
    bids_due_at: datetime | None = None


class QuestionState(models.TextChoices):
    """Whether a question about the documents was answered in public."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "已公开答复"

"""The facts of a tender notice, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import models

DATASET = "TENDER_ANN_QUA_INQUERY_ANN"


class NoticeState(models.TextChoices):
    """Whether a published notice stands."""

    STANDING = "standing", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


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
    """What a change of a standing notice says: why, and the times from now on."""

    reason: str
    may_affect_bids: bool
    documents_until: datetime
    bids_due_at: datetime
    opening_at: datetime

"""The words of an award: causes, letters, bulletins, and the facts that rules judge."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models


class LossCause(models.TextChoices):
    """Why a candidate cannot be awarded: the causes of W-29, and no other."""

    GAVE_UP = "gave_up", "放弃中标"
    FORCE_MAJEURE = "force_majeure", "因不可抗力不能履行合同"
    NO_BOND = "no_bond", "不按照招标文件要求提交履约保证金"
    UNLAWFUL = "unlawful", "被查实存在影响中标结果的违法行为，不符合中标条件"
    EXPIRED = "expired", "拒绝延长投标有效期，投标失效"


class RecheckCause(models.TextChoices):
    """Why the original committee looks at the candidates again before the award letter."""

    BUSINESS = "business", "候选人的经营状况发生较大变化，可能影响履约能力"
    FINANCE = "finance", "候选人的财务状况发生较大变化，可能影响履约能力"
    UNLAWFUL = "unlawful", "候选人存在违法行为，可能影响履约能力"
    CORRECTION = "correction", "异议成立或者行政监督部门责令改正评标结果"


class BulletinKind(models.TextChoices):
    """The bulletins of this room."""

    CANDIDATES = "candidates", "中标候选人公示"
    RESULT = "result", "中标结果公告"


class LetterKind(models.TextChoices):
    """What a bidder is told of the award (W-31)."""

    AWARD = "award", "中标通知书"
    RESULT = "result", "中标结果通知书"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """A candidate as the report recommends it and its bid promises; ``price`` in yuan."""

    rank: int
    bidder_code: str
    bidder_name: str
    price: Decimal
    score: str
    quality: str
    duration_days: int
    project_manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the tenderer adds about a candidate (B-06): the manager's certificate, qualification."""

    certificate: str
    qualification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicityFacts:
    """What a publicity of candidates says beyond the report; ``statements`` by bidder's code."""

    title: str
    ends_on: date
    summary: str
    objection_method: str
    responsible: str
    other: str
    statements: dict[str, Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """What an award notice says beyond the award (B-07)."""

    title: str
    responsible: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """Who won a lot, for the rooms after this one; ``amount`` in yuan."""

    decision_id: str
    bidder_code: str
    bidder_name: str
    amount: Decimal
    quality: str
    duration_days: int
    project_manager: str
    decided_at: datetime
    notified_at: datetime | None
    letter_number: str

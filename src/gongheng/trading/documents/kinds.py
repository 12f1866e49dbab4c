"""What tender documents hold, and how a review of fair competition ends, with Chinese labels."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from gongheng.kernel.terms.electronic import E_06


class Group(StrEnum):
    """The groups of criteria, in the order in which they are judged."""

    FORM = "form"
    QUALIFICATION = "qualification"
    RESPONSE = "response"
    TECHNICAL = "technical"
    COMMERCIAL = "commercial"
    PRICE = "price"

    @property
    def label(self) -> str:
        """Return the words in Chinese."""
        return _LABELS[self]


PRELIMINARY = (Group.FORM, Group.QUALIFICATION, Group.RESPONSE)
"""Groups that are only passed or failed: whoever fails one is rejected (W-24)."""


class Manner(StrEnum):
    """How a criterion is judged."""

    PASS = "pass"  # noqa: S105  no password: the word of the criteria
    POINTS = "points"

    @property
    def label(self) -> str:
        """Return the words in Chinese."""
        return _LABELS[self]


class EvaluationMethod(StrEnum):
    """The two methods that the law knows for works (W-41)."""

    LOWEST = "lowest"
    COMPREHENSIVE = "comprehensive"

    @property
    def label(self) -> str:
        """Return the words in Chinese."""
        return _LABELS[self]


class Conclusion(StrEnum):
    """How a review of fair competition ends (W-38)."""

    PASSED = "passed"
    EXCEPTION = "exception"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """Return the words in Chinese."""
        return _LABELS[self]


_LABELS: dict[StrEnum, str] = {
    Group.FORM: "形式评审",
    Group.QUALIFICATION: "资格评审",
    Group.RESPONSE: "响应性评审",
    Group.TECHNICAL: "技术部分",
    Group.COMMERCIAL: "商务部分",
    Group.PRICE: "投标报价",
    Manner.PASS: "合格制",
    Manner.POINTS: "评分制",
    EvaluationMethod.LOWEST: "经评审的最低投标价法",
    EvaluationMethod.COMPREHENSIVE: "综合评估法",
    Conclusion.PASSED: "未发现排除、限制竞争的内容",
    Conclusion.EXCEPTION: "有例外情形，依法可以实施",
    Conclusion.FAILED: "存在排除、限制竞争的内容，退回修改",
}

PASSING = frozenset({Conclusion.PASSED, Conclusion.EXCEPTION})
"""Conclusions after which documents may be issued."""

TWO_PHASE_CLAUSE = (
    "投标文件实行两段式解密：投标截止后，先由各投标人在规定时间内在线解密本单位投标文件（投标人解密）；"
    "解密时间届满，已解密名单即行锁定；再由招标人按照加密方案由密钥保管人解密（招标人解密）；"
    "两段均完成后，平台同时公布全部开标内容。"
    "因投标人原因未解密的，视为撤销投标文件；因投标人之外原因未解密的，视为撤回投标文件。"
)
"""The clause of the template by which bids are decrypted in two phases (E-31)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An amount added to the price for each unit of something (S-11).

    ``percent`` of the corrected price, or ``amount`` in yuan, for each ``unit``; one of the two.
    """

    title: str
    unit: str
    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """Basic data of the documents of a lot: sums in yuan, times in calendar days.

    ``decryption_minutes`` is how long bidders may decrypt from the opening's hour on (E-06).
    ``is_technical_blind``: members judge the technical part without knowing whose it is (W-42).
    ``allows_recovery``: who lost its key may decrypt by the printed recovery code (E-08).
    ``most_lots``: how many lots of the tender one bidder may win, none for any number (J-04).
    ``trims`` leaves out the highest and the lowest mark of a subjective item (S-02).
    """

    evaluation_method: str
    validity_days: int
    duration_days: int
    quality: str
    scope: str
    requirements: str
    contract_terms: str
    two_phase_clause: str = TWO_PHASE_CLAUSE
    decryption_minutes: int = E_06.periods
    is_technical_blind: bool = False
    allows_recovery: bool = True
    most_lots: int | None = None
    ceiling: Decimal | None = None
    ceiling_note: str = ""
    bond_amount: Decimal | None = None
    trims: bool = False
    adjustments: tuple[Adjustment, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFacts:
    """One criterion. ``points`` is its full mark; a veto rejects the bid that fails it.

    ``is_objective``: all members must give the same mark (S-02).
    """

    group: str
    title: str
    text: str
    method: str = Manner.PASS
    points: Decimal | None = None
    is_veto: bool = False
    is_objective: bool = False


ADDENDA = "TENDER_FILE_CLARI_MODI"
PLACE = "开标大厅（网上开标）"
"""Where bids are opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """A clarification or change of the documents of a lot, numbered in its round.

    ``bids_due_at`` is the deadline that held before it, ``postponed_to`` the new one, if it moves.
    """

    number: int
    text: str
    bids_due_at: datetime
    postponed_to: datetime | None
    bids_method: str
    opening_method: str

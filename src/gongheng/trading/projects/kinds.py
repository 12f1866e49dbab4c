"""The facts of a project, a tender project and a lot, as a clerk states them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

TRADE_TYPE = "works"
"""The trade type of the procedures that a tender may follow here."""
SELF_ORGANISED = "1"
THROUGH_AGENCY = "2"
"""自行招标 and 委托招标, of the code list TENDER_ORGANIZE_FORM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What is known of a project; codes are of the standard's lists."""

    name: str
    region_code: str
    relate_code: str
    address: str
    legal_person: str
    industry: str
    fund_source: str
    scale: str
    contact_name: str
    contact_phone: str
    approval_name: str
    invest_project_code: str = ""
    contribution_scale: str = ""
    approval_number: str = ""
    approval_authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderProjectFacts:
    """What is tendered by whom under which procedure; an agency only where one is engaged."""

    procedure: str
    name: str
    is_statutory: bool
    category: str
    content: str
    tenderer_name: str
    tenderer_code: str
    organise_form: str
    supervisor_name: str
    approver_name: str
    reporter: str
    agency_name: str = ""
    agency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """One lot: ``estimate`` in yuan, two places."""

    name: str
    content: str
    classification: str
    estimate: Decimal
    qualification: str
    begin_on: date | None = None
    duration_days: int | None = None


class Ground(StrEnum):
    """Why a tender that the law demands may be held by invitation (W-01)."""

    FEW_ABLE = "few_able"
    COST = "cost"

    @property
    def label(self) -> str:
        """Return the ground in Chinese, in the words of the law."""
        return {
            Ground.FEW_ABLE: "技术复杂、有特殊要求或者受自然环境限制，只有少量潜在投标人可供选择",
            Ground.COST: "采用公开招标方式的费用占项目合同金额的比例过大",
        }[self]


class Recogniser(StrEnum):
    """Who finds that the ground is there: the approver of the project, or its supervisor."""

    APPROVER = "approver"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> str:
        """Return who it is, in Chinese."""
        return {
            Recogniser.APPROVER: "项目审批、核准部门",
            Recogniser.SUPERVISOR: "行政监督部门",
        }[self]


class IntakeVerdict(StrEnum):
    """What becomes of a filing; the first two values are the outcomes of the step (U-01)."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Return the verdict in Chinese."""
        return {
            IntakeVerdict.ACCEPTED: "已受理",
            IntakeVerdict.RETURNED: "已退回补正",
            IntakeVerdict.WITHDRAWN: "已撤回",
        }[self]


class Anew(StrEnum):
    """What a tenderer decides after a failure; the values are the outcomes of the step."""

    AGAIN = "again"
    DROP = "drop"

    @property
    def label(self) -> str:
        """Return the decision in Chinese."""
        return {Anew.AGAIN: "重新招标", Anew.DROP: "经批准不再招标"}[self]


ABANDONED = "abandoned"
"""The outcome that is written down when a lot is taken back before its notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval: the document's name and number, who approved it and when."""

    name: str
    number: str
    authority: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """The finding that a tender may be held by invitation: ground, who found it, number, day."""

    ground: Ground
    by: Recogniser
    number: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingFacts:
    """What a clerk states to have a tender accepted; ``digest`` is the SM3 of the approval's file."""

    approval: Approval
    file: str
    digest: str
    exception_reason: str = ""
    exception_approver: str = ""
    exception_document: str = ""
    recognition: Recognition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What a plan says beyond the project: the day planned for the notice, the scope, a remark."""

    planned_on: date
    scope: str
    remark: str = ""

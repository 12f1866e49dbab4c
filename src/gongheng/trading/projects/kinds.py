"""The facts of a project, a tender project and a lot, as a clerk states them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PROCEDURE = "works_open"
"""The procedure of the case that every lot begins: 工程建设项目公开招标."""
OPEN_TENDER = "1"
"""公开招标, of the code list TENDER_MODE."""
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
    """What is tendered by whom; an agency only where the tenderer engaged one."""

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

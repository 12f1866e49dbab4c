"""What the people of the rehearsal write into forms: a made-up project, its bids, its committee."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gongheng.data.standard import samples
from gongheng.node.rehearsal.forms import Form
from gongheng.node.rehearsal.visitor import File
from gongheng.registers.subjects.kinds import Commission

FRIDAY = 4
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PROJECT = {
    "project_name": "昆明市示例第一中学图书馆建设工程",
    "region_code": "530102",
    "relate_code": "1",
    "invest_project_code": "2610-530102-04-01-223456",
    "address": "昆明市五华区示例路12号",
    "industry": "E47",
    "fund_source": "市级财政资金",
    "scale": "建筑面积 0.6 万平方米，地上三层",
    "approval_name": "关于图书馆建设工程可行性研究报告的批复",
    "approval_number": "示例发改〔2026〕91号",
    "contact_name": "李明（演示）",
    "contact_phone": "0871-60000001",
    "tender_name": "昆明市示例第一中学图书馆建设工程施工",
    "category": "A01",
    "content": "图书馆土建、安装和室外工程施工",
    "organise_form": "1",
    "supervisor_name": "昆明市示例住房和城乡建设局",
    "approver_name": "昆明市示例发展和改革委员会",
}
LOT = {
    "name": "施工标段",
    "content": "施工图范围内的全部工程",
    "classification": "A080200",
    "estimate": "13,500,000.00",
    "qualification": "具有建筑工程施工总承包二级及以上资质",
    "duration_days": "180",
}
JSON = "application/json"
CONTACTS = {
    "tenderer_address": "昆明市五华区示例路1号",
    "tenderer_person": "李明（演示）",
    "tenderer_phone": "0871-60000001",
    "tenderer_email": "zhaobiao@example.cn",
}
BIDS = {"bidder1": "12345678.90", "bidder2": "12600000.00", "bidder3": "12980000.00"}
"""Who bids, and at which price in yuan."""
FIRMS = {f"bidder{number}": samples.firm(30 + number) for number in range(1, 5)}
"""For whom the bidders act."""
COMMITTEE = ("expert1", "expert2", "expert3", "expert4", "rep1")
HOLDERS = ("centre", "province", "notary", "reserve")
"""The bodies that hold shares beside the tenderer's, by their folders."""
DEPOSIT = {
    "bidder_code": samples.firm(31),
    "form": "4",
    "amount": "270000.00",
    "payer_name": "云南示例建工集团有限公司",
    "payer_account": "25010000000000031",
    "bank": "示例银行昆明分行",
}
"""What the bank's slip of the first bidder says."""
WITNESS = "witness2"
"""Who witnesses for the centre; she signs in with one-time codes."""
HOST = {"person_name": "李明（演示）", "person_role": "招标人代表"}
MEMBERS = (
    {"person_name": "郑培元（演示）", "person_role": "评标专家"},
    {"person_name": "钱思源（演示）", "person_role": "评标专家"},
    {"person_name": "何静怡（演示）", "person_role": "评标专家"},
    {"person_name": "罗世昌（演示）", "person_role": "评标专家"},
    {"person_name": "林岚（演示）", "person_role": "招标人代表"},
)
"""Who sits in the committee, as the witness sees them come and go."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who tenders: clerk and reviewer, the folder of its body, and what its project says."""

    clerk: str
    reviewer: str
    body: str
    project: Mapping[str, str]
    contacts: Mapping[str, str]


SCHOOL = Party("clerk", "reviewer", "school", PROJECT, CONTACTS)
"""The school, which holds its tender itself."""
AGENCY = Party(
    "agency",
    "reviewer",
    "school",
    PROJECT
    | {
        "project_name": "昆明市示例第一中学体育馆建设工程",
        "invest_project_code": "2610-530102-04-01-323456",
        "approval_name": "关于体育馆建设工程可行性研究报告的批复",
        "approval_number": "示例发改〔2026〕97号",
        "legal_person": "昆明市示例第一中学",
        "tender_name": "昆明市示例第一中学体育馆建设工程施工",
        "content": "体育馆土建、安装和室外工程施工",
        "tenderer_name": "昆明市示例第一中学",
        "tenderer_code": samples.firm(1),
        "organise_form": "2",
        "agency_name": "云南示例招标代理有限公司",
        "agency_code": samples.firm(2),
    },
    CONTACTS
    | {
        "agency_address": "昆明市盘龙区示例路8号",
        "agency_person": "陈静（演示）",
        "agency_phone": "0871-60000002",
        "agency_email": "daili@example.cn",
    },
)
"""The same school through its agency, whose clerk acts and the school's reviewer looks again."""
COUNTY = Party(
    "county",
    "county2",
    "county",
    PROJECT
    | {
        "project_name": "安宁市示例片区道路提升改造工程",
        "region_code": "530181",
        "invest_project_code": "2610-530181-04-01-423456",
        "address": "安宁市连然街道示例路",
        "scale": "道路全长 1.2 公里，红线宽 24 米",
        "approval_name": "关于示例片区道路提升改造工程可行性研究报告的批复",
        "approval_number": "安示例发改〔2026〕33号",
        "tender_name": "安宁市示例片区道路提升改造工程施工",
        "content": "道路、排水、照明工程施工",
        "supervisor_name": "安宁市示例住房和城乡建设局",
        "approver_name": "安宁市示例发展和改革局",
    },
    CONTACTS | {"tenderer_address": "安宁市示例路3号", "tenderer_person": "杨柳（演示）"},
)
"""A tenderer of a county, a sub-organisation on the city's node."""
AGREEMENT = {
    "other_code": samples.firm(2),
    "own_side": "tenderer",
    "scope": "体育馆建设工程施工招标全过程代理",
    "commissions": tuple(Commission),
}


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a round, counted from the one on which it begins."""

    begun: date
    planned: date
    due: date

    @classmethod
    def counted_from(cls, today: date) -> "Days":
        """Return days that leave every period its length, whatever holidays lie in it."""
        planned = today + timedelta(days=31)
        due = planned + timedelta(days=32)
        weekend = max(due.weekday() - FRIDAY, 0)
        return cls(today, planned, due + timedelta(days=(0, 2, 1)[weekend]))

    @property
    def drawn(self) -> date:
        """Return when the committee is drawn."""
        return self.due - timedelta(days=1)

    @property
    def awarded(self) -> date:
        """Return when the publicity of the candidates is over."""
        return self.due + timedelta(days=14)

    @property
    def due_at(self) -> str:
        """Return when bids are due and opened, as it is typed."""
        return f"{self.due:%Y-%m-%d} 09:00"


def paper(name: str) -> File:
    """Return a small PDF under a name, which also stands in it: two names are two papers."""
    return (name, PAPER + f"% {name}\n".encode(), "application/pdf")


def marks(form: Form, turn: int) -> dict[str, str]:
    """Return a member's points: technical ones differ, those that facts decide do not."""
    points = {name for name in form.names if name.endswith("-points")}
    technical = ("5.5", "6.0", "6.5")[turn % 3]
    return {name: technical if name.startswith("technical") else "3" for name in points}

"""What the people of the rehearsal write into forms: a made-up project, its bids, its committee."""

from gongheng.node.rehearsal.forms import Form
from gongheng.node.rehearsal.visitor import File

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
PLANNED_ON = "2026-11-12"
DRAWN_ON = "2026-12-03"
BIDS_DUE_AT = "2026-12-04 09:00"
JSON = "application/json"
CONTACTS = {
    "tenderer_address": "昆明市五华区示例路1号",
    "tenderer_person": "李明（演示）",
    "tenderer_phone": "0871-60000001",
    "tenderer_email": "zhaobiao@example.cn",
}
BIDS = {"bidder1": "12345678.90", "bidder2": "12600000.00", "bidder3": "12980000.00"}
"""Who bids, and at which price in yuan."""
COMMITTEE = ("expert1", "expert2", "expert3", "expert4", "rep1")
HOLDERS = ("school", "centre", "province", "notary", "reserve")
"""The bodies that hold shares, by their folders."""


def paper(name: str) -> File:
    """Return a small PDF under a name."""
    return (name, PAPER, "application/pdf")


def marks(form: Form, turn: int) -> dict[str, str]:
    """Return a member's points: technical ones differ, those that facts decide do not."""
    points = {name for name in form.names if name.endswith("-points")}
    technical = ("5.5", "6.0", "6.5")[turn % 3]
    return {name: technical if name.startswith("technical") else "3" for name in points}

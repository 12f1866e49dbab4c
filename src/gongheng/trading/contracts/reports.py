"""A contract as the text that is signed, and as a row of the standard."""

from datetime import datetime

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.data.standard.times import wire_time
from gongheng.kernel.money import capitals, written
from gongheng.trading.contracts.models import Contract
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.reports import RENMINBI, YUAN, given, sender

DATASET = "CONTRACT_PERFORMANCE"
AMOUNT = "1"
OF_THE_MOMENT = "DATA_TIMESTAMP"


def text_of(contract: Contract) -> dict[str, object]:
    """Return everything that the sides agree on, as JSON values."""
    partners = [[each["name"], each["code"]] for each in contract.partners]
    return ({"partners": partners} if partners else {}) | {
        "number": contract.number,
        "name": contract.name,
        "lot": contract.case.code,
        "tenderer": [contract.tenderer_name, contract.tenderer_code],
        "winner": [contract.winner_name, contract.winner_code],
        "subject": contract.subject,
        "price": f"{contract.price:.2f}",
        "duration_days": contract.duration_days,
        "quality": contract.quality,
        "project_manager": contract.project_manager,
        "bond_amount": f"{contract.bond_amount:.2f}",
        "clauses": contract.clauses,
    }


def contract_body(contract: Contract, *, lot: Lot, now: datetime) -> dict[str, str]:
    """Return a concluded contract as a row of the standard, as it would go out now (B-09)."""
    concluded = contract.concluded_at or now
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "CONTRACT_NAME": contract.name,
            "TENDERER_NAME": contract.tenderer_name,
            "TENDER_CODE": contract.tenderer_code,
            "BIDDER_NAME": contract.winner_name,
            "BIDDER_CODE": contract.winner_code,
            "CONTRACT_PRICE": f"{contract.price:f}",
            "PRICE_CURRENCY": RENMINBI,
            "PRICE_UNIT": YUAN,
            "PRICE_FORM_CODE": AMOUNT,
            "CONTRACT_CONTENT": summary(contract),
            "LIMITE_TIME": str(contract.duration_days),
            "QUALITY_REQUIRE": contract.quality,
            "SUBMIT_TIME": wire_time(concluded),
            "CONTRACT_SIGN_TIME": wire_time(concluded),
            **sender(now),
        }
    )


def summary(contract: Contract) -> str:
    """Return what the public reads of a contract: parties, object, sum, term."""
    members = "、".join(each["name"] for each in contract.partners)
    together = f"（联合体牵头人，成员：{members}）" if members else ""
    return (
        f"发包人：{contract.tenderer_name}；承包人：{contract.winner_name}{together}；"
        f"标的：{contract.subject}；合同价款：{written(contract.price)} 元"
        f"（{capitals(contract.price)}）；工期：{contract.duration_days} 日历天；"
        f"质量：{contract.quality}；项目负责人：{contract.project_manager}"
    )


def contract_published(contract: Contract, *, lot: Lot, now: datetime) -> Version:
    """Report a contract."""
    body = contract_body(contract, lot=lot, now=now)
    return records.publish(dataset=DATASET, body=body, audience=Audience.PUBLIC, now=now)

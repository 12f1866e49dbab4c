"""A case that asks for deposits, and a firm whose base account is known."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from gongheng.registers.subjects.tests.support import verified
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import actions
from gongheng.trading.deposits.facts import DepositFacts, Form
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.projects.tests.support import credit_code
from tests.cases import CLERK, NOW, OFFICER, Walk, lot_case, open_accounts
from tests.worlds import once

ACCOUNT = "530100010002"
FIRM = credit_code("91530100MA6K0010A")
OTHER_FIRM = credit_code("91530100MA6K0020B")
NAMES = {FIRM: "云岭路桥建设有限公司", OTHER_FIRM: "滇中市政工程有限公司"}
ASKED = Decimal("200000.00")


def documented(case: Case, bond: Decimal | None = ASKED) -> None:
    TenderDocument.objects.create(
        region_code=case.region_code,
        case_code=case.code,
        round_number=case.round_number,
        number=1,
        evaluation_method="comprehensive",
        bond_amount=bond,
        validity_days=90,
        duration_days=180,
        quality="合格",
        scope="全部工程",
        requirements="按招标文件执行。",
        contract_terms="按通用合同条款执行。",
        digest="cd" * 32,
        issued_at=NOW,
        saved_by=CLERK.person_id,
        saved_by_name=CLERK.name,
        saved_at=NOW,
    )


@once
def bidding(step: str = "close_bids", bond: Decimal | None = ASKED) -> Walk:
    """Return a case at a step whose documents ask for a deposit, with two registered firms."""
    open_accounts()
    _, walk = lot_case(step)
    documented(walk.fresh(), bond)
    for code, name in NAMES.items():
        verified(code, name, BASIC_ACCOUNT_NO=ACCOUNT)
    return walk


def facts(code: str = FIRM, *, at: datetime = NOW, **changes: Any) -> DepositFacts:
    known: dict[str, Any] = {
        "bidder_code": code,
        "form": Form.TRANSFER,
        "amount": ASKED,
        "payer_name": NAMES[code],
        "payer_account": ACCOUNT,
        "bank": "中国某银行昆明分行",
        "number": f"HD{code[-4:]}",
        "received_at": at,
    }
    return DepositFacts(**(known | changes))


def recorded(walk: Walk, code: str = FIRM, **changes: Any) -> Deposit:
    return actions.record(
        case_id=walk.case.pk,
        facts=facts(code, at=walk.now, **changes),
        actor=OFFICER,
        now=walk.now,
    )

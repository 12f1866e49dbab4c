"""People, a project, a tender and a lot of invented organisations, for tests of the steps of a case."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.codes import uscc
from gongheng.kernel.identifiers import uuid7
from gongheng.registers.subjects.kinds import Commission
from gongheng.registers.subjects.models import AgencyAgreement
from gongheng.trading.projects import actions
from gongheng.trading.projects.kinds import (
    Approval,
    FilingFacts,
    LotFacts,
    ProjectFacts,
    TenderProjectFacts,
)
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
CITY = "530100"


class StandingClock:
    """A legal clock that stands still."""

    def now(self) -> datetime:
        return NOW


def credit_code(body: str) -> str:
    return body + uscc.check_character(body)


TENDERER = credit_code("12530100MB1A00001")
OTHER = credit_code("12530100MB1A00002")
AGENCY = credit_code("91530100MA6K00001")
CENTRE, BUREAU = credit_code("12530100MB1A00003"), credit_code("11530100MB1A00004")
"""The bodies that run the platform, and supervise: of another type than those who trade (001-6)."""
_BODIES = {
    Role.OFFICER: CENTRE,
    Role.OPERATOR: CENTRE,
    Role.WITNESS: CENTRE,
    Role.SUPERVISOR: BUREAU,
    Role.ADMINISTRATOR: CENTRE,
    Role.SECURITY: CENTRE,
    Role.AUDITOR: CENTRE,
}


def person(name: str, *, role: Role = Role.CLERK, **changes: Any) -> Account:
    facts: dict[str, Any] = {
        "username": name,
        "password": "demo",
        "display_name": name,
        "organisation_code": _BODIES.get(role, TENDERER),
        "organisation_name": "昆明市城市建设中心",
        "region_code": CITY,
        "roles": [role],
        "now": datetime(2026, 1, 1, tzinfo=BEIJING),
        "is_demo": True,
    }
    return identity.create_account(**(facts | changes))


def actor(account: Account) -> Actor:
    return acting(account, now=NOW, address="192.0.2.1")


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def project_facts(**changes: Any) -> ProjectFacts:
    facts: dict[str, Any] = {
        "name": "昆明市盘龙区龙泉路道路提升改造工程",
        "region_code": "530103",
        "relate_code": "1",
        "invest_project_code": "2609-530103-04-01-123456",
        "address": "昆明市盘龙区龙泉路",
        "legal_person": "昆明市城市建设中心",
        "industry": "E48",
        "fund_source": "市级财政资金",
        "scale": "道路全长2.6公里",
        "contact_name": "王芳",
        "contact_phone": "0871-60000000",
        "approval_name": "关于龙泉路提升改造工程可行性研究报告的批复",
    }
    return ProjectFacts(**(facts | changes))


def tender_facts(**changes: Any) -> TenderProjectFacts:
    facts: dict[str, Any] = {
        "procedure": "works_open",
        "name": "龙泉路道路提升改造工程施工",
        "is_statutory": True,
        "category": "A02",
        "content": "道路、排水、照明工程施工",
        "tenderer_name": "昆明市城市建设中心",
        "tenderer_code": TENDERER,
        "organise_form": "1",
        "supervisor_name": "昆明市住房和城乡建设局",
        "approver_name": "昆明市发展和改革委员会",
        "reporter": "王芳",
    }
    return TenderProjectFacts(**(facts | changes))


def lot_facts(**changes: Any) -> LotFacts:
    facts: dict[str, Any] = {
        "name": "施工一标段",
        "content": "K0+000至K1+300段施工",
        "classification": "A080101",
        "estimate": Decimal("13500000.00"),
        "qualification": "具有市政公用工程施工总承包二级及以上资质",
        "duration_days": 180,
    }
    return LotFacts(**(facts | changes))


def tender_of(who: Actor, **changes: Any) -> TenderProject:
    return actions.register(
        project=project_facts(), tender_project=tender_facts(**changes), actor=who, now=NOW
    )


def lot_of(tender: TenderProject, who: Actor, **changes: Any) -> Lot:
    return actions.add_lot(
        tender_project_id=tender.pk, facts=lot_facts(**changes), actor=who, now=NOW
    )


def approval(**changes: Any) -> Approval:
    facts: dict[str, Any] = {
        "name": "关于龙泉路提升改造工程可行性研究报告的批复",
        "number": "昆发改审批〔2026〕88号",
        "authority": "昆明市发展和改革委员会",
        "on": date(2026, 9, 1),
    }
    return Approval(**(facts | changes))


def filing_facts(**changes: Any) -> FilingFacts:
    facts: dict[str, Any] = {"approval": approval(), "file": "批复.pdf", "digest": "ab" * 32}
    return FilingFacts(**(facts | changes))


def agreement(
    starts_on: date,
    ends_on: date,
    *,
    is_confirmed: bool = True,
    commissions: Iterable[Commission] = Commission,
) -> AgencyAgreement:
    """Let the agency be engaged by the tenderer on these days."""
    return AgencyAgreement.objects.create(
        region_code="530100",
        tenderer_code=TENDERER,
        tenderer_name="昆明市城市建设中心",
        agency_code=AGENCY,
        agency_name="云南示例招标代理有限公司",
        scope="施工招标代理",
        commissions=list(commissions),
        starts_on=starts_on,
        ends_on=ends_on,
        document_name="委托协议.pdf",
        document_digest="0" * 64,
        registered_by=uuid7(),
        registered_by_code=TENDERER,
        registered_at=NOW,
        confirmed_by=uuid7() if is_confirmed else None,
        confirmed_at=NOW if is_confirmed else None,
    )

"""Works tenders of the demonstration, registered and published by the rooms' own actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING, DEMO_STARTS_AT
from gongheng.node.demo.people import HOSPITAL, SCHOOL
from gongheng.trading.notices import actions as notices, drafts
from gongheng.trading.projects import actions as projects
from gongheng.trading.projects.kinds import (
    SELF_ORGANISED,
    THROUGH_AGENCY,
    LotFacts,
    ProjectFacts,
    TenderProjectFacts,
)
from gongheng.trading.projects.models import TenderProject
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True)
class Tender:
    """One invented tender: lots as pairs of name and estimate in ten thousand yuan.

    ``is_published`` tells whether its notice is out; the others wait for the visitor to go on.
    """

    days_before: int
    clerk: str
    region: str
    name: str
    scale: str
    work: str
    lots: tuple[tuple[str, int], ...]
    has_agency: bool = False
    is_published: bool = True


TENDERS = (
    Tender(
        26,
        "clerk2",
        "530111",
        "昆明市示例人民医院门诊楼改扩建工程",
        "建筑面积 2.4 万平方米，地上六层",
        "施工图范围内的建筑、安装和装饰工程",
        (("施工", 12860),),
        has_agency=True,
    ),
    Tender(
        20,
        "clerk",
        "530102",
        "昆明市示例第一中学运动场改造工程",
        "四百米跑道一处，看台 1200 座",
        "运动场及附属设施施工",
        (("施工", 1680),),
    ),
    Tender(
        12,
        "clerk2",
        "530103",
        "昆明市盘龙区示例片区老旧小区改造工程",
        "涉及 14 个小区、居民 2860 户",
        "外墙、管网、道路和消防设施改造",
        (("施工一标段", 4320), ("施工二标段", 3950)),
        has_agency=True,
    ),
    Tender(
        6,
        "clerk",
        "530114",
        "昆明市呈贡区示例河道综合治理工程",
        "治理河道 8.6 公里",
        "清淤、护岸和生态修复",
        (("施工", 5240),),
    ),
    Tender(
        2,
        "clerk",
        "530112",
        "昆明市西山区示例路道路提升改造工程",
        "道路全长 3.2 公里，红线宽 40 米",
        "道路、排水、照明和绿化工程",
        (("施工一标段", 2750), ("施工二标段", 2310)),
    ),
    Tender(
        0,
        "clerk",
        "530102",
        "昆明市示例第一中学教学楼建设工程",
        "建筑面积 1.2 万平方米，地上五层",
        "教学楼土建、安装和室外工程",
        (("施工", 4680),),
        is_published=False,
    ),
)
_AGENCY = "云南示例招标代理有限公司"
_CONTACTS = {
    "tenderer_address": "云南省昆明市示例路1号",
    "tenderer_person": "李明（演示）",
    "tenderer_phone": "0871-60000001",
    "tenderer_email": "zhaobiao@example.cn",
}
_AGENCY_CONTACTS = {
    "agency_address": "云南省昆明市示例路8号",
    "agency_person": "陈静（演示）",
    "agency_phone": "0871-60000002",
    "agency_email": "daili@example.cn",
}
_OWNERS = {"clerk": (samples.firm(1), SCHOOL), "clerk2": (samples.firm(11), HOSPITAL)}


def load() -> None:
    """Register every tender at its own legal time; publish the notices that are out."""
    for number, tender in enumerate(TENDERS, start=1):
        at = DEMO_STARTS_AT - timedelta(days=tender.days_before, hours=1)
        actor = _actor(tender.clerk)
        registered = _register(tender, number, actor, at)
        if tender.is_published:
            _publish(registered, actor, at + timedelta(minutes=40))


def _actor(username: str) -> Actor:
    account = identity.account_named(username)
    if account is None:
        msg = f"no account {username}: people come first"
        raise LookupError(msg)
    return Actor(
        account_id=account.pk,
        username=account.username,
        name=account.display_name,
        organisation_code=account.organisation_code,
        organisation_name=account.organisation_name,
        region_code=account.region_code,
        roles=identity.roles_of(account, now=DEMO_STARTS_AT),
    )


def _register(tender: Tender, number: int, actor: Actor, at: datetime) -> TenderProject:
    owner_code, owner = _OWNERS[tender.clerk]
    registered = projects.register(
        project=ProjectFacts(
            name=tender.name,
            region_code=tender.region,
            relate_code="1",
            address=f"云南省昆明市示例路{number}号",
            legal_person=owner,
            industry="E48" if "道" in tender.name else "E47",
            fund_source="市级财政资金",
            scale=tender.scale,
            contact_name=actor.name,
            contact_phone="0871-60000001",
            approval_name=f"关于{tender.name}可行性研究报告的批复",
            approval_number=f"示例发改〔2026〕{number}号",
            approval_authority="昆明市示例发展和改革委员会",
            invest_project_code=f"2026-530100-47-01-{number:06d}",
        ),
        tender_project=TenderProjectFacts(
            name=f"{tender.name}施工",
            is_statutory=True,
            category="A01",
            content=tender.work,
            tenderer_name=owner,
            tenderer_code=owner_code,
            organise_form=THROUGH_AGENCY if tender.has_agency else SELF_ORGANISED,
            supervisor_name="昆明市示例住房和城乡建设局",
            approver_name="昆明市示例发展和改革委员会",
            reporter=actor.name,
            agency_name=_AGENCY if tender.has_agency else "",
            agency_code=samples.firm(2) if tender.has_agency else "",
        ),
        actor=actor,
        now=at,
    )
    for name, estimate in tender.lots:
        projects.add_lot(
            tender_project_id=registered.pk,
            facts=LotFacts(
                name=f"{tender.name}{name}",
                content=tender.work,
                classification="A080200",
                estimate=Decimal(estimate) * 10_000,
                qualification="具备相应专业施工总承包二级及以上资质，安全生产许可证有效。",
                begin_on=(at + timedelta(days=75)).date(),
                duration_days=300,
            ),
            actor=actor,
            now=at,
        )
    return registered


def _publish(tender: TenderProject, actor: Actor, at: datetime) -> None:
    values = _as_typed(drafts.form_of(tender, values=None, actor=actor, now=at).initial)
    values |= _CONTACTS | (_AGENCY_CONTACTS if tender.has_agency else {})
    draft = notices.save_draft(
        tender_project_id=tender.pk, values=values, number=0, actor=actor, now=at
    )
    notices.publish(draft_id=draft.pk, number=draft.number, actor=actor, now=at)


def _as_typed(initial: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's beginnings as a person would have typed them."""
    return {
        name: f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        if isinstance(value, datetime)
        else value
        for name, value in initial.items()
    }
